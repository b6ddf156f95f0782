"""Files in the chat: who may send them, what is refused, who gets them back and how."""

from __future__ import annotations

import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suite.identity.models import User
from suite.lib import malware
from tests.identity.people import sign_in
from tests.live.meeting import enter
from visio.live import chat, files
from visio.live.downloads import Download
from visio.live.models import ChatFile, ChatMessage
from visio.rooms.models import Room
from visio.rooms.visits import Visit
from visio.signalling.models import Session

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCANNER = f"{sys.executable} -c \"import sys; sys.exit(b'EICAR' in sys.stdin.buffer.read())\""


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path, valkey: str) -> Path:
    """Keep files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "chat"


@pytest.fixture
def alice_here(room: Room, alice: User) -> Client:
    """Alice's browser, with her in the meeting."""
    enter(room, alice)
    return browser(alice)


def browser(user: User) -> Client:
    """Give somebody's browser."""
    client = Client()
    sign_in(client, user)
    return client


def send(client: Client, room: Room, content: bytes = b"figures", name: str = "report.html", **fields: str) -> Any:
    """Send a file with a line."""
    return client.post(f"/{room.slug}/chat/files/", {"file": SimpleUploadedFile(name, content), **fields})


def fetch(client: Client, room: Room) -> Any:
    """Ask for the only file."""
    return client.get(f"/{room.slug}/chat/files/{ChatFile.objects.get().pk}/")


def test_it_works(alice_here: Client, room: Room, storage: Path) -> None:
    """It comes back as a download that no browser opens in our name; its name in the storage tells nothing."""
    assert send(alice_here, room, name="../Bilan \u202e2026.html", text="See", key="k").status_code == 200
    line = ChatMessage.objects.get()
    assert (line.text, line.body()["file"]["name"], line.body()["file"]["size"]) == ("See", "Bilan 2026.html", 7)
    answer = fetch(alice_here, room)
    assert (b"".join(answer), answer["content-type"]) == (b"figures", "application/octet-stream")
    assert answer["content-disposition"] == 'attachment; filename="Bilan 2026.html"'
    assert answer["x-content-type-options"] == "nosniff"
    (kept,) = storage.iterdir()
    assert "Bilan" not in kept.name


def test_only_those_who_may_read_the_line_get_it(alice_here: Client, room: Room, alice: User, charlie: User) -> None:
    send(alice_here, room)
    stranger = browser(charlie)
    assert fetch(stranger, room).status_code == 404
    assert fetch(Client(), room).status_code == 404
    room.add_member(charlie)
    assert fetch(stranger, room).status_code == 404
    enter(room, charlie)
    assert fetch(stranger, room).status_code == 200
    ChatMessage.objects.update(recipient="somebody else")
    assert fetch(stranger, room).status_code == 404
    assert fetch(alice_here, room).status_code == 200


def test_somebody_in_the_meeting_reads_it_until_it_is_over(alice_here: Client, room: Room, charlie: User) -> None:
    room.change(access_level="public")
    send(alice_here, room)
    guest = browser(charlie)
    assert fetch(guest, room).status_code == 404
    enter(room, charlie)
    assert fetch(guest, room).status_code == 200
    room.gatherings.update(ended_at=room.created_at)
    assert fetch(guest, room).status_code == 404


def test_a_member_reads_what_is_over_unless_banned(alice_here: Client, room: Room, alice: User, charlie: User) -> None:
    room.add_member(charlie)
    send(alice_here, room)
    room.gatherings.update(ended_at=room.created_at)
    member = browser(charlie)
    assert fetch(member, room).status_code == 200
    Visit.ban(room, str(charlie.pk), [], "Charlie", alice, for_good=False)
    assert fetch(member, room).status_code == 404


async def test_a_download_is_not_read_as_a_whole(tmp_path: Path) -> None:
    """An ASGI server gets it in pieces, whatever Django does with iterators that are not asynchronous."""
    path = tmp_path / "large"
    path.write_bytes(b"x" * (3 * Download.block_size))
    answer = Download(path.open("rb"), as_attachment=True, filename="large")
    assert [len(piece) async for piece in answer] == [Download.block_size] * 3
    answer.close()


def test_the_policy_decides(alice_here: Client, room: Room) -> None:
    room.change(terms={"chat_files": "nobody"})
    answer = send(alice_here, room)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert "You cannot send files" in answer.json()["message"]


def test_who_is_not_there_sends_nothing(room: Room, alice: User, storage: Path) -> None:
    assert send(browser(alice), room).status_code == 403
    assert send(Client(), room).status_code == 403
    assert not storage.exists()


