"""What every table of things that are drafted, reviewed and confirmed by different people has: lists of payments and allocations alike."""

from django.db import models

KEY = 120
NAME = 300


class Drafted(models.Model):
    """Computed for a day at a position of the ledger under the packs in force (`rules`, each with number and fingerprint); who took which step when.

    `digest` is that of what it was computed as; it is confirmed only where it comes out the same.
    """

    id = models.BigIntegerField(primary_key=True)
    register = models.CharField(max_length=KEY)
    title = models.CharField(max_length=NAME)
    day = models.DateField()
    position = models.BigIntegerField()
    position_hash = models.CharField(max_length=64)
    rules = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    count = models.IntegerField()
    total = models.BigIntegerField()  # in smallest units
    state = models.CharField(max_length=10)  # drafted, reviewed, confirmed, dropped
    drafted_by = models.CharField(max_length=KEY)
    drafted_on = models.DateField()
    reviewed_by = models.CharField(max_length=KEY, blank=True)
    reviewed_on = models.DateField(null=True)
    confirmed_by = models.CharField(max_length=KEY, blank=True)
    confirmed_on = models.DateField(null=True)
    reason = models.TextField(blank=True)  # why it was laid aside
    seq = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title
