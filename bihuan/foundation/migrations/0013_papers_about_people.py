"""A paper may be about a person."""

from django.db import migrations, models

KEY = 120


class Migration(migrations.Migration):
    dependencies = [("foundation", "0012_quotas")]
    operations = [migrations.AddField("paper", "member", models.CharField(max_length=KEY, blank=True, default=""))]
