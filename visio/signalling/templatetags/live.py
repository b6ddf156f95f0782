"""How the live page writes figures and words of the media workers."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

register = template.Library()
NOTHING = "\N{EN DASH}"

WORDS = {
    "JOINING": _("coming in"),
    "JOINED": _("connecting"),
    "ACTIVE": _("connected"),
    "DISCONNECTED": _("leaving"),
    "excellent": _("excellent"),
    "good": _("good"),
    "poor": _("poor"),
    "lost": _("lost"),
    "camera": _("camera"),
    "microphone": _("microphone"),
    "screen_share": _("shared screen"),
    "screen_share_audio": _("sound of the shared screen"),
    "unknown": _("other"),
    "sent": _("sent"),
    "paused": _("paused"),
    "starved": _("no room on the connection"),
    "negotiating": _("being negotiated"),
    "unwanted": _("not wanted"),
    "none": _("none yet"),
}


@register.filter
def word(value: str) -> str:
    """Give a worker's word in the person's language; names such as UDP stay."""
    return str(WORDS.get(value, value.upper()))


@register.filter
def rate(bps: float | None) -> str:
    """Write bits per second."""
    if bps is None:
        return NOTHING
    return f"{number_format(bps / 1e6, 1)} Mbit/s" if bps >= 1e6 else f"{number_format(bps / 1e3, 0)} kbit/s"


@register.filter
def percent(share: float | None) -> str:
    """Write a share of one."""
    return NOTHING if share is None else f"{number_format(share * 100, 1)} %"


@register.filter
def milliseconds(value: float | None) -> str:
    """Write a time."""
    return NOTHING if value is None else f"{number_format(value, 0)} ms"
