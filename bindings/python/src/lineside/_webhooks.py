"""For receivers of webhooks, and for what plays a sender in their tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from ._base import EPOCH
from ._binding import core


def verify_webhook(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime | None = None,
    tolerance: timedelta = timedelta(minutes=5),
) -> datetime:
    """Checks that a webhook's signing secret signed exactly this body, and not long ago; says when it was sent.
    `headers` are the request's, whatever the case of their names. Errors: unauthenticated (act as if nothing had
    come), invalid_argument (the secret is none).
    """
    given = {name.lower(): value for name, value in headers.items()}
    millisecond = timedelta(milliseconds=1)
    sent_at = core.verify_webhook(
        secret,
        given.get("webhook-id", ""),
        given.get("webhook-timestamp", ""),
        given.get("webhook-signature", ""),
        body,
        ((now or datetime.now(timezone.utc)) - EPOCH) // millisecond,
        tolerance // millisecond,
    )
    return EPOCH + sent_at * millisecond


def sign_webhook(secret: str, id: str, body: bytes, *, at: datetime | None = None) -> dict[str, str]:
    """The headers of a webhook with this body, as its sender makes them: to test a receiver. Errors: invalid_argument
    (the secret is none; the id is empty or has a full stop).
    """
    sent = ((at or datetime.now(timezone.utc)) - EPOCH) // timedelta(milliseconds=1)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(sent // 1000),
        "webhook-signature": core.sign_webhook(secret, id, sent, body),
    }
