"""Files in the chat: taken with a line, looked at for malware, given back only to those who may read that line."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from suite.lib.malware import ScannerError, scanner
from visio.live import chat, readers, seat
from visio.live.downloads import Download
from visio.live.models import ChatFile, ChatMessage
from visio.live.models.chat import NAME_MAX
from visio.live.protocol import FROM_BROWSER, MessageError, check
from visio.rooms import names
from visio.rooms.abilities import Action
from visio.rooms.models import Room
from visio.signalling.models import Session

MEGABYTE = 1_000_000
UNNAMED = "file"
NAMES = ("key", "reply_to", "to")
"""The fields beside the text."""


@dataclass(frozen=True, slots=True)
class _RefusedError(Exception):
    status: HTTPStatus
    message: str


@require_POST
def send(request: HttpRequest, slug: str) -> JsonResponse:
    """Say a line with a file, for who may write in the chat; the fields are those of `chat.send`, and `file`."""
    try:
        given = _fields(request)
        here = seat.visiting(slug, request.COOKIES)
        to = given["to"] or None
        room, session = here.writer(Action.SEND_FILES, *([Action.CHAT_PRIVATELY] if to else []))
        chat.check_pace(session)  # before the scanner has work with it
        file = _taken(request, room)
        _say(session, chat.Draft(given["text"], given["key"], given["reply_to"] or None, to, file))
    except MessageError as error:
        return JsonResponse({"code": error.code, "message": error.message}, status=HTTPStatus.FORBIDDEN)
    except _RefusedError as error:
        return JsonResponse({"code": "refused", "message": error.message}, status=error.status)
    return JsonResponse({})


def _fields(request: HttpRequest) -> dict[str, str]:
    """Give the text fields of a request. Raise `_RefusedError` for what the companion socket would not read either."""
    kinds = {name: FROM_BROWSER["chat.send"][name] for name in NAMES}
    given = {name: request.POST.get(name, "") for name in NAMES}
    try:
        check(given, kinds)
    except MessageError as error:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, error.message) from error
    return {**given, "text": request.POST.get("text", "")}


def _say(session: Session, draft: chat.Draft) -> None:
    """Say the line; a file that no line has taken goes again."""
    file = draft.file
    try:
        chat.say(session, draft)
    finally:
        if file is not None and not ChatFile.objects.filter(pk=file.pk).exists():
            file.content.delete(save=False)


def _taken(request: HttpRequest, room: Room) -> ChatFile:
    """Give the file of a request, stored. Raise `_RefusedError` for one that is too large or not clean."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, _("There is no file, or it is empty."))
    if sent.size > settings.CHAT_FILE_MAX_MB * MEGABYTE:
        words = _("This file is too large: at most %(limit)d MB.") % {"limit": settings.CHAT_FILE_MAX_MB}
        raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
    if _stored_bytes(room) + sent.size > settings.CHAT_FILES_MAX_MB * MEGABYTE:
        words = _("The files of this meeting are too large together: at most %(limit)d MB.")
        raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words % {"limit": settings.CHAT_FILES_MAX_MB})
    _check(sent)
    name = names.clean((sent.name or "").replace("/", " ").replace("\\", " "), NAME_MAX) or UNNAMED
    file = ChatFile(name=name, size_bytes=sent.size)
    file.content.save(file.pk.hex, sent, save=False)
    return file


def _stored_bytes(room: Room) -> int:
    """Give how much the files in the chat of the gathering that goes on have together."""
    files = ChatFile.objects.filter(message__gathering__room=room, message__gathering__ended_at=None)
    return int(files.aggregate(sum=Sum("size_bytes"))["sum"] or 0)


def _check(sent: File[bytes]) -> None:
    look = scanner(settings.CHAT_FILE_SCANNER)
    if look is None:
        return
    try:
        is_clean = look(sent)
    except ScannerError as error:
        words = _("The malware scanner does not answer, so no file can be sent at the moment.")
        raise _RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, words) from error
    if not is_clean:
        raise _RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, _("This file was refused: it contains malware."))
    sent.seek(0)


@require_GET
def fetch(request: HttpRequest, slug: str, file_id: str) -> Download:
    """Give a file to who may read its line: somebody in the meeting, or a member afterwards. Others find nothing."""
    try:
        here = seat.visiting(slug, request.COOKIES)
    except MessageError as error:
        raise Http404 from error
    room = here.room()
    file = ChatFile.objects.filter(pk=file_id, message__in=_readable(here, room)).first()
    if file is None:
        raise Http404
    answer = Download(
        file.content.open(), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _readable(here: seat.Seat, room: Room) -> QuerySet[ChatMessage]:
    lines = ChatMessage.objects.filter(gathering__room=room, deleted_at=None).read_by(here.identity)
    goes_on = Q(gathering__ended_at=None)
    is_present = here.is_inside and readers.is_present(room, here.identity)
    if here.is_member:
        return lines if is_present else lines.exclude(goes_on)
    return lines.filter(goes_on) if is_present else lines.none()
