"""People drawn for pictures of a call, because the fake camera only shows a green disc."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("portrait.js").read_text(encoding="utf-8")

SHORT = "M-60 -30 C-66 -92 -30 -104 0 -104 C34 -104 66 -90 60 -30 C54 -58 44 -66 0 -66 C-44 -66 -54 -58 -60 -30 Z"
SIDE = "M-62 -26 C-74 -96 -30 -112 10 -108 C56 -104 68 -76 60 -28 C56 -54 50 -62 30 -70 C4 -56 -44 -60 -62 -26 Z"
FRINGE = "M-66 -4 C-80 -90 -34 -114 0 -112 C40 -114 80 -90 66 -4 C60 -40 54 -52 40 -60 C10 -46 -30 -48 -50 -56 Z"
BALD = (
    "M-60 -30 C-62 -50 -58 -62 -52 -68 C-54 -56 -56 -44 -58 -28 Z M60 -30 C62 -50 58 -62 52 -68 C54 -56 56 -44 58 -28"
)
SLIDE = {
    "en": ["Project review", "Timetable is kept", "Two decisions today", "Next step: pilot in May"],
    "fr": ["Revue de projet", "Calendrier tenu", "Deux décisions ce jour", "Suite : pilote en mai"],
}


def _look(wall: str, coat: str, shirt: str, skin: str, hair: str, top: str, **more: Any) -> dict[str, Any]:
    first, second = wall.split()
    light, shade = skin.split()
    return {
        "wall": [first, second],
        "coat": coat,
        "shirt": shirt,
        "skin": light,
        "shade": shade,
        "hair": {"colour": hair, "top": top, "long": more.get("long", False)},
        **more,
    }


LOOKS = [
    _look("#e9e2d6 #cbbfae", "#2c3e66", "#f4f4f6", "#f0c7a4 #dba981", "#5a3a28", FRINGE, long=True, window=True),
    _look("#d5dfe6 #aebfca", "#3b3f46", "#dfe8f5", "#8d5a3b #734529", "#1c1614", SHORT, beard=True),
    _look("#e6ddd0 #c4b49e", "#6d2f43", "#f7efe8", "#e6b48c #cf9a70", "#2a1d18", SIDE, long=True, glasses=True),
    _look("#dfe5dc #b5c4b2", "#30555a", "#ffffff", "#f2cfb3 #dcb192", "#b9b4ad", SHORT, glasses=True, window=True),
    _look("#dcd7e3 #b3a9c2", "#46506e", "#f2e9dc", "#6b432e #553221", "#15100f", FRINGE, long=True),
    _look("#e8e0d8 #c2b0a0", "#27313f", "#cfe0d4", "#edbf9b #d6a27a", "#8b5a32", BALD, beard=True, window=True),
]


def portrait(number: int, language: str = "en", *, talks: bool = False) -> str:
    """Give the script that makes a browser's camera show person `number`."""
    look = {**LOOKS[number % len(LOOKS)], "phase": number * 1.3, "talks": talks, "slide": SLIDE[language]}
    return f"{{{SCRIPT.replace('/* look */ {}', json.dumps(look))}}}"
