"""The French texts: complete, compiled, and typeset as French. Needs GNU gettext on the machine."""

from __future__ import annotations

import re
import shutil
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

FOLDER = settings.BASE_DIR / "suite" / "locale" / "fr" / "LC_MESSAGES"
QUOTED = r'((?:"[^\n]*"\n)+)'
ENTRY = re.compile(rf"msgid {QUOTED}(?:msgid_plural {QUOTED})?((?:msgstr(?:\[\d\])? {QUOTED})+)")
DOUBLE_SIGNS = re.compile(r"[^\s\u00a0\u202f][;:!?»](?=\s|$)|[^\u00a0\u202f][;!?»](?=\s|$)")


SOURCES = {"django": ["py", "html"], "djangojs": ["js"]}


def texts(name: str, folder: Path = FOLDER) -> dict[str, str]:
    """Give the French text for each English one of a catalogue, without the header and what is no longer used."""
    source = (folder / f"{name}.po").read_text(encoding="utf-8").partition("\n#~")[0] + "\n"
    found = {_joined(match[1]): _joined(match[3]) for match in ENTRY.finditer(source)}
    return {english: french for english, french in found.items() if english}


def _joined(quoted: str) -> str:
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', quoted))


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_every_text_has_its_french(name: str) -> None:
    """No English text is left without a French one, and none is uncertain."""
    assert [english for english, french in texts(name).items() if not french] == []
    assert "#, fuzzy" not in (FOLDER / f"{name}.po").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_the_catalogue_knows_every_text(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Collecting the texts of the sources anew finds none that the catalogue lacks."""
    for folder in ("suite", "visio", "templates", "static/js"):
        shutil.copytree(settings.BASE_DIR / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    with override_settings(LOCALE_PATHS=["suite/locale"]):
        call_command("makemessages", locale=["fr"], domain=name, extensions=SOURCES[name], verbosity=0)
    assert texts(name, tmp_path / FOLDER.relative_to(settings.BASE_DIR)).keys() == texts(name).keys()


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_french_signs_keep_their_space(name: str) -> None:
    """Before ; : ! ? and » stands a space that never breaks."""
    assert [french for french in texts(name).values() if DOUBLE_SIGNS.search(french)] == []


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_the_compiled_texts_are_current(name: str) -> None:
    """The .mo holds as many texts as the .po, the header included."""
    assert _compiled_count(FOLDER / f"{name}.mo") == len(texts(name)) + 1


def _compiled_count(path: Path) -> int:
    count: int = struct.unpack("<I", path.read_bytes()[8:12])[0]
    return count
