"""Small pieces of the pages' look: icons, form fields, initials."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from suite.theme.modules import needed

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of our sprite; it is decoration, the text beside it says what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag
def preload(entry: str, besides: str = "") -> SafeString:
    """Name all modules that `entry` needs, without those that the entry `besides` brings."""
    known = set(needed(besides)) if besides else set()
    links = ((static(path),) for path in needed(entry) if path not in known)
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', links)


@register.inclusion_tag("theme/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Draw a labelled form field with its help and errors tied to it for screen readers."""
    parts = [
        f"{bound.id_for_label}_errors" if bound.errors else "",
        f"{bound.id_for_label}_help" if bound.help_text else "",
    ]
    attributes: dict[str, Any] = {"aria-describedby": " ".join(part for part in parts if part) or None}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    widget = bound.as_widget(attrs={name: value for name, value in attributes.items() if value})
    shown = bound.as_hidden(only_initial=True) if bound.field.show_hidden_initial else ""
    return {
        "field": bound,
        "widget": widget,
        "shown": shown,
        "is_choice": isinstance(bound.field.widget, forms.RadioSelect),
    }


@register.filter
def initials(name: str) -> str:
    """Give the one or two letters that stand for a person without a picture."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"
