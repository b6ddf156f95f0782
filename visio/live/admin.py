"""Frozen meetings in the administration: read only, with the evidence; deleted only by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from visio.live.models import Freeze

if TYPE_CHECKING:
    FreezeTable = admin.ModelAdmin[Freeze]
else:
    FreezeTable = admin.ModelAdmin


@admin.register(Freeze)
class FreezeAdmin(FreezeTable):
    """Frozen meetings."""

    list_display = ("room_name", "at", "by_name", "told_at", "ended_at")
    search_fields = ("room_name", "slug", "by_name")
    fields = ("room_name", "slug", "at", "by_name", "told_at", "ended_at", "ended_by_name", "kept")
    readonly_fields = fields

    def has_add_permission(self, *_: Any, **__: Any) -> bool:
        """Say no: hosts freeze meetings in the call."""
        return False

    @admin.display(description=_("evidence"))
    def kept(self, freeze: Freeze) -> SafeString:
        """Show the evidence."""
        return format_html("<pre>{}</pre>", json.dumps(freeze.evidence, indent=2, ensure_ascii=False))
