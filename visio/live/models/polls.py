"""Polls: one question to everybody in a gathering. Of an anonymous one nobody can tell who chose what."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visio.attendance.models import Gathering

QUESTION_MAX = 300
OPTION_MAX = 150
OPTIONS_MAX = 12
POLLS_MAX = 50
"""In one gathering."""


class VoteError(Exception):
    """A vote that does not count: the poll is closed, the choice is none of its own, or the person has voted."""


class Poll(models.Model):
    """A question with options; `votes` counts those for each option, in the same order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="polls")
    question = models.CharField(_("question"), max_length=QUESTION_MAX)
    options = models.JSONField(_("options"))
    votes = models.JSONField(_("votes"))
    is_multiple = models.BooleanField(_("several choices"))
    is_anonymous = models.BooleanField(_("anonymous"))
    is_shown = models.BooleanField(_("everybody sees the result"), default=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        ordering = ("made_at", "id")

    def __str__(self) -> str:
        return self.question

    @property
    def is_open(self) -> bool:
        """Say whether one may still vote."""
        return self.closed_at is None

    def close(self) -> None:
        """Take no more votes."""
        Poll.objects.filter(pk=self.pk, closed_at=None).update(closed_at=timezone.now())

    def vote(self, identity: str, name: str, choices: Collection[int]) -> None:
        """Count the vote of a person, instead of their former one in a named poll. Raise `VoteError` otherwise."""
        chosen = sorted(set(choices))
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Poll.objects.select_for_update())
            if not self.is_open or not self._offers(chosen):
                raise VoteError
            for choice in self._former(identity):
                self.votes[choice] -= 1
            for choice in chosen:
                self.votes[choice] += 1
            self._keep(identity, name, chosen)
            self.save(update_fields=["votes"])

    def _offers(self, chosen: list[int]) -> bool:
        is_right_count = len(chosen) >= 1 if self.is_multiple else len(chosen) == 1
        return is_right_count and all(0 <= choice < len(self.options) for choice in chosen)

    def _former(self, identity: str) -> list[int]:
        ballot = None if self.is_anonymous else self.ballots.filter(identity=identity).first()
        return ballot.choices if ballot else []

    def _keep(self, identity: str, name: str, chosen: list[int]) -> None:
        if not self.is_anonymous:
            values = {"name": name[:255], "choices": chosen}
            Ballot.objects.update_or_create(poll=self, identity=identity, defaults=values)
            return
        try:
            with transaction.atomic():
                Ballot.objects.create(poll=self, identity=identity)
        except IntegrityError as error:
            raise VoteError from error

    def names(self) -> list[list[str]]:
        """Give who chose each option; nobody in an anonymous poll, or when it is forgotten."""
        found: list[list[str]] = [[] for _option in self.options]
        for ballot in self.ballots.exclude(name="").order_by("name", "pk"):
            for choice in ballot.choices:
                found[choice].append(ballot.name)
        return found


class Ballot(models.Model):
    """That a person has voted; name and choices are empty in an anonymous poll."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="ballots")
    identity = models.CharField(max_length=255)
    name = models.CharField(max_length=255, blank=True)
    choices = models.JSONField(default=list)
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """No number that counts up: it would tell in which order people voted."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("poll", "identity"), name="ballot_once"),)

    def __str__(self) -> str:
        return str(self.poll_id)
