"""Keyboard shortcuts of the call: which there are, and which keys a person may give them. Pure.

Keys are written as in `aria-keyshortcuts`: `Control+D`. `Control` stands for Command on a Mac.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Shortcut(TextChoices):
    """What a shortcut does."""

    MICROPHONE = "microphone", _("Microphone on or off")
    CAMERA = "camera", _("Camera on or off")
    TALK = "talk", _("Speak while the keys are held")
    HAND = "hand", _("Raise or lower the hand")
    CHAT = "chat", _("Chat")
    PEOPLE = "people", _("People")
    SHARE = "share", _("Share the screen")
    LAYOUT = "layout", _("Next layout")
    ANNOUNCE = "announce", _("Say who speaks and what is on")
    HELP = "help", _("Show the keyboard shortcuts")
    LEAVE = "leave", _("Leave the meeting")


KEYS = re.compile(r"(?P<modifiers>(?:Control\+)?(?:Alt\+)?(?:Shift\+)?)(?P<key>[A-Z0-9]|F[1-9]|F1[0-2]|Space)")
DEFAULTS = {
    Shortcut.MICROPHONE: "Control+D",
    Shortcut.CAMERA: "Control+E",
    Shortcut.TALK: "Control+Space",
    Shortcut.HAND: "Alt+Shift+H",
    Shortcut.CHAT: "Alt+Shift+C",
    Shortcut.PEOPLE: "Alt+Shift+P",
    Shortcut.SHARE: "Alt+Shift+S",
    Shortcut.LAYOUT: "Alt+Shift+L",
    Shortcut.ANNOUNCE: "Alt+Shift+W",
    Shortcut.HELP: "Alt+Shift+K",
    Shortcut.LEAVE: "Alt+Shift+Q",
}
SINGLES = {
    Shortcut.MICROPHONE: "M",
    Shortcut.CAMERA: "V",
    Shortcut.TALK: "Space",
    Shortcut.HAND: "H",
    Shortcut.CHAT: "C",
    Shortcut.PEOPLE: "P",
    Shortcut.SHARE: "S",
    Shortcut.LAYOUT: "L",
    Shortcut.ANNOUNCE: "W",
    Shortcut.HELP: "K",
    Shortcut.LEAVE: "Alt+Shift+Q",
}
"""The defaults of those who want single keys."""
TAKEN = re.compile(
    r"Control\+Alt\+.*|Control\+[ACFLNPQRTVWXYZ0-9]|Control\+Shift\+[CIJNPQTVWZ]|Alt\+(?:[DEF]|F4|Space)|F\d+"
)
"""What browsers, screen readers and editing need: Control+Alt is AltGr on Windows and VoiceOver's on a Mac."""


def is_single(keys: str) -> bool:
    """Say whether the keys type something: no modifier, or Shift only."""
    return "Control+" not in keys and "Alt+" not in keys


def why_not(keys: str, *, single_keys: bool) -> str:
    """Give the code of what speaks against these keys: `unreadable`, `taken` or `single`; nothing when they are fit."""
    if not KEYS.fullmatch(keys):
        return "unreadable"
    if TAKEN.fullmatch(keys):
        return "taken"
    return "single" if is_single(keys) and not single_keys else ""


def effective(chosen: Mapping[str, str], *, single_keys: bool) -> dict[str, str]:
    """Give the keys of every shortcut: those chosen, else the default, unless they were chosen for another one."""
    usual = SINGLES if single_keys else DEFAULTS
    kept = {name: keys for name, keys in chosen.items() if not keys or not why_not(keys, single_keys=single_keys)}
    used = set(kept.values())
    return {
        name: kept[name] if name in kept else "" if usual[Shortcut(name)] in used else usual[Shortcut(name)]
        for name in Shortcut.values
    }


def twice(chosen: Mapping[str, str]) -> str:
    """Give a shortcut whose keys another one has as well, or nothing."""
    seen: set[str] = set()
    for name, keys in chosen.items():
        if keys and keys in seen:
            return name
        seen.add(keys)
    return ""
