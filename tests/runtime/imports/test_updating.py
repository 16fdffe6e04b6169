"""The newest history is taken from the release; when that is lost, from what was downloaded before, which is said."""

from __future__ import annotations

import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from overcut.kernel.http import HttpPolicy
from overcut.lake import Lake
from overcut.runtime.imports.updating import last_race, update_history
from tests.history_data import write_f1db

QUICK = HttpPolicy(connect_s=2, read_s=2, attempts=2, first_s=0.001, most_s=0.002)


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_a_release_is_imported_and_stands_in_when_its_server_is_gone(tmp_path: Path) -> None:
    served = tmp_path / "served"
    served.mkdir()
    write_f1db(tmp_path / "f1db.db", seasons=(2023, 2024))
    with zipfile.ZipFile(served / "f1db-sqlite.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "f1db.db", "f1db.db")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(served)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/f1db-sqlite.zip"
    try:
        update = update_history(Lake(tmp_path / "first"), url, tmp_path / "cache", policy=QUICK)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert [(attempt.source, attempt.worked) for attempt in update.attempts] == [("F1DB", True)]
    assert update.stale == ""
    assert update.ends_with == "2024 round 5 (lakeside, 2024-07-15)"

    gone = update_history(
        Lake(tmp_path / "second"),
        url,
        tmp_path / "cache",
        jolpica_urls=["http://127.0.0.1:9/"],
        policy=QUICK,
        patient=QUICK,
    )
    assert [(attempt.source, attempt.worked) for attempt in gone.attempts] == [
        ("F1DB", False), ("downloaded before", True), ("Jolpica", False),
    ]  # fmt: skip
    assert gone.ends_with == update.ends_with
    assert "downloaded before" in gone.stale


def test_an_empty_lake_ends_with_nothing(tmp_path: Path) -> None:
    assert last_race(Lake(tmp_path / "lake")) == ""
