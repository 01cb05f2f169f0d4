"""The tables of quotas; `models` has them with the others."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bihuan.foundation.drafted_table import Drafted

KEY = 120
NAME = 300


class Balance(models.Model):
    """What an account of a quota holds in a period. A row that was granted some has an account of its own beside the pool it came from.

    Only a source goes below nothing: by what it has given. The balances of a quota and period add up to nothing.
    """

    id = models.BigIntegerField(primary_key=True)
    quota = models.CharField(max_length=NAME)  # pack.mechanism.key
    period = models.CharField(max_length=10)
    account = models.CharField(max_length=NAME)  # key, or key/office
    entry = models.ForeignKey("foundation.Entry", on_delete=models.PROTECT, null=True, related_name="balances")
    source = models.BooleanField(default=False)
    amount = models.BigIntegerField()  # stored units of the field that requests ask in
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quota", "period", "account", "entry"], condition=Q(entry__isnull=False), name="balance_of_row"),
            models.UniqueConstraint(fields=["quota", "period", "account"], condition=Q(entry__isnull=True), name="balance_of_account"),
            models.CheckConstraint(condition=Q(source=True) | Q(amount__gte=0), name="balance_not_overdrawn"),
        ]
        indexes: ClassVar = [models.Index(fields=["entry", "quota"], name="balance_entry")]

    def __str__(self) -> str:
        return f"{self.quota} {self.period} {self.account} {self.amount}"


class Posting(models.Model):
    """An amount that went from one account to another: issued, transferred, granted, taken back or expired."""

    id = models.BigIntegerField(primary_key=True)
    quota = models.CharField(max_length=NAME)
    period = models.CharField(max_length=10)
    deed = models.CharField(max_length=10)  # issue, transfer, grant, return, expire
    giver = models.CharField(max_length=NAME)
    taker = models.CharField(max_length=NAME)
    entry = models.ForeignKey("foundation.Entry", on_delete=models.PROTECT, null=True, related_name="postings")
    amount = models.BigIntegerField()
    allocation = models.ForeignKey("foundation.Allocation", on_delete=models.PROTECT, null=True, related_name="postings")
    basis = models.TextField(blank=True)
    on = models.DateField()
    by = models.CharField(max_length=KEY)
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="posting_of_something")]
        indexes: ClassVar = [
            models.Index(fields=["quota", "period"], name="posting_quota"),
            models.Index(fields=["entry", "quota"], name="posting_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.giver} → {self.taker} {self.amount}"


class Allocation(Drafted):
    """Who is granted how much of a quota, or gives back how much, as computed at a position of the ledger: drafted, reviewed, confirmed.

    `digest` is that of all that was read: requests, amounts, order, values, and what the pools held (`pools`). Only a confirmed one has moved anything.
    """

    quota = models.CharField(max_length=NAME)
    purpose = models.CharField(max_length=10)  # grant, return
    period = models.CharField(max_length=10)
    pools = models.JSONField(default=dict)
    granted = models.IntegerField()
    asked = models.BigIntegerField()
    value = models.BigIntegerField()  # hundredths; 0 where no value is sought

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["quota", "state"], name="allocation_state")]


class Grant(models.Model):
    """One line of an allocation: a request, its place in the order, what it asked and gets, out of which pools, and the facts its reason is told from.

    `mark` is the digest of what was read of it; two drafts that read the same of a row have the same mark.
    """

    id = models.BigIntegerField(primary_key=True)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="grants")
    entry = models.ForeignKey("foundation.Entry", on_delete=models.PROTECT, related_name="grants")
    place = models.IntegerField()  # 0 for one that takes no part
    asked = models.BigIntegerField(null=True)  # unknown where it does not say
    amount = models.BigIntegerField()
    parts = models.JSONField(default=list)  # [[account, amount], …]
    code = models.CharField(max_length=10)
    facts = models.JSONField(default=dict)
    mark = models.CharField(max_length=16)
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["allocation", "entry"], name="grant_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="grant_not_below_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.code} {self.amount}"
