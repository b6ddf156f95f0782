"""Descriptions as Chromium makes them in a large room, from a captured one."""

from __future__ import annotations

import re
from pathlib import Path

CAPTURED = Path(__file__).parent / "media" / "sdp" / "chromium_single.txt"


def offer(sounds: int, pictures: int) -> str:
    """Give the offer of somebody with one connection and so many sections to receive in."""
    head, *sections = re.split(r"^(?=m=)", CAPTURED.read_text(), flags=re.MULTILINE)
    patterns = {section.split()[0]: section for section in sections}
    kinds = ["m=audio"] * sounds + ["m=video"] * pictures + ["m=application"]
    named = [re.sub(r"a=mid:.*", f"a=mid:{mid}", patterns[kind]) for mid, kind in enumerate(kinds)]
    bundle = " ".join(map(str, range(len(kinds))))
    text = re.sub(r"a=group:BUNDLE.*", f"a=group:BUNDLE {bundle}", head) + "".join(named)
    return "\r\n".join(text.splitlines()) + "\r\n"
