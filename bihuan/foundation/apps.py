"""How Django knows the foundation."""

from django.apps import AppConfig
from django.core import checks

from bihuan.databases import durable


class FoundationConfig(AppConfig):
    """The application that holds every table, and refuses a database that could lose them."""

    name = "bihuan.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have `check` and `migrate` look at the database before they use it."""
        checks.register(durable, checks.Tags.database)
