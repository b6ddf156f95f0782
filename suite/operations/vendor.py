"""Browser files from npm: copies the few that pages load to `static/vendor/` and checks their hashes."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

from suite.env import BASE_DIR

LOCK = Path(__file__).with_name("vendor.json")
"""`{package: {"version": …, "files": {path in the package: integrity}}}`, integrity as in W3C SRI (`sha384-…`)."""
SOURCE = BASE_DIR / "node_modules"
MODULES = (".js", ".mjs")
BARE = re.compile(rb"""(\bfrom\s+['"])(lib0/[\w/-]+)(['"])""")
"""Imports of the one package that others here import by its name."""
TARGET = BASE_DIR / "static" / "vendor"


class VendorError(Exception):
    """A file is missing or is not the one that the lock names; the message is one sentence for the operator."""


def copy(source: Path = SOURCE, target: Path = TARGET, lock: Path = LOCK) -> list[Path]:
    """Copy every file of the lock and give the copies. Raise `VendorError` at the first that is not right."""
    copies = []
    for package, entry in _read(lock).items():
        for name, integrity in entry["files"].items():
            found = source / package / name
            if not found.is_file():
                raise VendorError(f"{package} lacks {name}: run npm ci --ignore-scripts.")
            if _integrity(found) != integrity:
                raise VendorError(f"{package}/{name} is not version {entry['version']}: run npm ci --ignore-scripts.")
            copies.append(_place(found, target, target / package / name.removeprefix("dist/")))
    return copies


def renew(source: Path = SOURCE, lock: Path = LOCK) -> None:
    """Write the lock anew from what npm installed, after a wanted upgrade."""
    entries = _read(lock)
    for package, entry in entries.items():
        entry["version"] = json.loads((source / package / "package.json").read_text(encoding="utf-8"))["version"]
        entry["files"] = {name: _integrity(source / package / name) for name in entry["files"]}
    lock.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def _read(lock: Path) -> dict[str, Any]:
    entries: dict[str, Any] = json.loads(lock.read_text(encoding="utf-8"))
    return entries


def _integrity(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def _place(found: Path, target: Path, place: Path) -> Path:
    """Copy a file; a browser has no `node_modules`, so imports by a package's name become paths beside it.

    WebAssembly is large, so that a compressed copy lies beside it, which the web role gives to browsers.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    if found.suffix in MODULES:
        up = "../" * len(place.relative_to(target).parts[1:])
        place.write_bytes(BARE.sub(rb"\g<1>" + up.encode() + rb"\g<2>.js\g<3>", found.read_bytes()))
    else:
        shutil.copyfile(found, place)
    if found.suffix == ".wasm":
        place.with_name(f"{place.name}.gz").write_bytes(gzip.compress(found.read_bytes(), mtime=0))
    return place
