"""The switch of look, the texts of browser modules, and the pages for errors."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe
from django.views.defaults import page_not_found
from django.views.i18n import JavaScriptCatalog

from suite.lib.outages import AWAY
from suite.theme.forms import LookForm
from suite.theme.looks import remember

RETRY_AFTER_S = 10
API = "/api/"

catalog = gzip_page(cache_control(no_cache=True)(JavaScriptCatalog.as_view()))


@require_POST
def choose_look(request: HttpRequest) -> HttpResponse:
    """Keep the chosen look and go back to the page it was chosen on."""
    form = LookForm(request.POST)
    response = HttpResponseRedirect(_safe_next(request))
    if form.is_valid():
        remember(response, form.cleaned_data["look"])
    return response


def _safe_next(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return "/"


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Tell search engines to keep to the home page: links of rooms are for those who were sent them."""
    return HttpResponse("User-agent: *\nAllow: /$\nAllow: /static/\nDisallow: /\n", content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing here: to programs under API in the form of its other errors, else with a page."""
    if request.path.startswith(API):
        return JsonResponse({"code": "not_found", "detail": _("There is nothing here")}, status=404)
    return page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Explain a failure of ours: 503 when a service behind us is away for a moment, else 500."""
    if isinstance(sys.exc_info()[1], AWAY):
        response = render(request, "503.html", status=503)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response
    return render(request, "500.html", status=500)
