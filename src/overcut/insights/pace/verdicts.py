"""What a lap is worth as a witness of pace: the verdicts, and what each means."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """Why a lap counts or does not; the first that holds, in this order."""

    FIRST_LAP = "first_lap"
    NO_TIME = "no_time"
    IN_LAP = "in_lap"
    OUT_LAP = "out_lap"
    RED_FLAG = "red_flag"
    NEUTRALISED = "neutralised"
    YELLOW = "yellow"
    DOUBTFUL = "doubtful"
    WET = "wet"
    UNKNOWN_TYRE = "unknown_tyre"
    SLOW = "slow"
    FIGHT = "fight"
    TRAFFIC = "traffic"
    OUTLIER = "outlier"
    CLEAN = "clean"


MEANINGS: dict[Verdict, str] = {
    Verdict.NO_TIME: "no lap time was sent, or the row stands for a car that had retired",
    Verdict.FIRST_LAP: "standing start",
    Verdict.IN_LAP: "ended in the pits",
    Verdict.OUT_LAP: "began from the pits: speed limit and cold tyres",
    Verdict.RED_FLAG: "red flag during the lap",
    Verdict.NEUTRALISED: "safety car or virtual safety car during the lap",
    Verdict.YELLOW: "yellow flag somewhere during the lap",
    Verdict.DOUBTFUL: "sectors and lap time disagree, or the time is too long for a lap",
    Verdict.WET: "rain tyres, or up to 20 minutes after rain in which cars had them or a quarter of them did",
    Verdict.UNKNOWN_TYRE: "compound or tyre age is not known",
    Verdict.SLOW: "over 107 % of the race's median lap (in practice over 112 % of the quickest)",
    Verdict.FIGHT: "passed a car on track or was passed (lapped cars included)",
    Verdict.TRAFFIC: "within 2.0 s of the car ahead at the begin or the end of the lap",
    Verdict.OUTLIER: "further from the fitted pace than 3.5 robust standard deviations: a mistake, a lift, damage",
    Verdict.CLEAN: "counts",
}
"""One line for each verdict, for people."""
