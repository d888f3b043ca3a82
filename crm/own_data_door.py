"""Where a customer takes their own data: a page with one button, so that a messenger's preview takes nothing."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm import own_data
from crm.models import Access

GONE = 403  # a guessed link is counted by the door like any other stranger


@csrf_exempt  # the signed link itself is the proof, and no cookie is looked at
@never_cache
@require_http_methods(["GET", "POST"])
def own_data_door(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the button. POST: the file."""
    customer = own_data.customer_of(token)
    if customer is None:
        return TemplateResponse(request, "crm/own_data_gone.html", status=GONE)
    if request.method == "GET":
        return TemplateResponse(request, "crm/own_data_ask.html")
    now = timezone.now()
    Access.objects.create(who="—", act=Access.Act.OWN, page="own_data", customer=customer)
    return file_response(own_data.archive(customer, now=now), own_data.file_name(customer, now))


def file_response(body: bytes, name: str) -> HttpResponse:
    """Return a zip to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Robots-Tag": "noindex"}
    return HttpResponse(body, content_type="application/zip", headers=headers)
