"""Who is where in a practice or qualifying session: by best lap time, as the feed's board has it."""

from __future__ import annotations

from collections.abc import Sequence

from overcut.domain.durations import format_gap
from overcut.sources.tables.colours import Colours
from overcut.sources.tables.log import Patch

IN_LAST_PART = 10
"""Cars in the last part of a qualifying; of the others, half leave after each of the first two parts."""


class TimedOrder:
    """The order of a timed session and what it tells of each car as it changes.

    Cars with a time come first, by time (of equals, the earlier), then those without one as they stood, then those
    knocked out.
    """

    def __init__(self, numbers: Sequence[str], *, parts: bool) -> None:
        self._order = list(numbers)
        self._parts = parts
        self._part = 1 if parts else 0
        self._out: list[str] = []
        self._told: dict[str, Patch] = {}
        self._set_at: dict[str, tuple[int, int]] = {}
        self._times = 0

    def lines(self, colours: Colours) -> dict[str, Patch]:
        """What changed of positions and gaps since the last call, by car."""
        self._rank(colours)
        best = {number: found[0] for number in self._order if (found := colours.best(number)) is not None}
        leader = self._order[0] if self._order else ""
        changed: dict[str, Patch] = {}
        for index, number in enumerate([*self._order, *self._out]):
            line: Patch = {"Line": index + 1, "Position": str(index + 1)}
            if number in best and leader in best:
                ahead = best.get(self._order[index - 1], best[number]) if index else best[number]
                line |= self._gaps(
                    format_gap(best[number] - best[leader]) if index else "",
                    format_gap(best[number] - ahead) if index else "",
                )
            known = self._told.get(number, {})
            fresh = {name: value for name, value in line.items() if known.get(name) != value}
            if fresh:
                self._told[number] = line
                changed[number] = fresh
        return changed

    def begin_part(self, part: int) -> dict[str, Patch]:
        """The next part begins: the lines of the cars that are not in it, and those that are lose their times."""
        self._part = part
        size = IN_LAST_PART if part >= 3 else IN_LAST_PART + (len(self._order) + len(self._out) - IN_LAST_PART) // 2
        leaving = self._order[size:]
        self._order, self._out = self._order[:size], leaving + self._out
        self._told.clear()
        self._set_at.clear()
        lines: dict[str, Patch] = {number: {"KnockedOut": True} for number in leaving}
        for number in self._order:
            lines[number] = {"BestLapTime": {"Value": "", "_deleted": ["Lap"]}}
        return lines

    def _gaps(self, to_first: str, to_ahead: str) -> Patch:
        if not self._parts:
            return {"TimeDiffToFastest": to_first, "TimeDiffToPositionAhead": to_ahead}
        stats = {"TimeDiffToFastest": to_first, "TimeDifftoPositionAhead": to_ahead}
        return {"Stats": {str(self._part - 1): stats}}

    def _rank(self, colours: Colours) -> None:
        for number in self._order:
            best = colours.best(number)
            if best is None:
                self._set_at.pop(number, None)
            elif self._set_at.get(number, (0, 0))[0] != best[0]:
                self._times += 1
                self._set_at[number] = (best[0], self._times)
        timed = sorted((number for number in self._order if number in self._set_at), key=self._set_at.__getitem__)
        self._order = timed + [number for number in self._order if number not in self._set_at]
