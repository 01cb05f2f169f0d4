"""How Django knows the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The application that holds the pages; it has no tables."""

    name = "bihuan.portal"
    label = "portal"
