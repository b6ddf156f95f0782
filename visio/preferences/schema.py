"""How preferences are written as JSON: reads what is sent and what is kept, key by key. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from visio.preferences.choices import CHOICES, DEFAULTS, FLAGS, KINDS
from visio.preferences.shortcuts import Shortcut, effective, is_single, twice, why_not

Values = dict[str, Any]


class PreferencesError(ValueError):
    """A preference that cannot be; `name` is the one at fault, `code` says why."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"{name}: {code}")
        self.name = name[:40]
        self.code = code


def read(said: object) -> Values:
    """Give the values that `said` names; None asks for the default. Raise `PreferencesError` when one is wrong."""
    if not isinstance(said, Mapping):
        raise PreferencesError("preferences", "object")
    return {str(name): _value(str(name), value) for name, value in said.items()}


def _value(name: str, value: object) -> Any:
    if value is None and (name in CHOICES or name in FLAGS or name in KINDS or name == "shortcuts"):
        return None
    if name in CHOICES:
        return _choice(name, value)
    if name in FLAGS:
        return _flag(name, value)
    if name in KINDS:
        return {key: flag if flag is None else _flag(name, flag) for key, flag in _named(name, value, KINDS[name])}
    if name == "shortcuts":
        return {key: keys if keys is None else _keys(keys) for key, keys in _named(name, value, Shortcut.values)}
    raise PreferencesError(name, "unknown")


def _choice(name: str, value: object) -> str:
    if not isinstance(value, str) or value not in CHOICES[name].values:
        raise PreferencesError(name, "choice")
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise PreferencesError(name, "flag")
    return value


def _named(name: str, value: object, names: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        raise PreferencesError(name, "object")
    if any(key not in names for key in value):
        raise PreferencesError(name, "unknown")
    return list(value.items())


def _keys(keys: object) -> str:
    """Give the keys of a shortcut, which may be none; whether single keys are fit depends on another preference."""
    if not isinstance(keys, str):
        raise PreferencesError("shortcuts", "unreadable")
    if keys and (code := why_not(keys, single_keys=True)):
        raise PreferencesError("shortcuts", code)
    return keys


def changed(kept: Values, said: object) -> Values:
    """Give what is kept after a change by what `said` names. Raise `PreferencesError` when that cannot be."""
    asked = read(said)
    new = {name: _merged(kept.get(name), value) for name, value in asked.items()}
    values = {name: value for name, value in {**kept, **new}.items() if value not in (None, {})}
    return _consistent(values, asked.get("shortcuts") or {})


def _merged(kept: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    merged = {**(kept or {}), **value}
    return {key: item for key, item in merged.items() if item is not None}


def _consistent(values: Values, asked: Mapping[str, str | None]) -> Values:
    """Refuse single keys of those who do not want them and keys for two things; forget single keys of before."""
    keys = values.get("shortcuts", {})
    if not values.get("single_keys", False):
        if any(asked[name] and is_single(str(asked[name])) for name in asked):
            raise PreferencesError("shortcuts", "single")
        keys = {name: one for name, one in keys.items() if not one or not is_single(one)}
    if twice(keys):
        raise PreferencesError("shortcuts", "twice")
    others = {name: value for name, value in values.items() if name != "shortcuts"}
    return {**others, "shortcuts": keys} if keys else others


def whole(kept: Values) -> Values:
    """Give every preference: what is kept as far as it is still known, else the default."""
    found = known(kept)
    single_keys = found.get("single_keys", False)
    return {
        **{name: found.get(name, default) for name, default in DEFAULTS.items()},
        **{name: found.get(name, default) for name, default in FLAGS.items()},
        **{name: {**defaults, **found.get(name, {})} for name, defaults in KINDS.items()},
        "shortcuts": effective(found.get("shortcuts", {}), single_keys=single_keys),
    }


def known(kept: object) -> Values:
    """Give what can be read of what an older version may have written."""
    found: Values = {}
    for name, value in _parts(kept):
        with suppress(PreferencesError):
            found[name] = _merged(found.get(name), read({name: value})[name])
    return {name: value for name, value in found.items() if value is not None}


def _parts(kept: object) -> Iterator[tuple[str, Any]]:
    """Give what is kept in the smallest parts that may be unreadable: one shortcut, one kind of notice."""
    for name, value in kept.items() if isinstance(kept, Mapping) else ():
        if isinstance(value, Mapping):
            yield from ((name, {key: item}) for key, item in value.items())
        else:
            yield name, value
