"""Dependency descriptors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.descriptors import KEYED, NESTED, descriptor
from visio.media import dependency
from visio.media.dependency import Structure

GRID = ((0, 0), (0, 1), (1, 0), (1, 1))


def structure(offset: int = 5) -> Structure:
    """Return the structure of a key frame."""
    said = dependency.read(descriptor(offset, 7, structure=KEYED, offset=offset), None)
    assert said is not None
    assert said.structure is not None
    return said.structure


def test_a_short_one_names_template_and_number() -> None:
    said = dependency.read(descriptor(9, 0x1234, ends=False), None)
    assert said is not None
    assert (said.begins, said.ends, said.template, said.number) == (True, False, 9, 0x1234)
    assert (said.structure, said.active, said.indications) == (None, None, None)


def test_a_key_frame_describes_all_frames() -> None:
    found = structure()
    assert (found.offset, found.targets, found.chains) == (5, GRID, 2)
    assert found.templates[2] == (0, 1, (0, 1, 0, 0))


def test_all_targets_of_a_key_frame_are_active_unless_it_says_otherwise() -> None:
    every = dependency.read(descriptor(0, 1, structure=KEYED), None)
    some = dependency.read(descriptor(0, 1, structure=KEYED, active=0b0011), None)
    assert every is not None
    assert some is not None
    assert (every.active, some.active) == (0b1111, 0b0011)


def test_a_later_frame_may_name_active_targets_and_indications_of_its_own() -> None:
    said = dependency.read(descriptor(6, 8, active=0b0101, own="S-RD"), structure())
    assert said is not None
    assert (said.active, said.indications) == (0b0101, (2, 0, 3, 1))


def test_what_needs_an_unknown_structure_is_refused() -> None:
    assert dependency.read(descriptor(6, 8, active=1), None) is None


@pytest.mark.parametrize("size", range(3, 20))
def test_what_is_cut_off_is_refused(size: int) -> None:
    said = dependency.read(descriptor(0, 1, structure=KEYED)[:size], None)
    assert said is None or (size == dependency.MANDATORY_BYTES and said.structure is None)


def test_targets_are_limited() -> None:
    """Each is a part of the stream that is measured."""
    most = (((0, 0, "S" * dependency.TARGETS_MAX),), ((0, 0, "S" * (dependency.TARGETS_MAX + 1)),))
    said = [dependency.read(descriptor(0, 1, structure=templates), None) for templates in most]
    assert [one is None for one in said] == [False, True]


def test_frame_numbers_are_shifted() -> None:
    element = descriptor(0, 65535, structure=NESTED)
    said = dependency.read(dependency.numbered(element, 3), None)
    assert said is not None
    assert (said.number, said.structure) == (2, dependency.read(element, None).structure)  # type: ignore[union-attr]


@pytest.mark.parametrize("active", [None, 0b0111])
@pytest.mark.parametrize("own", ["", "SS--"])
def test_targets_that_are_not_sent_are_taken_out(active: int | None, own: str) -> None:
    element = descriptor(0, 4, structure=KEYED, active=active, own=own)
    before = dependency.read(element, None)
    after = dependency.read(dependency.with_active(element, None, 0b0101), None)
    assert before is not None
    assert after is not None
    assert after.active == 0b0101
    assert (after.structure, after.indications, after.number) == (before.structure, before.indications, 4)


def test_a_frame_that_says_nothing_of_targets_is_left_as_it_is() -> None:
    element = descriptor(6, 4, own="S---")
    assert dependency.with_active(element, structure(), 0b0001) == element


def test_who_gets_the_upper_picture_alone_lacks_the_lower_one() -> None:
    said = dependency.read(descriptor(0, 1, structure=NESTED), None)
    assert said is not None
    assert said.structure is not None
    keyed, nested = dependency.layout(structure()), dependency.layout(said.structure)
    assert (keyed.nested(0, 3), nested.nested(0, 3)) == (False, True)
    assert (keyed.nested(2, 3), keyed.nested(3, 2), nested.nested(1, 2)) == (True, False, False)


@given(st.binary(max_size=64), st.integers(0, 15))
def test_anything_is_read_and_written(data: bytes, mask: int) -> None:
    for known in (None, structure()):
        said = dependency.read(data, known)
        if said is not None and len(data) >= dependency.MANDATORY_BYTES:
            again = dependency.read(dependency.with_active(data, known, mask), known)
            assert again is not None
            assert (again.number, again.structure, again.indications) == (said.number, said.structure, said.indications)
