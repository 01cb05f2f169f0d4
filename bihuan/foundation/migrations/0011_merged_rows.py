"""A row can be merged into another of its register, and two rows can be told apart."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

KEY = 120


class Migration(migrations.Migration):
    """Which row a row was merged into, and the table of pairs that are two things."""

    dependencies = [("foundation", "0010_life_of_papers")]
    operations = [
        migrations.AddField(
            "Entry", "merged_into",
            models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="foundation.entry"),
        ),
        migrations.CreateModel(
            "Apart",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="apart_from", to="foundation.entry")),
                ("second", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="apart_to", to="foundation.entry")),
                ("by", models.CharField(max_length=KEY)),
                ("on", models.DateField()),
                ("reason", models.TextField(blank=True)),
                ("undone", models.BooleanField(default=False)),
                ("seq", models.BigIntegerField()),
            ],
            options={"ordering": ["id"], "verbose_name_plural": "apart"},
        ),
        migrations.AddConstraint("Apart", models.UniqueConstraint(condition=Q(undone=False), fields=["first", "second"], name="apart_once")),
    ]  # fmt: skip
