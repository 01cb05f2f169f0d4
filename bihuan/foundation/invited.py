"""The table of invitations; `models` takes it up with all others."""

from typing import ClassVar

from django.db import models

from bihuan.foundation.sizes import KEY, NAME


class Invitation(models.Model):
    """A door opened once for an enterprise or a citizen: the digest of its token, never the token."""

    id = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20)
    enterprise = models.CharField(max_length=KEY, blank=True)
    name = models.CharField(max_length=NAME, blank=True)  # personal: the ledger holds a commitment
    made_by = models.CharField(max_length=KEY)
    made_at = models.DateTimeField()
    expires = models.DateTimeField()
    state = models.CharField(max_length=10)  # open, used, revoked
    username = models.CharField(max_length=KEY, blank=True)  # whose account it became
    seq = models.BigIntegerField()

    class Meta:
        app_label = "foundation"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["state", "made_by"], name="invitation_open")]

    def __str__(self) -> str:
        return f"{self.role} {self.enterprise}"
