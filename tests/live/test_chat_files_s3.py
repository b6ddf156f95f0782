"""Files in the chat when they are kept in S3: a real server of its protocol gets them, gives them and forgets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from suite.env import SettingError
from suite.identity.models import User
from suite.operations.file_storage import Bucket, storages
from tests.live.meeting import enter
from tests.live.test_chat_files import browser, fetch, send
from visio.live.models import ChatFile
from visio.rooms.models import Room

NAME = "visio-files"
CHOSEN = Bucket("https://s3.example.org", NAME, "key", "secret", "", "s3v4")


@pytest.fixture
def service(settings: Any, valkey: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Keep files in a bucket; give a client of its service."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    chosen = Bucket(f"http://{host}:{port}", NAME, "key", "secret", "eu-west-2", "s3v4")
    client = boto3.client(
        "s3",
        endpoint_url=chosen.endpoint_url,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="eu-west-2",
    )
    client.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    settings.STORAGES = storages(chosen)
    yield client
    server.stop()


def kept(service: Any) -> list[str]:
    """Name what is in the bucket."""
    return [item["Key"] for item in service.list_objects_v2(Bucket=NAME).get("Contents", [])]


def test_it_works(service: Any, room: Room, alice: User) -> None:
    enter(room, alice)
    here = browser(alice)
    assert send(here, room, content=b"figures" * 1000).status_code == 200
    file = ChatFile.objects.get()
    assert kept(service) == [f"chat/{file.pk.hex}"]
    answer = fetch(here, room)
    assert (answer.status_code, answer.getvalue()) == (200, b"figures" * 1000)
    assert answer["content-disposition"] == 'attachment; filename="report.html"'
    file.content.delete(save=False)
    assert kept(service) == []


def test_a_bucket_is_a_choice() -> None:
    assert "s3" in storages(CHOSEN)["default"]["BACKEND"]
    assert "FileSystem" in storages(Bucket("", "", "", "", "", "s3v4"))["default"]["BACKEND"]


@pytest.mark.parametrize("missing", ["endpoint_url", "name", "access_key", "secret_key"])
def test_half_of_the_settings_is_explained(missing: str) -> None:
    with pytest.raises(SettingError, match="must be set together"):
        storages(replace(CHOSEN, **{missing: ""}))


def test_without_its_packages_one_is_told_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SettingError, match=r"deploy/s3/requirements\.txt"):
        storages(CHOSEN)
