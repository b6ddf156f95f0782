"""Webhooks in the administration: what has not arrived and why, and a way to send it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from visio.integration import webhooks
from visio.integration.models import Delivery
from visio.integration.tasks import deliver_due

if TYPE_CHECKING:
    DeliveryTable = admin.ModelAdmin[Delivery]
else:
    DeliveryTable = admin.ModelAdmin


@admin.action(description=_("Send the selected webhooks that failed again"))
def send_again(model_admin: DeliveryAdmin, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
    """Let deliveries that were given up begin anew."""
    count = 0
    for delivery in queryset:
        if webhooks.again(delivery, timezone.now()):
            count += 1
            model_admin.log_change(request, delivery, "sent again")
    deliver_due.delay()
    text = ngettext("%(count)d webhook is sent again.", "%(count)d webhooks are sent again.", count)
    messages.success(request, text % {"count": count})


@admin.register(Delivery)
class DeliveryAdmin(DeliveryTable):
    """Webhooks; nobody changes what happened."""

    list_display = ("event", "state", "url", "created_at", "attempts", "answer")
    list_filter = ("state", "event")
    search_fields = ("event_id", "room", "url")
    fields = readonly_fields = (
        *("event", "event_id", "state", "url", "room", "created_at"),
        *("attempts", "due_at", "answer", "body"),
    )
    actions = (send_again,)

    def has_add_permission(self, *_: Any, **__: Any) -> bool:
        """Say no: media workers report what happens."""
        return False
