"""Why a meeting can be over for one person, in words for the goodbye page."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Why(TextChoices):
    """The reason, and the title that the page has for it."""

    LEFT = "left", _("You left the meeting")
    ELSEWHERE = "elsewhere", _("You are in this meeting in another place")
    REMOVED = "removed", _("You were removed from the meeting")
    SIGNED_OUT = "signed_out", _("You have signed out")
    CLOSED = "closed", _("The meeting is over")
    EXCESS = "excess", _("The connection was closed")
    REFUSED = "refused", _("You could not enter the meeting again")
    LOST = "lost", _("The connection could not be made again")

    @property
    def explanation(self) -> Promise:
        """Give what the page says below its title."""
        return EXPLANATIONS[self]

    @property
    def may_return(self) -> bool:
        """Say whether the page offers the way back."""
        return self is not Why.CLOSED

    @property
    def way_back(self) -> Promise:
        """Give the words on the way back."""
        return WAYS_BACK.get(self, ENTER_AGAIN)


RATED = (Why.LEFT, Why.CLOSED, Why.LOST, Why.EXCESS)
"""After these somebody is asked how the meeting was."""
ENTER_AGAIN = _("Enter again")
WAYS_BACK = {
    Why.ELSEWHERE: _("Take it back here"),
    Why.REMOVED: _("Ask to enter again"),
    Why.REFUSED: _("Try again"),
    Why.LOST: _("Try again"),
}
EXPLANATIONS = {
    Why.LEFT: _("Your microphone and your camera are off. The others can no longer see or hear you."),
    Why.ELSEWHERE: _("Another tab or device took over. The meeting goes on there; you can take it back here."),
    Why.REMOVED: _("Somebody who manages the room ended your participation. You can ask to come back; they decide."),
    Why.SIGNED_OUT: _("Your sign-in has ended, and with it your participation. Sign in to enter the meeting again."),
    Why.CLOSED: _("The room was closed for everybody."),
    Why.EXCESS: _("This browser sent more than one person may send here. You can enter the meeting again."),
    Why.REFUSED: _("The room may be full, or no longer open to you. Please try again in a moment."),
    Why.LOST: _("Check your network. The meeting may still be going on, and you can enter it again."),
}
