"""Papers are checked, signed and archived; what somebody kept in them although the ledger has moved on is written beside it."""

from django.db import migrations, models

KEY = 120


class Migration(migrations.Migration):
    """The steps of a paper's life."""

    dependencies = [("foundation", "0009_invitation")]
    operations = [
        *(
            migrations.AddField("Paper", f"{step}_{what}", field)
            for step in ("checked", "signed", "archived")
            for what, field in (("on", models.DateField(null=True)), ("by", models.CharField(blank=True, default="", max_length=KEY)))
        ),
        migrations.AddField("Paper", "kept", models.JSONField(default=list)),
        migrations.AddField("Paper", "retention", models.CharField(blank=True, default="", max_length=10)),
        migrations.AddIndex("Paper", models.Index(fields=["state"], name="paper_state")),
    ]
