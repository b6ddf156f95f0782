"""What a person may choose for themselves, with the words for it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TextSize(TextChoices):
    """How large texts and controls are."""

    NORMAL = "normal", _("Normal")
    LARGE = "large", _("Large")
    LARGER = "larger", _("Larger")
    LARGEST = "largest", _("Largest")


class Contrast(TextChoices):
    """How strongly things stand out; `AUTO` follows the system."""

    AUTO = "auto", _("As the system says")
    MORE = "more", _("High")


class Motion(TextChoices):
    """Whether things move; `AUTO` follows the system."""

    AUTO = "auto", _("As the system says")
    LESS = "less", _("Reduced")


class Font(TextChoices):
    """The shapes of letters."""

    STANDARD = "standard", _("Standard")
    LEGIBLE = "legible", "Atkinson Hyperlegible"
    DYSLEXIA = "dyslexia", "OpenDyslexic"


class CaptionsSize(TextChoices):
    """How large captions are."""

    SMALL = "small", _("Small")
    NORMAL = "normal", _("Normal")
    LARGE = "large", _("Large")
    LARGER = "larger", _("Larger")


class CaptionsColours(TextChoices):
    """The colours of captions."""

    WHITE_ON_BLACK = "white_on_black", _("White on black")
    YELLOW_ON_BLACK = "yellow_on_black", _("Yellow on black")
    BLACK_ON_WHITE = "black_on_white", _("Black on white")
    YELLOW_ON_BLUE = "yellow_on_blue", _("Yellow on blue")


class CaptionsPosition(TextChoices):
    """Where captions stand."""

    BOTTOM = "bottom", _("At the bottom")
    TOP = "top", _("At the top")


class Announcements(TextChoices):
    """How much of what the others do a screen reader says."""

    ALL = "all", _("Everything")
    IMPORTANT = "important", _("What is important")
    NONE = "none", _("Nothing")


class Loudness(TextChoices):
    """How loud the sounds of notices are."""

    SOFT = "soft", _("Soft")
    MEDIUM = "medium", _("Medium")
    LOUD = "loud", _("Loud")


class Kind(TextChoices):
    """What a notice is about."""

    JOIN = "join", _("Somebody comes")
    LEAVE = "leave", _("Somebody leaves")
    CHAT = "chat", _("A message in the chat")
    HAND = "hand", _("A hand is raised")
    WAITING = "waiting", _("Somebody waits to be let in")
    RECORDING = "recording", _("A recording begins or ends")


CHOICES: dict[str, type[TextChoices]] = {
    "text_size": TextSize,
    "contrast": Contrast,
    "motion": Motion,
    "font": Font,
    "captions_size": CaptionsSize,
    "captions_colours": CaptionsColours,
    "captions_position": CaptionsPosition,
    "announcements": Announcements,
    "loudness": Loudness,
}
DEFAULTS = {name: kind.values[0] for name, kind in CHOICES.items()} | {
    "captions_size": CaptionsSize.NORMAL.value,
    "loudness": Loudness.MEDIUM.value,
}
"""The first choice, where no other one is usual."""
FLAGS = {"quiet": False, "single_keys": False}
KINDS: dict[str, dict[str, bool]] = {
    "shown": dict.fromkeys(Kind.values, True),
    "sounds": {**dict.fromkeys(Kind.values, True), Kind.LEAVE.value: False},
}
"""For each kind of notice, whether it is shown, and whether it is heard."""
