"""The arithmetic of the stage: everybody inside it, nobody over another, and well filled."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.live, pytest.mark.browser]

ARRANGE = "async (given) => (await import('/static/js/ui/layout.js')).arrange(...given)"
STAGES = [(1416, 770), (1000, 560), (374, 700), (700, 320)]
COUNTS = [1, 2, 3, 4, 5, 7, 9, 16, 25, 49]
Box = dict[str, float]


def overlap(one: Box, other: Box) -> bool:
    """Say whether two boxes share more than a rounding."""
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 0.5 and down > 0.5


def is_inside(box: Box, width: int, height: int) -> bool:
    """Say whether a box lies on the stage."""
    fits_across = box["x"] >= -0.5 and box["x"] + box["width"] <= width + 0.5
    return fits_across and box["y"] >= -0.5 and box["y"] + box["height"] <= height + 0.5


def check(plan: dict[str, Any], count: int, width: int, height: int) -> None:
    """Check one arrangement."""
    boxes = plan["tiles"] + ([plan["share"]] if plan["share"] else [])
    assert 1 <= len(plan["tiles"]) <= count
    assert all(is_inside(box, width, height) for box in boxes)
    if not plan["floating"]:
        assert not any(overlap(one, other) for one, other in combinations(boxes, 2))


def plans(visitor: Visitor, *, sharing: bool) -> None:
    """Check every stage with every count."""
    visitor.open("/")
    for width, height in STAGES:
        for count in COUNTS:
            plan = visitor.page.evaluate(ARRANGE, [{"width": width, "height": height}, count, sharing])
            check(plan, count, width, height)


def test_people_alone(visit: Visit) -> None:
    """Without a shared screen."""
    plans(visit(), sharing=False)


def test_people_beside_a_shared_screen(visit: Visit) -> None:
    """The screen takes most of the stage, people the rest."""
    plans(visit(), sharing=True)


def test_a_wide_stage_is_well_filled(visit: Visit) -> None:
    """Pictures cover at least two thirds of it from one to twenty-five people."""
    visitor = visit()
    visitor.open("/")
    for count in (1, 2, 3, 4, 5, 6, 9, 12, 16, 20, 25):
        tiles = visitor.page.evaluate(ARRANGE, [{"width": 1416, "height": 770}, count, False])["tiles"]
        covered = sum(tile["width"] * tile["height"] for tile in tiles)
        assert covered > 1416 * 770 * 2 / 3, count
