"""Telemetry messages for tests, packed as the feed packs them."""

from __future__ import annotations

import base64
import zlib


def packed(text: str | bytes) -> bytes:
    """A quoted base64 string of raw deflate."""
    stream = zlib.compressobj(wbits=-15)
    data = stream.compress(text.encode() if isinstance(text, str) else text) + stream.flush()
    return b'"' + base64.b64encode(data) + b'"'
