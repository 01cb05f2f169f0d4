"""A clock remembers what somebody has asked for and nobody has answered."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Duties learn of requests."""

    dependencies = [("foundation", "0007_payments")]
    operations = [
        migrations.AddField("duty", "asked", models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField("duty", "request", models.JSONField(default=dict)),
        migrations.AddIndex("duty", models.Index(condition=Q(closed_on__isnull=True) & ~Q(asked=""), fields=["asked"], name="duty_asked")),
    ]
