"""Reading of settings from the environment: typed, checked, each with a sentence that says what it is for.

No Django in here: the media worker and the supervisor read their settings through the same functions.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from suite.lib import malware

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_MIN_LENGTH = 32
"""As LiveKit's server asks for: signatures with shorter secrets can be guessed offline."""
TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off", "")
LOCAL_SCHEMES = ("sqlite", "unix", "redis+socket", "postgres", "postgresql")
"""Addresses that may name a file, or a socket of this machine, instead of a host."""


class SettingError(Exception):
    """A setting with a value that cannot work; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the documentation must say of a setting."""

    name: str
    default: str
    purpose: str


DECLARED: dict[str, Setting] = {}


def load_file(path: Path) -> None:
    """Read `NAME=value` lines of `path` into the environment, without overriding what is already there.

    Raise `SettingError` when ENV_FILE names a file that is not there, or one that is no text.
    """
    if not path.exists():
        if is_set("ENV_FILE"):
            raise SettingError(f"ENV_FILE: there is no file {path}.")
        return
    for line in _content("ENV_FILE", path).splitlines():
        name, found, value = line.strip().partition("=")
        if found and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def _raw(name: str, default: str, purpose: str) -> str:
    DECLARED.setdefault(name, Setting(name, default, purpose))
    from_file = os.environ.get(f"{name}_FILE")
    if from_file and name not in os.environ:
        return _content(f"{name}_FILE", Path(from_file)).strip()
    return os.environ.get(name, default)


def _content(name: str, path: Path) -> str:
    """Give the text of the file that setting `name` chose. Raise `SettingError` when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingError(f"{name}: cannot read {path} ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise SettingError(f"{name}: {path} is no text (UTF-8).") from error


def is_set(name: str) -> bool:
    """Tell whether the operator gave a setting."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def text(name: str, default: str, purpose: str) -> str:
    """Give the text of a setting."""
    return _raw(name, default, purpose)


def flag(name: str, *, default: bool, purpose: str) -> bool:
    """Give a yes-or-no setting. Raise `SettingError` for any other word."""
    value = _raw(name, "true" if default else "false", purpose).lower()
    if value not in TRUE + FALSE:
        raise SettingError(f"{name} must be true or false, not {value!r}.")
    return value in TRUE


def integer(name: str, default: int, purpose: str, *, low: int = 0, high: int = 2**31) -> int:
    """Give a whole number from `low` to `high`. Raise `SettingError` otherwise."""
    value = _raw(name, str(default), purpose)
    try:
        number = int(value)
    except ValueError as error:
        raise SettingError(f"{name} must be a whole number, not {value!r}.") from error
    if not low <= number <= high:
        raise SettingError(f"{name} must be from {low} to {high}, not {number}.")
    return number


def port(name: str, default: int, purpose: str) -> int:
    """Give a port number."""
    return integer(name, default, purpose, low=1, high=65535)


