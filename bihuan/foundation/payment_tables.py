"""The tables of payments; `models` has them with the others."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bihuan.foundation.drafted_table import Drafted


class PayList(Drafted):
    """Who is paid what under the policies of a register, as computed for a day at a position of the ledger: drafted, reviewed, confirmed.

    `digest` is that of its lines, `total` in 分. Only a confirmed list has paid.
    """

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["register", "state"], name="paylist_state")]


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
