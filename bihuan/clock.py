"""The one place that asks what time it is. Everything else is handed a time named `at`."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, in the city's time zone. In a demo city held at one day, this time of that day."""
    moment = timezone.localtime()
    held: date | None = settings.BIHUAN_TODAY
    return moment.replace(year=held.year, month=held.month, day=held.day) if held else moment


def today() -> date:
    """The city's day."""
    return now().date()
