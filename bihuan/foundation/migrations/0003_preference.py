"""How somebody likes to see things, and how far they have read: no record, and nobody's duty."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One row for who ever chose something."""

    dependencies: ClassVar = [("foundation", "0002_append_only")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="preference", serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("read_to", models.DateTimeField(null=True)),
                ("tours", models.JSONField(default=list)),
                ("large", models.BooleanField(default=False)),
            ],
        ),
    ]  # fmt: skip
