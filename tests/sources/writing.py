"""Archive folders for tests, written as the archive serves them."""

from __future__ import annotations

import json
from pathlib import Path

from overcut.domain.durations import format_offset


def stream(lines: list[tuple[int, object]]) -> bytes:
    """One topic's file: byte-order mark, stamped JSON lines, CRLF."""
    text = "".join(
        f"{format_offset(t_ms)}{json.dumps(patch, separators=(',', ':'), ensure_ascii=False)}\r\n"
        for t_ms, patch in lines
    )
    return b"\xef\xbb\xbf" + text.encode()


def write_session(folder: Path, topics: dict[str, list[tuple[int, object]]]) -> Path:
    """A session folder with these topics."""
    folder.mkdir(parents=True, exist_ok=True)
    for topic, lines in topics.items():
        (folder / f"{topic}.jsonStream").write_bytes(stream(lines))
    return folder
