"""What does pushing gain and cost, and what does saving?

No public source measures the modes. These are round figures near what teams tell on the radio and in debriefs: pushing
is worth a quarter of a second on a lap of 90 s and wears the tyre as a quarter more laps would; saving the reverse.
"""

from __future__ import annotations

from typing import NamedTuple

from overcut.strategy.model import PaceMode


class ModeEffect(NamedTuple):
    """What a mode does: lap time added, as a share of the lap; laps of wear that a lap costs."""

    lap_share: float
    wear: float


EFFECTS = {
    PaceMode.PUSH: ModeEffect(-0.0028, 1.25),
    PaceMode.NORMAL: ModeEffect(0.0, 1.0),
    PaceMode.SAVE: ModeEffect(0.0045, 0.7),
}
