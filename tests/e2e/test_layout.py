"""The arithmetic of the stage: everybody inside it, nobody over another, nobody too small, and well filled."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.live, pytest.mark.browser]

ARRANGE = """async (asked) => {
  const { arrange } = await import('/static/js/ui/layout.js');
  return asked.map(([stage, counts, page]) => arrange(stage, counts, page));
}"""
STAGES = [(1416, 770), (1050, 770), (1000, 560), (374, 700), (700, 320), (304, 420)]
WIDE = STAGES[:3]
COUNTS = [*range(1, 50), 60, 100]
BESIDE = [(1, 0, 1), (1, 0, 12), (1, 1, 0), (1, 1, 5), (1, 3, 30), (2, 0, 4), (3, 0, 0), (0, 2, 30)]
SMALLEST = (60, 48)
MOST = 49
Box = dict[str, float]
Plan = dict[str, Any]
Asked = tuple[tuple[int, int], dict[str, Any], int]


def asked(stage: tuple[int, int], *, large: int = 0, pinned: int = 0, others: int = 0, page: int = 0) -> Asked:
    """Give what to arrange."""
    return stage, {"large": large, "pinned": pinned, "others": others, "floating": False, "sharing": large == 1}, page


def plans(visitor: Visitor, wanted: list[Asked]) -> list[Plan]:
    """Arrange all of them in a browser."""
    visitor.open("/")
    given = [[{"width": size[0], "height": size[1]}, counts, page] for size, counts, page in wanted]
    found: list[Plan] = visitor.page.evaluate(ARRANGE, given)
    return found


def overlap(one: Box, other: Box) -> bool:
    """Say whether two boxes share more than a rounding."""
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 0.5 and down > 0.5


def is_inside(box: Box, width: int, height: int) -> bool:
    """Say whether a box lies on the stage."""
    fits_across = box["x"] >= -0.5 and box["x"] + box["width"] <= width + 0.5
    return fits_across and box["y"] >= -0.5 and box["y"] + box["height"] <= height + 0.5


def check(plan: Plan, wanted: Asked) -> None:
    """Check one arrangement."""
    stage, counts, _page = wanted
    boxes = plan["large"] + plan["pinned"] + plan["others"]
    assert len(plan["large"]) == counts["large"], wanted
    assert len(plan["pinned"]) == counts["pinned"], wanted
    assert len(boxes) <= MOST + counts["large"] + counts["pinned"], wanted
    assert all(box["width"] >= SMALLEST[0] and box["height"] >= SMALLEST[1] for box in boxes), wanted
    parts = boxes + ([plan["pager"]] if plan["pager"] else [])
    assert all(is_inside(box, *stage) for box in parts), wanted
    assert not any(overlap(one, other) for one, other in combinations(parts, 2)), wanted
    assert bool(plan["pager"]) == (plan["pages"] > 1), wanted


def test_everything_has_its_place(visit: Visit) -> None:
    """People alone and beside something large, with pins, on every kind of screen."""
    wanted = [asked(stage, others=count) for stage in STAGES for count in COUNTS]
    wanted += [
        asked(stage, large=large, pinned=pinned, others=others) for stage in STAGES for large, pinned, others in BESIDE
    ]
    for plan, question in zip(plans(visit(), wanted), wanted, strict=True):
        check(plan, question)


def test_a_wide_stage_is_well_filled(visit: Visit) -> None:
    """Pictures cover most of it from one to forty-nine people, who fit on one page."""
    wanted = [asked(stage, others=count) for stage in WIDE for count in COUNTS if count <= MOST]
    for plan, (stage, counts, _page) in zip(plans(visit(), wanted), wanted, strict=True):
        covered = sum(tile["width"] * tile["height"] for tile in plan["others"])
        assert len(plan["others"]) == counts["others"]
        assert covered > stage[0] * stage[1] * 0.6, (stage, counts)


def test_pages_hold_everybody_once(visit: Visit) -> None:
    """Who does not fit is on a further page; a telephone shows two columns; no page is behind the last."""
    wanted = [asked(stage, pinned=1, others=100, page=page) for stage in STAGES for page in range(120)]
    found = plans(visit(), wanted)
    for start in range(0, len(wanted), 120):
        pages = {plan["page"]: plan for plan in found[start : start + 120]}
        assert sorted(pages) == list(range(pages[0]["pages"]))
        assert [pages[page]["first"] for page in sorted(pages)] == [page * pages[0]["places"] for page in sorted(pages)]
        assert sum(len(plan["others"]) for plan in pages.values()) == 100
    everybody_pinned = plans(visit(), [asked(stage, pinned=30) for stage in STAGES])
    assert [(plan["pages"], len(plan["pinned"])) for plan in everybody_pinned] == [(1, 30)] * len(STAGES)
    phone = next(plan for plan, (stage, _, _) in zip(found, wanted, strict=True) if stage == (374, 700))
    assert len({round(box["x"]) for box in phone["pinned"] + phone["others"]}) == 2
