"""The board in a terminal: rows in order, colours of the sport, redrawn in place while a session plays."""

from __future__ import annotations

import sys
import time
from typing import Literal

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from overcut.domain.durations import format_gap, format_lap_time, format_offset
from overcut.domain.events import AnyEvent
from overcut.domain.flags import CarStatus, TrackStatus
from overcut.domain.frame import FrameSource
from overcut.domain.state import CarState, Gap, SessionState, TimedLap
from overcut.domain.tyres import Compound, Stint
from overcut.runtime.replay import replay
from overcut.sources.source import Source
from overcut.timing.engine import Engine

REDRAWS_PER_SECOND = 8
NAMES_FROM_WIDTH = 104
NAME_COLUMN = 2

_TYRE_STYLE: dict[Compound, str] = {
    Compound.HYPERSOFT: "bold bright_magenta",
    Compound.ULTRASOFT: "bold magenta",
    Compound.SUPERSOFT: "bold red",
    Compound.SOFT: "bold red",
    Compound.MEDIUM: "bold yellow",
    Compound.HARD: "bold white",
    Compound.INTERMEDIATE: "bold green",
    Compound.WET: "bold blue",
}
_FLAG_STYLE: dict[TrackStatus, str] = {
    TrackStatus.CLEAR: "black on green",
    TrackStatus.YELLOW: "black on yellow",
    TrackStatus.SAFETY_CAR: "black on dark_orange",
    TrackStatus.VSC: "black on dark_orange",
    TrackStatus.VSC_ENDING: "black on dark_orange",
    TrackStatus.RED: "white on red",
    TrackStatus.UNKNOWN: "dim",
}
_LETTERS = {
    Compound.HYPERSOFT: "HS",
    Compound.ULTRASOFT: "US",
    Compound.SUPERSOFT: "SS",
    Compound.SUPERHARD: "SH",
    Compound.UNKNOWN: "?",
    Compound.TEST_UNKNOWN: "?",
}
"""Compounds whose first letter is not enough; the others are known by theirs."""
_SHOWN_STATUS = {
    CarStatus.PIT: "PIT",
    CarStatus.OUT: "OUT LAP",
    CarStatus.STOPPED: "STOPPED",
    CarStatus.RETIRED: "RETIRED",
    CarStatus.KNOCKED_OUT: "OUT",
    CarStatus.FINISHED: "FINISHED",
}


def watch(source: Source, speed: float | None) -> None:
    """Play ``source`` and show its board: live on a terminal at a finite speed, else once at the end."""
    console = Console()
    if speed is None or not sys.stdout.isatty():
        engine = replay(source, speed=speed)
        console.print(board(engine.state(), console.width))
        return
    drawn_at = 0.0
    with Live(console=console, auto_refresh=False, screen=True) as live:

        def redraw(engine: Engine, events: list[AnyEvent]) -> None:
            nonlocal drawn_at
            if time.monotonic() - drawn_at >= 1 / REDRAWS_PER_SECOND:
                live.update(board(engine.state(), console.width), refresh=True)
                drawn_at = time.monotonic()

        engine = replay(source, speed=speed, on_events=redraw)
    console.print(board(engine.state(), console.width))


def board(state: SessionState, width: int = 120) -> Group:
    """The whole board of ``state``, for a terminal of ``width`` columns; full names only where there is room."""
    named = width >= NAMES_FROM_WIDTH
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    columns: tuple[tuple[str, Literal["left", "right"]], ...] = (
        ("", "right"),
        ("", "left"),
        ("", "left"),
        ("LAPS", "right"),
        ("GAP", "right"),
        ("INT", "right"),
        ("LAST", "right"),
        ("BEST", "right"),
        ("TYRES", "left"),
        ("PIT", "right"),
        ("", "left"),
    )
    for index, (title, align) in enumerate(columns):
        if named or index != NAME_COLUMN:
            table.add_column(title, justify=align, no_wrap=True)
    for car in state.order():
        cells = _row(car)
        table.add_row(*(cells if named else [*cells[:NAME_COLUMN], *cells[NAME_COLUMN + 1 :]]))
    return Group(_header(state), table, _footer(state))


def _row(car: CarState) -> list[Text | str]:
    out = car.status in (CarStatus.RETIRED, CarStatus.KNOCKED_OUT)
    return [
        str(car.position or ""),
        Text("▌", style=car.colour) + Text(_plain(car.code or car.number), style="dim" if out else "bold"),
        Text(_plain(car.name), style="dim"),
        str(car.laps or ""),
        _gap(car.gap, leader=car.position == 1),
        _gap(car.interval, leader=car.position == 1),
        _lap(car.last_lap),
        _lap(car.best_lap),
        _tyres(car.stints),
        str(car.pit_stops or ""),
        Text(_SHOWN_STATUS.get(car.status, ""), style="dim"),
    ]


def _gap(gap: Gap | None, *, leader: bool) -> str:
    if gap is None:
        return "—" if leader else ""
    if gap.ms is not None:
        return format_gap(gap.ms)
    return f"+{gap.laps} LAP{'S' if gap.laps != 1 else ''}"


def _lap(lap: TimedLap | None) -> Text:
    if lap is None or lap.ms is None:
        return Text("")
    style = "magenta" if lap.overall_best else "green" if lap.personal_best else ""
    return Text(format_lap_time(lap.ms), style=style)


def _tyres(stints: list[Stint]) -> Text:
    text = Text()
    for index, stint in enumerate(stints):
        letter = _LETTERS.get(stint.compound, stint.compound.value[0])
        text.append(" " if index else "").append(letter, style=_TYRE_STYLE.get(stint.compound, "dim"))
        text.append(str(stint.age_laps), style="dim")
    return text


def _plain(text: str) -> str:
    """Words of the feed without what a terminal would obey (escape sequences, line ends)."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _header(state: SessionState) -> Text:
    meeting = state.meeting
    text = Text(_plain(f"{meeting.name or state.key} · {meeting.session or 'session'}"), style="bold")
    if state.simulated:
        text.append("  SIMULATED ", style="bold black on cyan")
    if state.source is FrameSource.RECONSTRUCTED:
        text.append("  RECONSTRUCTED ", style="bold black on bright_blue")
    text.append(f"  {format_offset(state.t_ms)[:8]}", style="dim")
    if state.lap and state.lap.total:
        text.append(f"  lap {state.lap.current}/{state.lap.total}")
    text.append("  ").append(f" {state.track.value.replace('_', ' ').upper()} ", style=_FLAG_STYLE[state.track])
    return text


def _footer(state: SessionState) -> Text:
    text = Text()
    for message in list(state.messages.values())[-3:]:
        text.append(f"\n{format_offset(message.t_ms)[:8]}  ", style="dim").append(_plain(message.text))
    defects = dict(state.defects)
    total = sum(defect.count for defect in defects.values())
    if total:
        text.append(f"\n{total} unusable piece(s) of input:", style="yellow")
        for defect in defects.values():
            told = _plain(f"{defect.count} x {defect.topic}: {defect.kind} (first: {defect.example})")
            text.append(f"\n  {told}", style="dim")
    return text