def test_sizes(alice_here: Client, room: Room, settings: Any) -> None:
    settings.CHAT_FILE_MAX_MB = 1
    answer = send(alice_here, room, b"x" * 1_000_001)
    assert (answer.status_code, answer.json()["message"]) == (413, "This file is too large: at most 1 MB.")
    assert send(alice_here, room, b"").status_code == 400
    assert alice_here.post(f"/{room.slug}/chat/files/", {"text": "no file"}).status_code == 400


def test_all_files_of_a_meeting_together(alice_here: Client, room: Room, settings: Any) -> None:
    """What is taken back counts no longer."""
    settings.CHAT_FILES_MAX_MB = 1
    assert send(alice_here, room, b"x" * 600_000).status_code == 200
    refused = send(alice_here, room, b"x" * 600_000)
    assert (refused.status_code, "at most 1 MB" in refused.json()["message"]) == (413, True)
    chat.delete(Session.objects.select_related("room").get(), str(ChatMessage.objects.get().pk))
    assert send(alice_here, room, b"x" * 600_000).status_code == 200


def test_a_file_whose_line_is_refused_is_not_kept(alice_here: Client, room: Room, storage: Path) -> None:
    assert send(alice_here, room, reply_to="00000000-0000-4000-8000-000000000000").status_code == 403
    assert list(storage.iterdir()) == []


def test_sent_twice_it_is_there_once(alice_here: Client, room: Room, storage: Path) -> None:
    """As a browser does that does not know whether it arrived."""
    for _ in range(2):
        assert send(alice_here, room, key="k").status_code == 200
    assert len(list(storage.iterdir())) == ChatFile.objects.count() == 1


@pytest.mark.parametrize("fields", [{"key": "k\0"}, {"key": "k" * 65}, {"to": "a\0"}, {"to": "a" * 65}])
def test_fields_that_cannot_be_kept(alice_here: Client, room: Room, storage: Path, fields: dict[str, str]) -> None:
    assert send(alice_here, room, b"figures", "report.html", **fields).status_code == 400
    assert not storage.exists()


def test_a_flood_is_not_scanned(alice_here: Client, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "OFTEN_MAX", 0)
    monkeypatch.setattr(files, "_taken", None)
    assert send(alice_here, room).json()["code"] == "slow_down"


def test_said_twice_at_once_it_is_there_once(
    alice_here: Client, room: Room, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither request finds the other's line before it writes its own."""
    send(alice_here, room, key="k")
    answers = [ChatMessage.objects.get(), None]
    monkeypatch.setattr(chat, "_said_before", lambda _line: answers.pop())
    assert send(alice_here, room, key="k").status_code == 200
    assert (answers, len(list(storage.iterdir())), ChatMessage.objects.count()) == ([], 1, 1)


def test_what_is_taken_back_is_gone(
    alice_here: Client, room: Room, storage: Path, django_capture_on_commit_callbacks: Any
) -> None:
    send(alice_here, room)
    chat.delete(Session.objects.select_related("room").get(), str(ChatMessage.objects.get().pk))
    assert list(storage.iterdir()) == []
    assert ChatMessage.objects.get().body()["file"] is None


def test_malware(alice_here: Client, room: Room, settings: Any, storage: Path) -> None:
    settings.CHAT_FILE_SCANNER = SCANNER
    answer = send(alice_here, room, EICAR)
    assert (answer.status_code, answer.json()["message"]) == (422, "This file was refused: it contains malware.")
    assert send(alice_here, room, b"clean").status_code == 200
    assert b"".join(fetch(alice_here, room)) == b"clean"
    settings.CHAT_FILE_SCANNER = f'{sys.executable} -c "import sys; sys.exit(2)"'
    assert send(alice_here, room, b"clean").status_code == 503
    assert len(list(storage.iterdir())) == 1


class Clamd(socketserver.StreamRequestHandler):
    """Speaks clamd's protocol: takes a stream, finds what has EICAR in it."""

    def handle(self) -> None:
        """Answer one request."""
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.wfile.write(b"stream: Eicar FOUND\0" if b"EICAR" in content else b"stream: OK\0")


@pytest.fixture
def clamd() -> Iterator[str]:
    """Give the address of a scanner."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"clamd:127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_clamd(alice_here: Client, room: Room, settings: Any, clamd: str) -> None:
    settings.CHAT_FILE_SCANNER = clamd
    assert send(alice_here, room, EICAR * 3000).status_code == 422
    assert send(alice_here, room, b"clean" * 30_000).status_code == 200
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.CHAT_FILE_SCANNER = f"clamd:127.0.0.1:{closed.getsockname()[1]}"
        assert send(alice_here, room, b"clean").status_code == 503


@pytest.mark.parametrize("setting", ["clamd:nowhere", "clamd:host:port", "/no/such/program --flag"])
def test_a_scanner_that_cannot_work_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        malware.scanner(setting)
