"""The tables of payments; `models` has them with the others."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

KEY = 120
NAME = 300


class PayList(models.Model):
    """Who is paid what under the policies of a register, as computed for a day at a position of the ledger: drafted, reviewed, confirmed.

    `digest` is that of its lines; `rules` are the packs in force, each with number and fingerprint. Only a confirmed list has paid.
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
    total = models.BigIntegerField()  # 分
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
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["register", "state"], name="paylist_state")]

    def __str__(self) -> str:
        return self.title


class Payment(models.Model):
    """One line of a list: what one row is paid under one policy (``pack.mechanism.key``), in 分; `asked` is what it was entitled to."""

    id = models.BigIntegerField(primary_key=True)
    paylist = models.ForeignKey(PayList, on_delete=models.PROTECT, related_name="payments")
    entry = models.ForeignKey("foundation.Entry", on_delete=models.PROTECT, related_name="payments")
    policy = models.CharField(max_length=200)
    asked = models.BigIntegerField()
    amount = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paylist", "entry", "policy"], name="payment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0) & Q(asked__gte=F("amount")), name="payment_bound"),
        ]
        indexes: ClassVar = [models.Index(fields=["entry", "policy"], name="payment_entry")]

    def __str__(self) -> str:
        return f"{self.policy} {self.amount}"
