"""What the tests of a module start from, built once: every test nests in its transaction, and it is rolled back behind the last."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def standing(blocker: DjangoDbBlocker, build: Callable[[], object]) -> Iterator[None]:
    """What `build` makes, in a transaction that lasts as long as the block and leaves nothing behind."""
    with blocker.unblock(), transaction.atomic():
        build()
        yield
        transaction.set_rollback(True)
