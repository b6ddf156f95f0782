"""Sending of one webhook: signed as LiveKit signs, tried again with growing pauses, given up in the end."""

from __future__ import annotations

import base64
import hashlib
import logging
from datetime import datetime, timedelta

import jwt
import requests
from django.conf import settings
from django.db.models import Min

from visio.integration.models import Delivery, Reporter, State

logger = logging.getLogger("visio.integration")

TOKEN_TTL = timedelta(minutes=5)
CONNECT_S, ANSWER_S = 3, 7
LEASE = timedelta(seconds=60)
"""Longer than one attempt takes: after it, an attempt of a process that died is made by another."""
PAUSE_MAX_S = 600
CONTENT_TYPE = "application/webhook+json"
KEPT_DELIVERED, KEPT_FAILED = timedelta(days=1), timedelta(days=30)


def attempt(delivery: Delivery, now: datetime) -> int | None:
    """Make the next attempt, if it is time and nobody else makes it; give the seconds until another is needed.

    0 says that it is settled, nothing that no attempt was made.
    Nothing is sent while an earlier event of the room is on its way: its arrival, or its end, brings this one on.
    """
    if delivery.has_older() or not delivery.claim(now, now + LEASE):
        return None
    delivery.attempts += 1
    delivery.answer = _post(delivery, now)
    if not delivery.answer:
        _settle(delivery, State.DELIVERED, body="")
        return 0
    if delivery.attempts >= settings.LIVEKIT_WEBHOOK_ATTEMPTS:
        logger.error(
            "webhook %s: given up after %d attempts (%s)", delivery.event_id, delivery.attempts, delivery.answer
        )
        _settle(delivery, State.FAILED)
        return 0
    pause_s: int = min(PAUSE_MAX_S, 2**delivery.attempts)
    logger.warning("webhook %s: %s, again in %d s", delivery.event_id, delivery.answer, pause_s)
    _settle(delivery, State.WAITING, due_at=now + timedelta(seconds=pause_s))
    return pause_s


def following(delivery: Delivery) -> Delivery | None:
    """Give the next event of the same room for the same address."""
    same = Delivery.objects.filter(url=delivery.url, room=delivery.room, state=State.WAITING)
    return same.order_by("pk").first()


def due(now: datetime) -> list[int]:
    """Give the deliveries to be attempted now: the earliest of each room and address."""
    firsts = Delivery.objects.filter(state=State.WAITING).order_by().values("url", "room").annotate(first=Min("pk"))
    waiting = Delivery.objects.filter(pk__in=[row["first"] for row in firsts], due_at__lte=now)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def again(delivery: Delivery, now: datetime) -> bool:
    """Let a delivery that was given up begin anew; say whether it was."""
    failed = Delivery.objects.filter(pk=delivery.pk, state=State.FAILED)
    return bool(failed.update(state=State.WAITING, attempts=0, due_at=now))


def purge(now: datetime) -> int:
    """Delete what is over; give how many."""
    delivered, _ = Delivery.objects.filter(state=State.DELIVERED, created_at__lt=now - KEPT_DELIVERED).delete()
    failed, _ = Delivery.objects.filter(state=State.FAILED, created_at__lt=now - KEPT_FAILED).delete()
    Reporter.objects.filter(seen_at__lt=now - KEPT_FAILED).delete()
    return delivered + failed


def sign(body: bytes, now: datetime) -> str:
    """Give the token that vouches for `body`, with the key of the setting."""
    key = settings.LIVEKIT_WEBHOOK_API_KEY
    claims = {
        "iss": key,
        "nbf": int(now.timestamp()),
        "exp": int((now + TOKEN_TTL).timestamp()),
        "sha256": base64.b64encode(hashlib.sha256(body).digest()).decode("ascii"),
    }
    return jwt.encode(claims, settings.LIVEKIT_API_KEYS[key], algorithm="HS256")


def _post(delivery: Delivery, now: datetime) -> str:
    """Send; give nothing when it arrived, else what happened. Neither a redirect nor an answer's text is followed."""
    body = delivery.body.encode()
    headers = {"Content-Type": CONTENT_TYPE, "Authorization": sign(body, now), "User-Agent": "Visio"}
    try:
        with requests.post(
            delivery.url,
            data=body,
            headers=headers,
            timeout=(CONNECT_S, ANSWER_S),
            allow_redirects=False,
            stream=True,
        ) as answer:
            return "" if answer.ok and not answer.is_redirect else f"HTTP {answer.status_code}"
    except requests.RequestException as error:
        return type(error).__name__


def _settle(delivery: Delivery, state: State, **values: object) -> None:
    values |= {"state": state, "answer": delivery.answer}
    Delivery.objects.filter(pk=delivery.pk).update(**values)
