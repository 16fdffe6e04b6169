"""Tokens of the right shape, signed by nobody."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from overcut.sources.live.token import now_utc_ms

HOUR_MS = 3_600_000


def _part(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def token(*, left_ms: int | None = 96 * HOUR_MS, **claims: object) -> str:
    ends = {} if left_ms is None else {"exp": (now_utc_ms() + left_ms) // 1000}
    head, body = {"alg": "RS256", "typ": "JWT"}, {"SubscriptionStatus": "active", **ends, **claims}
    return f"{_part(head)}.{_part(body)}.c2lnbmF0dXJl"


def cookie(text: str) -> str:
    return quote(json.dumps({"data": {"subscriptionStatus": "active", "subscriptionToken": text}, "profile": {"x": 1}}))
