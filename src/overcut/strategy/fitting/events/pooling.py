"""How what was fitted is written down: rounded, so that the file is short and says no more than is known."""

from __future__ import annotations

from collections.abc import Mapping

from overcut.strategy.fitting.events.mixed import Mixed
from overcut.strategy.model import Estimate
from overcut.strategy.parameters.events import Pooled

_DIGITS = 4


def pooled(mixed: Mixed, circuits: str = "", seasons: str = "", shift: float = 0.0) -> Pooled:
    """A fit as parameters.

    Args:
        mixed: the fit.
        circuits, seasons: names of its groupings by circuit and by season; empty where it has none.
        shift: added to the level.
    """
    return Pooled(
        level=Estimate(round(mixed.level.mean + shift, _DIGITS), round(mixed.level.sd, _DIGITS)),
        circuit_sd=round(mixed.sd.get(circuits, 0.0), _DIGITS),
        season_sd=round(mixed.sd.get(seasons, 0.0), _DIGITS),
        circuits=rounded(mixed.effects.get(circuits, {})),
        seasons={int(year): one for year, one in rounded(mixed.effects.get(seasons, {})).items()},
    )


def rounded(effects: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """The same to four digits."""
    return {name: Estimate(round(one.mean, _DIGITS), round(one.sd, _DIGITS)) for name, one in effects.items()}