def choice(name: str, default: str, allowed: Sequence[str], purpose: str) -> str:
    """Give one of the `allowed` words. Raise `SettingError` otherwise."""
    value = _raw(name, default, purpose)
    if value not in allowed:
        raise SettingError(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def rate(name: str, default: str, purpose: str) -> str:
    """Give a number of times per period, such as `30/minute`. Raise `SettingError` otherwise."""
    value = _raw(name, default, purpose)
    if not re.fullmatch(r"[1-9][0-9]{0,8}/(second|minute|hour|day)", value):
        raise SettingError(f"{name} must be a rate such as 30/minute or 1000/day, not {value!r}.")
    return value


def words(name: str, default: str, purpose: str) -> list[str]:
    """Give the comma-separated words of a setting."""
    return [word.strip() for word in _raw(name, default, purpose).split(",") if word.strip()]


def time_zone(name: str, default: str, purpose: str) -> str:
    """Give the name of a time zone. Raise `SettingError` for one that this machine does not know."""
    value = _raw(name, default, purpose)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError(f"{name} must be a time zone such as Europe/Paris, not {value!r}.") from error
    return value


def address(name: str, default: str, purpose: str) -> str:
    """Give one IP address. Raise `SettingError` for anything else."""
    value = _raw(name, default, purpose)
    try:
        ipaddress.ip_address(value)
    except ValueError as error:
        raise SettingError(f"{name} must be an IP address, not {value!r}.") from error
    return value


def addresses(name: str, purpose: str) -> list[str]:
    """Give the comma-separated IP addresses of a setting. Raise `SettingError` for anything else."""
    found = words(name, "", purpose)
    for address in found:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise SettingError(f"{name} must list IP addresses with commas between, not {address!r}.") from error
    return found


def scanner(name: str, purpose: str) -> str:
    """Read what looks for malware (suite/lib/malware.py)."""
    value = text(name, "", purpose)
    try:
        malware.scanner(value)
    except ValueError as error:
        raise SettingError(f"{name}: {error}.") from error
    return value


def relays(name: str, purpose: str) -> list[str]:
    """Give the comma-separated addresses of TURN servers (RFC 7065). Raise `SettingError` for anything else."""
    found = words(name, "", purpose)
    for address in found:
        if not re.fullmatch(r"turns?:[^\s?@/]+(\?transport=(udp|tcp))?", address):
            raise SettingError(
                f"{name} must list addresses such as turn:turn.example.org:3478?transport=udp or "
                f"turns:turn.example.org:443?transport=tcp with commas between, not {address!r}."
            )
    return found


def url(name: str, default: str, purpose: str, *, schemes: Sequence[str]) -> str:
    """Give an address with one of the `schemes`, or nothing. Raise `SettingError` otherwise."""
    value = _raw(name, default, purpose)
    parts = _split(name, value)
    if value and parts.scheme not in schemes:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise SettingError(f"{name} must start with {wanted}, not {_without_password(value)!r}.")
    if value and parts.scheme not in LOCAL_SCHEMES and not parts.hostname:
        raise SettingError(f"{name} must name a host after {parts.scheme}://.")
    if parts.scheme == "sqlite" and (parts.netloc or not parts.path):
        raise SettingError(f"{name} must spell the path of a file after three slashes, as in sqlite:////srv/visio.db.")
    return value


def keys(name: str, purpose: str, *, taken: str) -> dict[str, str]:
    """Give the comma-separated pairs `key:secret` of a setting; `taken` is a key that may not be among them.

    Raise `SettingError` for anything else, and for secrets that could be guessed. No secret is in its message.
    """
    pairs = [tuple(part.strip() for part in word.split(":", 1)) for word in words(name, "", purpose)]
    for pair in pairs:
        if len(pair) != 2 or not pair[0] or len(pair[1]) < SECRET_MIN_LENGTH:
            raise SettingError(
                f"{name} must list pairs such as key:secret with commas between, each secret of at least "
                f"{SECRET_MIN_LENGTH} characters."
            )
    found = {pair[0]: pair[1] for pair in pairs}
    if taken in found or len(found) != len(pairs):
        raise SettingError(f"{name} must name each key once, and not {taken!r}, which is the service's own.")
    return found


def web_addresses(name: str, purpose: str) -> list[str]:
    """Give the comma-separated http and https addresses of a setting. Raise `SettingError` for anything else."""
    found = words(name, "", purpose)
    for address in found:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingError(f"{name} must list http:// or https:// addresses with commas between, not {address!r}.")
    return found


def web_origins(name: str, purpose: str) -> list[str]:
    """Give the comma-separated origins of a setting. Raise `SettingError` for anything else."""
    found = [address.removesuffix("/") for address in web_addresses(name, purpose)]
    for address in found:
        if origins(address) != [address] or {"@", "*"} & set(address):
            raise SettingError(f"{name} must list origins such as https://example.org, and no paths, not {address!r}.")
    return found


def _split(name: str, value: str) -> SplitResult:
    """Give the parts of an address. Raise `SettingError` when its host or port cannot be one."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise SettingError(f"{name} is no address: {error}.") from error
    return parts


def _without_password(address: str) -> str:
    return re.sub(r"//[^/]*@", "//…@", address)


def origins(*addresses: str) -> list[str]:
    """Give the origins of the `addresses` that are set, each once."""
    parts = [urlsplit(address) for address in addresses if address]
    return list(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))


def file(name: str, purpose: str) -> Path | None:
    """Give the path of a file, or nothing. Raise `SettingError` when it cannot be read."""
    value = _raw(name, "", purpose)
    if value and not os.access(value, os.R_OK):
        raise SettingError(f"{name}: cannot read the file {value}.")
    return Path(value) if value else None


def secret(name: str, folder: Path, purpose: str) -> str:
    """Give a secret; when none is set, make one and keep it in `folder` for the next start."""
    value = _raw(name, "", purpose)
    return value or kept_secret(folder / name.lower())


def kept_secret(path: Path) -> str:
    """Give the secret in the file `path`, readable by its owner only; make it when there is none.

    Raise `SettingError` when the folder cannot hold it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _offer_secret(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingError(f"DATA_DIR: cannot keep {path} ({error.strerror}).") from error


def _offer_secret(path: Path) -> None:
    """Put a new secret at `path` whole, unless another process was first."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
