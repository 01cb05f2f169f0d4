"""Personal data apart from the ledger: the ledger holds a commitment, the `Secret` table the salt and the value.

A commitment is the digest of the salt followed by the value's canonical text. It proves what was written without saying it;
once the salt and the value are gone it says nothing about anybody, and the chain still verifies.
"""

import json
import secrets
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from bihuan.foundation.ledger import canonical, digest
from bihuan.foundation.models import Secret

MARK = "commitment"
"""A body has {"commitment": digest} where the value would stand."""


def committed(value: object, subject: str, using: str = "default") -> object:
    """Keep a value apart and give what the body holds instead; nothing (None, empty text) stays as it is."""
    if value is None or value == "":
        return value
    salt = secrets.token_hex(32)
    text = canonical(value)
    commitment = digest(settings.BIHUAN_HASH, salt + text)
    Secret.objects.using(using).create(commitment=commitment, salt=salt, value=text, subject=subject)
    return {MARK: commitment}


def opened(value: Any, using: str = "default") -> Any:
    """The same structure with every commitment replaced by its value, or by None where it was erased."""
    found = list(_commitments(value))
    if not found:
        return value
    known: dict[str, object] = {}
    for start in range(0, len(found), 500):
        part = Secret.objects.using(using).filter(commitment__in=found[start : start + 500], erased=False)
        known.update((secret.commitment, json.loads(secret.value)) for secret in part)
    return _replaced(value, known)


def forget(subject: str, using: str = "default") -> int:
    """Empty every secret about a subject; gives how many. The commitments stay, and prove only that something was here."""
    return Secret.objects.using(using).filter(subject=subject, erased=False).update(salt="", value="", erased=True)


def broken(using: str = "default") -> Iterator[str]:
    """The commitments whose kept value no longer answers to them: somebody changed personal data behind the ledger's back."""
    for secret in Secret.objects.using(using).filter(erased=False).iterator(chunk_size=1000):
        if secret.commitment not in (digest(name, secret.salt + secret.value) for name in ("sha256", settings.BIHUAN_HASH)):
            yield secret.commitment


def _commitments(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {MARK}:
            yield value[MARK]
        else:
            for item in value.values():
                yield from _commitments(item)
    elif isinstance(value, list):
        for item in value:
            yield from _commitments(item)


def _replaced(value: Any, known: dict[str, object]) -> Any:
    if isinstance(value, dict):
        if set(value) == {MARK}:
            return known.get(value[MARK])
        return {key: _replaced(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, known) for item in value]
    return value
