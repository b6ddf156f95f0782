"""A chat as a file to take away: text, Markdown, JSON, CSV. Pure but for the translation of a few words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from visio.live.models import ChatMessage

Lines = Iterable[ChatMessage]
FORMULA = ("=", "+", "-", "@", "\t")
"""With these a cell begins that spreadsheets would calculate."""
SPECIAL = "\\`*_{}[]<>()#+-.!|~"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a chat: the ending of its file, its type, and who writes it."""

    ending: str
    content_type: str
    write: Callable[[str, Lines], str]


def _text(title: str, lines: Lines) -> str:
    return "\n".join([title, "", *(f"{_time(line)} {_who(line)}: {_what(line)}" for line in lines), ""])


def _markdown(title: str, lines: Lines) -> str:
    rows = (f"- **{_plain(_who(line))}** {_time(line)}  \n  {_indented(_plain(_what(line)))}" for line in lines)
    return "\n".join([f"# {_plain(title)}", "", *rows, ""])


def _json(title: str, lines: Lines) -> str:
    bodies = [{name: value for name, value in line.body().items() if name != "type"} for line in lines]
    return json.dumps({"room": title, "lines": bodies}, ensure_ascii=False, indent=2) + "\n"


def _csv(_title: str, lines: Lines) -> str:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow([_("time"), _("name"), _("organisation"), _("for"), _("message"), _("file"), _("changed")])
    for line in lines:
        file = line.file.name if hasattr(line, "file") else ""
        cells = [line.name, line.card.get("organization", ""), line.recipient_name, _words(line), file]
        edited = line.edited_at.isoformat() if line.edited_at else ""
        rows.writerow([line.said_at.isoformat(), *map(_harmless, cells), edited])
    return "\ufeff" + table.getvalue()


FORMS = {
    "txt": Form("txt", "text/plain; charset=utf-8", _text),
    "md": Form("md", "text/markdown; charset=utf-8", _markdown),
    "json": Form("json", "application/json", _json),
    "csv": Form("csv", "text/csv; charset=utf-8", _csv),
}


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _time(line: ChatMessage) -> str:
    return f"{timezone.localtime(line.said_at):%Y-%m-%d %H:%M}"


def _who(line: ChatMessage) -> str:
    return f"{line.name} → {line.recipient_name}" if line.recipient else line.name


def _words(line: ChatMessage) -> str:
    return _("This message was deleted.") if line.deleted_at else line.text


def _what(line: ChatMessage) -> str:
    file = f"[{line.file.name}]" if hasattr(line, "file") else ""
    return " ".join(part for part in (_words(line), file) if part)


def _plain(text: str) -> str:
    """Give Markdown that shows `text` as it is."""
    return "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in text)


def _indented(text: str) -> str:
    return text.replace("\n", "  \n  ")
