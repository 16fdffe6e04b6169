"""What does a plan typed at a terminal mean: ``25 hard, 41 soft``, ``SC 30 4``, ``rain 20 10``, ``push 12``?"""

from __future__ import annotations

import re

from overcut.domain.tyres import Compound
from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model import PaceMode
from overcut.strategy.whatif.questions import (
    InterruptionAsked,
    InterruptionKind,
    PaceAsked,
    PlanAsked,
    RainAsked,
    StopAsked,
)

ACTUAL, TEAMS, NONE = "actual", "teams", "none"
"""Plans with a name: the stops that were made, what teams usually do, and no stop."""

_COMPOUNDS = (Compound.SOFT, Compound.MEDIUM, Compound.HARD, Compound.INTERMEDIATE, Compound.WET)
_STOP = re.compile(r"^(\d{1,3})\s*[:\s]?\s*([A-Za-z]+)(?:\s*[:\s]\s*(\d{1,3}))?$")
_NAMED = re.compile(r"^([^=]{1,80})=(.*)$")
_PLAN_SAYS = 'for example "25 hard, 41 soft", "actual", "teams" or "none"'


def named_plan(text: str) -> tuple[str, str]:
    """The name and the rest of ``undercut = 22 hard``; without a name the plan names itself."""
    match = _NAMED.match(text.strip())
    if match is None:
        return text.strip(), text.strip()
    return match[1].strip(), match[2].strip()


def plan_of(text: str) -> PlanAsked | None:
    """The plan of ``25 hard, 41 soft 3`` (lap, compound, laps on the set), ``start medium`` before the race; None for
    ``teams``.

    Raises:
        WrongUsageError: it is none.
    """
    wanted = text.strip().lower()
    if wanted == TEAMS:
        return None
    if wanted == ACTUAL:
        return PlanAsked()
    if wanted == NONE:
        return PlanAsked(stops=())
    stops: list[StopAsked] = []
    start: Compound | None = None
    for part in (piece.strip() for piece in re.split(r"[,;]", text)):
        if part.lower().startswith("start"):
            start = compound_of(part[len("start") :].strip())
            continue
        match = _STOP.match(part)
        if match is None:
            raise WrongUsageError(f"No stop is told by {part[:40]!r}", hint=_PLAN_SAYS)
        stops.append(StopAsked(int(match[1]), compound_of(match[2]), int(match[3] or 0)))
    return PlanAsked(stops=tuple(stops), start=start)


def compound_of(text: str) -> Compound:
    """A compound by its name or its first letter.

    Raises:
        WrongUsageError: there is none of this name.
    """
    wanted = text.strip().upper()
    found = [one for one in _COMPOUNDS if wanted and one.value.startswith(wanted)]
    if not found:
        raise WrongUsageError(
            f"There is no compound {text[:40]!r}", hint=f"compounds are {', '.join(one.value for one in _COMPOUNDS)}"
        )
    return found[0]


def interruption_of(kind: InterruptionKind, text: str) -> InterruptionAsked:
    """A neutralisation from ``30`` or ``30 4``: the lap, and for how many laps.

    Raises:
        WrongUsageError: it is no lap.
    """
    numbers = _numbers(text, f"a {kind}", "30, or 30:4 for four laps")
    return InterruptionAsked(kind, int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 4)


def rain_of(text: str) -> RainAsked:
    """Rain from ``20``, ``20:10`` or ``20:10:0.2``: the lap, for how many laps, wetness gained a lap.

    Raises:
        WrongUsageError: it is no lap.
    """
    numbers = _numbers(text, "rain", "20, 20:10 for ten laps, or 20:10:0.2 for heavy rain")
    laps = int(numbers[1]) if len(numbers) > 1 else 10
    return RainAsked(int(numbers[0]), laps, numbers[2] if len(numbers) > 2 else 0.1)


def pace_of(text: str) -> PaceAsked:
    """A change of pace from ``30 push``.

    Raises:
        WrongUsageError: it names no lap or no mode.
    """
    lap, _, mode = text.strip().replace(":", " ").partition(" ")
    modes = {one.value for one in PaceMode}
    if not lap.isdecimal() or mode.strip().lower() not in modes:
        raise WrongUsageError(f"No pace is told by {text[:40]!r}", hint=f'"30 push"; modes are {", ".join(modes)}')
    return PaceAsked(int(lap), PaceMode(mode.strip().lower()))


def _numbers(text: str, what: str, example: str) -> list[float]:
    try:
        numbers = [float(part) for part in re.split(r"[:\s]+", text.strip())]
    except ValueError as error:
        raise WrongUsageError(f"{text[:40]!r} does not say when {what} comes", hint=example) from error
    if not 1 <= len(numbers) <= 3 or any(not abs(number) < 1e6 for number in numbers):
        raise WrongUsageError(f"{text[:40]!r} does not say when {what} comes", hint=example)
    return numbers
