"""Tables as files that spreadsheets open: CSV and OpenDocument. What people typed never becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import translation
from odfdo import Cell, Document, Row, Table

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""With these begins what a spreadsheet may take for a formula or a command (OWASP, CSV injection)."""
DELIMITERS = {"fr": ";"}
"""Excel splits a CSV file at the list separator of its own language."""
BOM = "\ufeff"
"""Without it Excel takes a CSV file for one of its old code pages."""

Value = str | int
Rows = Iterable[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: a title, the names of the columns and the rows."""

    title: str
    heads: Sequence[str]
    rows: Rows


def csv_of(sheet: Sheet) -> bytes:
    """Give the table as CSV that Excel and LibreOffice open with its letters right."""
    delimiter = DELIMITERS.get((translation.get_language() or "").split("-")[0], ",")
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(sheet.heads)
    writer.writerows([_harmless(value) for value in row] for row in sheet.rows)
    return (BOM + text.getvalue()).encode()


def _harmless(value: Value) -> Value:
    """Give a value that no spreadsheet calculates: an apostrophe marks a text that looks like a formula."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value


def ods_of(sheet: Sheet) -> bytes:
    """Give the table as an OpenDocument spreadsheet; its cells have types, so a text stays a text."""
    document = Document("spreadsheet")
    document.body.clear()
    table = Table(_table_name(sheet.title))
    for values in (sheet.heads, *sheet.rows):
        row = Row()
        for value in values:
            row.append_cell(Cell(value))
        table.append(row)
    document.body.append(table)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _table_name(title: str) -> str:
    """Give a name that LibreOffice takes for a sheet."""
    return "".join(" " if letter in "\\/*?:[]'\n" else letter for letter in title).strip()[:31] or "1"


MAKERS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", csv_of),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", ods_of),
}


def download(sheet: Sheet, kind: str, name: str) -> HttpResponse:
    """Answer with the table as a file called `name`, of the `kind` `csv` or `ods`."""
    content_type, make = MAKERS[kind]
    return attachment(make(sheet), content_type, f"{name}.{kind}")


def attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Answer with a file that the browser keeps; `name` is one of ours and needs no quoting."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
