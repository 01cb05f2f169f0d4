"""Invitations: how an enterprise or a citizen comes to an account of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of invitations."""

    dependencies = [("foundation", "0008_asked_about_clocks")]
    operations = [
        migrations.CreateModel(
            "Invitation",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("role", models.CharField(max_length=20)),
                ("enterprise", models.CharField(blank=True, max_length=120)),
                ("name", models.CharField(blank=True, max_length=300)),
                ("made_by", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("state", models.CharField(max_length=10)),
                ("username", models.CharField(blank=True, max_length=120)),
                ("seq", models.BigIntegerField()),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddIndex("Invitation", models.Index(fields=["state", "made_by"], name="invitation_open")),
    ]
