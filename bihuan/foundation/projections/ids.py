"""Ids given by the projection: the next whole number, the same at every replay."""

from django.db.models import Max, Model


def next_id(model: type[Model], using: str) -> int:
    """One more than the largest id of the table; rows are never deleted, so no id is given twice."""
    largest: int | None = model._default_manager.using(using).aggregate(largest=Max("id"))["largest"]
    return (largest or 0) + 1
