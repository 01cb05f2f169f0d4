"""What somebody typed and has not sent yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of unsent forms."""

    dependencies = [("foundation", "0003_preference")]
    operations = [
        migrations.CreateModel(
            name="Unsent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("member", models.CharField(max_length=120)),
                ("page", models.CharField(max_length=300)),
                ("content", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "unsent",
                "indexes": [models.Index(fields=["at"], name="unsent_at")],
                "constraints": [models.UniqueConstraint(fields=("member", "page"), name="unsent_page")],
            },
        ),
    ]
