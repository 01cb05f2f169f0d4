"""The addresses of the site: all of them are the portal's."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("bihuan.portal.urls"))]

handler400 = "bihuan.portal.errors.bad_request"
handler403 = "bihuan.portal.errors.not_allowed"
handler404 = "bihuan.portal.errors.not_found"
handler500 = "bihuan.portal.errors.failed"
