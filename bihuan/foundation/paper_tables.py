"""The table of official papers; `models` has it with the others."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bihuan.foundation.sizes import KEY, NAME


class Paper(models.Model):
    """An official paper: drafted from the ledger, checked, signed, numbered when issued and then frozen, put into the archive.

    It is about a row, or a person (`member`, a username), or the whole city.
    `kept` are figures that somebody kept as they stand although the ledger has others now: [{key, title, was, now, reason, by, on}].
    """

    WAITING = ("draft", "checked", "signed")
    OUT = ("issued", "archived")
    """States before and after the number."""

    id = models.BigIntegerField(primary_key=True)
    mechanism = models.CharField(max_length=KEY)
    document = models.CharField(max_length=60)
    register = models.CharField(max_length=KEY, blank=True)
    entry = models.ForeignKey("foundation.Entry", on_delete=models.PROTECT, null=True, related_name="papers")
    member = models.CharField(max_length=KEY, blank=True, default="")
    period = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10)  # draft, checked, signed, issued, archived, dropped
    title = models.CharField(max_length=NAME)
    recipient = models.CharField(max_length=NAME, blank=True)
    year = models.IntegerField(null=True)
    serial = models.IntegerField(null=True)
    number = models.CharField(max_length=KEY, blank=True)
    content = models.JSONField()
    drafted_on = models.DateField()
    drafted_by = models.CharField(max_length=KEY)
    checked_on = models.DateField(null=True)
    checked_by = models.CharField(max_length=KEY, blank=True, default="")
    signed_on = models.DateField(null=True)
    signed_by = models.CharField(max_length=KEY, blank=True, default="")
    issued_on = models.DateField(null=True)
    issued_by = models.CharField(max_length=KEY, blank=True)
    archived_on = models.DateField(null=True)
    archived_by = models.CharField(max_length=KEY, blank=True, default="")
    retention = models.CharField(max_length=10, blank=True, default="")
    kept = models.JSONField(default=list)
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mechanism", "document", "year", "serial"], condition=Q(serial__isnull=False), name="paper_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mechanism", "document", "period"], name="paper_period"),
            models.Index(fields=["state"], name="paper_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def out(self) -> bool:
        """Whether it has left the house: issued, and perhaps in the archive by now."""
        return self.state in self.OUT
