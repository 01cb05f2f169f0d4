"""The addresses of the site: all of them are the portal's."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("bihuan.portal.urls"):
    urlpatterns.append(path("", include("bihuan.portal.urls")))
