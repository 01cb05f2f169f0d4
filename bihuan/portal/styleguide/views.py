"""The style guide's views: all components on one page, each page template with its sample, and what those ask for once they are open."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from bihuan.portal.styleguide.samples import AT, PAGES, boards, gallery, shell


def components(request: HttpRequest) -> HttpResponse:
    """Every component, and links to every page."""
    context = {"shell": shell(""), "at": AT, "crumbs": [{"title": "样式手册", "href": ""}], "pages": PAGES, **gallery.SAMPLE}
    return render(request, "portal/styleguide.html", context)


def page(request: HttpRequest, page: str) -> HttpResponse:
    """One page template, filled with its sample; in the drawer's frame when htmx asks."""
    if page not in PAGES:
        raise Http404(f"没有名为 {page} 的样张")
    sample = PAGES[page]
    context = {
        "shell": shell(page),
        "at": AT,
        "crumbs": [{"title": "样式手册", "href": "/styleguide/"}, {"title": sample.title, "href": ""}],
    }
    context |= {"drawer": bool(request.headers.get("HX-Request")) and sample.drawer, **sample.context}
    target = request.headers.get("HX-Target", "")
    return render(request, sample.fragments.get(target, sample.template), context, status=sample.status)


def drafts(request: HttpRequest) -> HttpResponse:
    """What was typed into a sample and not sent: nothing."""
    return HttpResponse(status=204)


def squares(request: HttpRequest) -> JsonResponse:
    """Invented boundaries for the samples: one square an area."""
    return JsonResponse(boards.SQUARES)
