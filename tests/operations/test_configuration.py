"""Settings: what is read, what is refused, and that the documentation lists them all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from suite import env
from suite.operations import configuration


def test_the_document_is_what_the_code_says() -> None:
    document = configuration.DOCUMENT.read_text(encoding="utf-8")
    assert configuration.renewed(document) == document, "run: manage.py configuration --write"


def test_the_document_lists_every_setting() -> None:
    document = configuration.DOCUMENT.read_text(encoding="utf-8")
    assert [name for name in env.DECLARED if f"| `{name}` |" not in document] == []


def test_the_example_names_only_settings() -> None:
    lines = (env.BASE_DIR / ".env.example").read_text(encoding="utf-8").splitlines()
    names = {line.lstrip("#").partition("=")[0] for line in lines if "=" in line}
    assert {name.removesuffix("_FILE") for name in names} <= set(env.DECLARED)


def test_the_example_is_what_the_document_says_of_proconnect() -> None:
    document = (env.BASE_DIR / "docs" / "identity.md").read_text(encoding="utf-8")
    block = document.partition("## ProConnect")[2].split("```")[1].split()
    wanted = [line for line in block if line.startswith("OIDC_") and "=<" not in line]
    assert wanted
    assert set(wanted) <= set((env.BASE_DIR / ".env.example").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(("demo", "form"), [("true", "JWT"), ("false", "AUTO")])
def test_the_demo_provider_must_sign_userinfo(demo: str, form: str) -> None:
    program = "from suite import settings; print(settings.OIDC_OP_USER_ENDPOINT_FORMAT)"
    command, environment = [sys.executable, "-c", program], {**os.environ, "DEMO_OIDC": demo}
    done = subprocess.run(command, env=environment, cwd=env.BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == form


def test_a_file_of_settings_does_not_override_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST", "environment")
    monkeypatch.delenv("SECOND", raising=False)
    file = tmp_path / "settings"
    file.write_text("# words\nFIRST=file\nSECOND='with spaces'\nnonsense\n", encoding="utf-8")
    env.load_file(file)
    assert env.text("FIRST", "", "") == "environment"
    assert env.text("SECOND", "", "") == "with spaces"


def test_a_secret_may_be_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("hush\n", encoding="utf-8")
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "secret"))
    assert env.secret("SOME_SECRET", tmp_path, "") == "hush"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "noise"
    file.write_bytes(b"\xff\x00")
    monkeypatch.setenv("SOME_SECRET_FILE", str(file))
    with pytest.raises(env.SettingError, match=r"SOME_SECRET_FILE: .*noise is no text"):
        env.text("SOME_SECRET", "", "")
    with pytest.raises(env.SettingError, match=r"ENV_FILE: .*noise is no text"):
        env.load_file(file)


def test_a_file_of_settings_that_was_asked_for_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENV_FILE", str(tmp_path / "nothing"))
    with pytest.raises(env.SettingError, match="ENV_FILE: there is no file"):
        env.load_file(tmp_path / "nothing")
    monkeypatch.delenv("ENV_FILE")
    env.load_file(tmp_path / "nothing")


def test_a_folder_that_cannot_keep_secrets_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(env.SettingError, match=r"DATA_DIR: cannot keep .*/file/secret"):
        env.kept_secret(tmp_path / "file" / "secret")


def test_a_made_secret_stays_and_is_private(tmp_path: Path) -> None:
    first = env.secret("SOME_SECRET", tmp_path / "secrets", "")
    assert env.secret("SOME_SECRET", tmp_path / "secrets", "") == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secrets" / "some_secret").stat().st_mode) == 0o600


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        values = set(pool.map(lambda _: env.kept_secret(tmp_path / "one"), range(64)))
    assert len(values) == 1
    assert "" not in values
    assert [file.name for file in tmp_path.iterdir()] == ["one"]


@pytest.mark.parametrize(
    ("value", "read", "sentence"),
    [
        ("maybe", lambda: env.flag("X", default=False, purpose=""), "X must be true or false, not 'maybe'."),
        ("ten", lambda: env.integer("X", 1, ""), "X must be a whole number, not 'ten'."),
        ("99", lambda: env.integer("X", 1, "", high=9), "X must be from 0 to 9, not 99."),
        ("0", lambda: env.port("X", 1, ""), "X must be from 1 to 65535, not 0."),
        ("red", lambda: env.choice("X", "a", ("a", "b"), ""), "X must be one of a, b, not 'red'."),
        ("ftp://x", lambda: env.url("X", "", "", schemes=("http",)), "X must start with http://, not 'ftp://x'."),
        ("me", lambda: env.addresses("X", ""), "X must list IP addresses with commas between, not 'me'."),
        ("http://", lambda: env.url("X", "", "", schemes=("http",)), "X must name a host after http://."),
        (
            "http://[::1",
            lambda: env.url("X", "", "", schemes=("http",)),
            "X is no address: Invalid IPv6 URL.",
        ),
        (
            "http://host:99999",
            lambda: env.url("X", "", "", schemes=("http",)),
            "X is no address: Port out of range 0-65535.",
        ),
        (
            "mysql://me:hush@host/db",
            lambda: env.url("X", "", "", schemes=("sqlite",)),
            "X must start with sqlite://, not 'mysql://…@host/db'.",
        ),
        (
            "sqlite://file",
            lambda: env.url("X", "", "", schemes=("sqlite",)),
            "X must spell the path of a file after three slashes, as in sqlite:////srv/visio.db.",
        ),
        ("here", lambda: env.address("X", "::", ""), "X must be an IP address, not 'here'."),
        (
            "Mars/Phobos",
            lambda: env.time_zone("X", "UTC", ""),
            "X must be a time zone such as Europe/Paris, not 'Mars/Phobos'.",
        ),
        ("..", lambda: env.time_zone("X", "UTC", ""), "X must be a time zone such as Europe/Paris, not '..'."),
        ("/nowhere", lambda: env.file("X", ""), "X: cannot read the file /nowhere."),
    ],
)
def test_a_wrong_value_is_refused(value: str, read: object, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", value)
    assert callable(read)
    with pytest.raises(env.SettingError) as refusal:
        read()
    assert str(refusal.value) == sentence


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings that these tests read out of the list of the real ones."""
    monkeypatch.setattr(env, "DECLARED", dict(env.DECLARED))
