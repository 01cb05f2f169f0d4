"""How Django knows the foundation."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The application that holds every table."""

    name = "bihuan.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
