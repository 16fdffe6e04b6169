"""Does this machine have what Overcut needs: each check looks at one thing and says what to do where it is missing."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import msgspec

from overcut import cli
from overcut.kernel.settings import Settings, load_settings
from overcut.server.web_app import find_web_app

CHECKOUT = Path(cli.__file__).resolve().parents[3]
"""The folder of the checkout when Overcut runs from one (`make setup` installs it so)."""

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = ((20, 19), (22, 12))
"""Vite 8 needs Node 20.19 or later in the 20 series, else 22.12 or later."""

ROOM_NEEDED_MB = 500
"""A simulated race with its telemetry takes some 40 MB; a little room is left for recordings."""

RELEASED_S = 1_795_000_000
"""November 2026: a clock that shows an earlier time is wrong."""


class Verdict(StrEnum):
    """What a check means for running Overcut."""

    FINE = "fine"
    OPTIONAL = "optional"  # absent; Overcut runs without
    MISSING = "missing"  # absent, and needed


class Finding(msgspec.Struct, frozen=True):
    """The outcome of one check: what was looked at, what was found, and what to do (empty where all is well)."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


def examine() -> tuple[Finding, ...]:
    """Every check, in the order in which a newcomer would mend them.

    Raises:
        WrongUsageError: the settings themselves cannot be read.
    """
    settings = load_settings()
    return (
        check_python(sys.version_info[:3]),
        check_packages(),
        check_web(settings.web_dist),
        check_node(),
        check_home(settings.home),
        check_room(settings.home),
        check_port(settings),
        check_browser(),
        check_recordings(CHECKOUT),
        check_clock(time.time()),
    )


def check_python(found: tuple[int, int, int]) -> Finding:
    """Python is new enough."""
    text = ".".join(map(str, found))
    if found[:2] >= OLDEST_PYTHON:
        return Finding("Python", Verdict.FINE, text)
    return Finding("Python", Verdict.MISSING, text, "install Python 3.11 or newer, then: make clean setup")


def check_packages() -> Finding:
    """Every library that Overcut declares is installed."""
    always = [line for line in requires("overcut") or [] if ";" not in line]  # others depend on the platform
    names = [re.split(r"[<>=!~ \[]", line, maxsplit=1)[0] for line in always]
    absent: list[str] = []
    for name in names:
        try:
            version(name)
        except PackageNotFoundError:
            absent.append(name)
    if absent:
        return Finding("libraries", Verdict.MISSING, f"without {', '.join(absent)}", "make setup")
    return Finding("libraries", Verdict.FINE, f"all {len(names)}")


def check_web(named: Path | None) -> Finding:
    """The board is built, in the folder that the settings name or where the server looks by itself."""
    folder = find_web_app(named)
    if folder is not None:
        return Finding("web app", Verdict.FINE, str(folder))
    where = f"not in {named}" if named else "not built"
    return Finding("web app", Verdict.MISSING, where, "make web (the API and the terminal work without)")


def check_node() -> Finding:
    """A Node that can build the web app."""
    path = shutil.which("node")
    advice = "nothing to do: make web brings one from PyPI"
    if path is None:
        return Finding("Node", Verdict.OPTIONAL, "none", advice)
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    match = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    found = (int(match[1]), int(match[2])) if match else (0, 0)
    if found >= OLDEST_NODE[1] or OLDEST_NODE[0] <= found < (21, 0):
        return Finding("Node", Verdict.FINE, answer.stdout.strip())
    return Finding("Node", Verdict.OPTIONAL, f"{answer.stdout.strip() or 'unknown'}, too old", advice)


def check_home(home: Path) -> Finding:
    """Overcut's folder can be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        advice = "set OVERCUT_HOME to a folder that you may write"
        return Finding("home folder", Verdict.MISSING, f"{home}: {error.strerror}", advice)
    return Finding("home folder", Verdict.FINE, str(home))


def check_room(home: Path) -> Finding:
    """There is room on the disk of Overcut's folder."""
    folder = next((place for place in (home, *home.parents) if place.is_dir()), Path("/"))
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb >= ROOM_NEEDED_MB:
        return Finding("disk", Verdict.FINE, f"{free_mb:,} MB free")
    advice = f"free {ROOM_NEEDED_MB} MB, or set OVERCUT_HOME to a larger disk"
    return Finding("disk", Verdict.MISSING, f"{free_mb} MB free", advice)


def check_port(settings: Settings) -> Finding:
    """The server could listen on its port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    address = f"{settings.host}:{settings.port}"
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            advice = "Overcut may be running already; else choose another: --port 0, or OVERCUT_PORT"
            return Finding("port", Verdict.OPTIONAL, f"{address}: {error.strerror}", advice)
    return Finding("port", Verdict.FINE, f"{address} is free")


def check_browser() -> Finding:
    """A browser that the demo can open."""
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return Finding("browser", Verdict.OPTIONAL, "none here", "open the printed address from another machine")
    return Finding("browser", Verdict.FINE, getattr(found, "name", "found"))


def check_recordings(checkout: Path) -> Finding:
    """Real recordings for the data tests."""
    folder = Path(os.environ.get("OVERCUT_SHARED") or checkout.parent / "shared")
    if (folder / "data" / "livetiming").is_dir():
        return Finding("recordings", Verdict.FINE, str(folder))
    advice = "only the data tests need them: set OVERCUT_SHARED; a simulated weekend stands in elsewhere"
    return Finding("recordings", Verdict.OPTIONAL, "none", advice)


def check_clock(now_s: float) -> Finding:
    """The clock shows a time after this release (seconds since the Unix epoch)."""
    text = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now_s))
    if now_s >= RELEASED_S:
        return Finding("clock", Verdict.FINE, text)
    return Finding("clock", Verdict.MISSING, text, "set the machine's clock: recordings are stamped with it")
