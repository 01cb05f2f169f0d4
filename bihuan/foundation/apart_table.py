"""The table of rows that somebody looked at and found to be two things; `models` has it with the others."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

KEY = 120


class Apart(models.Model):
    """Two rows of a register, the smaller id first, that are not one thing: nobody is asked again, until that is taken back."""

    id = models.BigIntegerField(primary_key=True)
    first = models.ForeignKey("foundation.Entry", on_delete=models.PROTECT, related_name="apart_from")
    second = models.ForeignKey("foundation.Entry", on_delete=models.PROTECT, related_name="apart_to")
    by = models.CharField(max_length=KEY)
    on = models.DateField()
    reason = models.TextField(blank=True)
    undone = models.BooleanField(default=False)
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name_plural = "apart"
        constraints: ClassVar = [models.UniqueConstraint(fields=["first", "second"], condition=Q(undone=False), name="apart_once")]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
