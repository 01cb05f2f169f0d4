"""The red and yellow lights of now, the latest first: what a workbench shows of a million verdicts."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One index."""

    dependencies: ClassVar = [("foundation", "0004_unsent")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                fields=["-from_day", "-seq", "-id"], name="verdict_lately", condition=Q(to_day__isnull=True, colour__in=["red", "yellow"])
            ),
        ),
    ]
