"""Where the preferences of an account are kept."""

from __future__ import annotations

from django.db import transaction

from suite.identity.models import User
from visio.preferences import schema


def of(user: User) -> schema.Values:
    """Give every preference of `user`."""
    return schema.whole(user.preferences)


def change(user: User, said: object, *, afresh: bool) -> schema.Values:
    """Change what `said` names, or replace all (`afresh`), and give every preference.

    Raise `PreferencesError`. Two windows that change different things at once both succeed.
    """
    with transaction.atomic():
        held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        held.preferences = schema.changed({} if afresh else schema.known(held.preferences), said)
        held.save(update_fields=("preferences",))
    return of(held)
