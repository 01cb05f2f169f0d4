"""One model, tracked by whatever BIHUAN_BENCH_TRACKER names."""

import os
from importlib import import_module

from django.db import models

TRACKER = os.environ.get("BIHUAN_BENCH_TRACKER", "")


class Project(models.Model):
    """A project with a code, an office and an amount in 分."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    office = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    if TRACKER == "django-simple-history":
        history = import_module("simple_history.models").HistoricalRecords()

    class Meta:
        app_label = "tracked_rows"

    def __str__(self) -> str:
        return self.name


if TRACKER == "django-auditlog":
    import_module("auditlog.registry").auditlog.register(Project)
