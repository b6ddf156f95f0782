"""Lines of chat and their files. They belong to a gathering; the policy says how long after it they are kept."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visio.attendance.models import Gathering

NAME_MAX = 255


class ChatMessageQuerySet(models.QuerySet["ChatMessage"]):
    """Lines by who may read them and where they are."""

    def read_by(self, identity: str) -> ChatMessageQuerySet:
        """Give the lines that somebody may read: those to everybody, and the private ones from or to them."""
        return self.filter(models.Q(recipient="") | models.Q(recipient=identity) | models.Q(sender=identity))

    def whole(self) -> ChatMessageQuerySet:
        """Give the lines with all that `ChatMessage.body` needs."""
        return self.select_related("file")


class ChatMessage(models.Model):
    """One line. Name and card of the sender are those of the ticket with which they were in the room at that moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="chat", verbose_name=_("gathering"))
    first = models.BigIntegerField(_("number when it was said"))
    seq = models.BigIntegerField(_("number of its newest change"))
    sender = models.CharField(_("identity"), max_length=255)
    name = models.CharField(_("name"), max_length=NAME_MAX)
    card = models.JSONField(_("identity card"), default=dict)
    text = models.TextField(_("text"), blank=True)
    said_at = models.DateTimeField(_("said"), default=timezone.now)
    reply_to = models.UUIDField(_("answers"), null=True)
    recipient = models.CharField(_("only for"), max_length=255, blank=True)
    recipient_name = models.CharField(_("name of whom it is for"), max_length=NAME_MAX, blank=True)
    mentions = models.JSONField(_("mentions"), default=list)
    """Identities of those whose name stands in the text after an @."""
    key = models.CharField(_("name that the sender's program gave it"), max_length=64, blank=True)
    is_bridged = models.BooleanField(_("came from the media room"), default=False)
    edited_at = models.DateTimeField(_("edited"), null=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True)

    objects = ChatMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of chat")
        verbose_name_plural = _("lines of chat")
        ordering = ("gathering", "first")
        constraints = (
            models.UniqueConstraint(
                fields=("gathering", "sender", "key"), condition=~models.Q(key=""), name="chat_said_once"
            ),
        )
        indexes = (
            models.Index(fields=("gathering", "seq"), name="chat_changes"),
            models.Index(fields=("gathering", "first"), name="chat_order"),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.said_at:%Y-%m-%d %H:%M}"

    @property
    def audience(self) -> list[str] | None:
        """Give the identities of those who may read it, or nothing for everybody."""
        return [self.sender, self.recipient] if self.recipient else None

    def body(self) -> dict[str, Any]:
        """Give the whole line as the companion socket says it."""
        return {
            "type": "chat.line",
            "seq": self.seq,
            "first": self.first,
            "id": str(self.pk),
            "from": {"identity": self.sender, "name": self.name, "card": self.card},
            "text": self.text,
            "at": self.said_at.isoformat(),
            "reply_to": self.reply_to and str(self.reply_to),
            "to": {"identity": self.recipient, "name": self.recipient_name} if self.recipient else None,
            "mentions": self.mentions,
            "file": self.file.body() if hasattr(self, "file") else None,
            "edited": self.edited_at is not None,
            "deleted": self.deleted_at is not None,
        }


class ChatFile(models.Model):
    """What was sent with a line; its content is in Django's storage under a name that says nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.OneToOneField(ChatMessage, on_delete=models.CASCADE, related_name="file")
    content = models.FileField(_("content"), upload_to="chat/", max_length=100)
    name = models.CharField(_("name"), max_length=NAME_MAX)
    size_bytes = models.BigIntegerField(_("size"))

    class Meta:
        verbose_name = _("file in a chat")
        verbose_name_plural = _("files in chats")

    def __str__(self) -> str:
        return self.name

    def body(self) -> dict[str, Any]:
        """Give what is said of the file."""
        return {"id": str(self.pk), "name": self.name, "size": self.size_bytes}
