"""The style guide's addresses, to be included by the portal only where DEBUG or BIHUAN_DEMO is on."""

from django.urls import path

from bihuan.portal.styleguide import views

app_name = "styleguide"
urlpatterns = [
    path("", views.components, name="components"),
    path("map.json", views.squares, name="squares"),
    path("drafts/", views.drafts, name="drafts"),
    path("<slug:page>/", views.page, name="page"),
]
