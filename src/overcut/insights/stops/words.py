"""How is a recommendation said in one plain sentence whose every number is a typed fact?"""

from __future__ import annotations

from collections.abc import Callable

from overcut.domain.tyres import Compound
from overcut.insights.stops.answers import CheapStop, DuelKind, PitWindow, ReasonFigure, Rejoin, StopDuel, StopReason
from overcut.strategy.model import TrackStatus

Names = Callable[[str], str]

FLAGS = {
    TrackStatus.SC: "the safety car",
    TrackStatus.VSC: "the virtual safety car",
    TrackStatus.RED: "the red flag",
    TrackStatus.GREEN: "green",
}


class Sentence:
    """A sentence in the making: words, and numbers that are kept as figures."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._figures: list[ReasonFigure] = []

    def say(self, words: str) -> Sentence:
        """Words without a number."""
        self._parts.append(words)
        return self

    def seconds(self, name: str, value: float) -> Sentence:
        """A time to a tenth."""
        return self._figure(name, round(value, 1), "s", f"{value:.1f} s")

    def lap(self, name: str, value: int) -> Sentence:
        """A lap's number."""
        return self._figure(name, value, "lap", f"lap {value}")

    def place(self, name: str, value: int) -> Sentence:
        """A place, as P7."""
        return self._figure(name, value, "place", f"P{value}")

    def share(self, name: str, value: float) -> Sentence:
        """A chance in per cent."""
        return self._figure(name, round(100 * value), "%", f"{100 * value:.0f} %")

    def count(self, name: str, value: float, unit: str) -> Sentence:
        """So many laps."""
        told = f"{value:.0f}"
        return self._figure(name, round(value), unit, f"{told} {unit if told != '1' else unit.rstrip('s')}")

    def done(self) -> StopReason:
        """The sentence, with its full stop."""
        return StopReason("".join(self._parts) + ".", tuple(self._figures))

    def _figure(self, name: str, value: float, unit: str, told: str) -> Sentence:
        self._parts.append(told)
        self._figures.append(ReasonFigure(name, float(value), unit))
        return self


def stop_now(
    compound: Compound,
    wait_s: float | None,
    found: PitWindow,
    place: Rejoin | None,
    cheap: CheapStop | None,
    threat: StopDuel | None,
    names: Names,
) -> StopReason:
    """Why to come in at the end of this lap.

    Args:
        compound: to fit. ``wait_s``: what the best later lap costs more (negative: less); None where there is none.
        found: the window. ``place``: where it rejoins. ``cheap``: under a neutralisation.
        threat: the duel that makes it urgent. ``names``: a driver's code by number.
    """
    told = Sentence().say(f"Stop now for {compound.value.lower()}s: ")
    if cheap is not None and cheap.saved_s > 0.5:
        told.say("a stop costs ").seconds("loss_s", cheap.loss_s).say(
            f" under {FLAGS[TrackStatus(cheap.status)]} against "
        )
        told.seconds("green_loss_s", cheap.green_loss_s).say(" under green")
    elif threat is not None:
        _threat(told, threat, names)
    elif wait_s is not None and wait_s > 0:
        told.say("waiting for a later lap costs ").seconds("wait_s", wait_s)
    elif found.last_lap is not None:
        told.say("the window is open to ").lap("last_lap", found.last_lap)
        if wait_s is not None:
            told.say(" and waiting gains no more than ").seconds("wait_gain_s", max(0.0, -wait_s))
    else:
        told.say("it ends ahead of the other plans in most simulated races")
    if place is not None:
        told.say(", and it rejoins ").place("rejoin_place", place.place)
        if place.ahead is not None and place.gap_ahead_s is not None:
            told.say(", ").seconds("gap_ahead_s", place.gap_ahead_s).say(f" behind {names(place.ahead)}")
    return told.done()


def _threat(told: Sentence, threat: StopDuel, names: Names) -> None:
    if threat.kind is DuelKind.UNDERCUT:
        told.say("stopping before ").say(names(threat.rival)).say(" gains ").seconds("gain_s", threat.gain_s)
        told.say(" on a gap of ").seconds("gap_s", threat.gap_s).say(", a ").share("chance", threat.chance)
        told.say(" chance to be ahead after both stops")
    else:
        told.say(names(threat.attacker)).say(" gains ").seconds("gain_s", threat.gain_s)


def stop_later(
    lap: int, compound: Compound, now_s: float | None, place: Rejoin | None, held_up: bool, names: Names
) -> StopReason:
    """Why to wait until the end of ``lap``; ``now_s``: what stopping now costs more; ``held_up``: in traffic."""
    told = Sentence().say("Stay out until ").lap("stop_lap", lap).say(f", then {compound.value.lower()}s: ")
    if now_s is None:
        told.say("the tyres that are on are the quickest way there")
    elif now_s >= 0.05:
        told.say("stopping now would cost ").seconds("now_s", now_s).say(" more by the flag")
    else:
        told.say("stopping now is no quicker by the flag")
    if held_up and place is not None and place.ahead is not None and place.stuck_laps >= 0.5:
        told.say(" and would rejoin ").place("rejoin_place", place.place)
        told.say(f" behind {names(place.ahead)} for about ").count("stuck_laps", max(1.0, place.stuck_laps), "laps")
    return told.done()


def stay_out(stop_s: float | None, laps_left: int) -> StopReason:
    """Why not to stop again; ``stop_s``: what the best further stop costs more."""
    told = Sentence().say("Stay out to the flag, ").count("laps_left", laps_left, "laps").say(" away: ")
    if stop_s is None:
        return told.say("there is no lap left on which a stop could pay").done()
    if stop_s <= 0:
        return told.say("another stop gains nothing that track position does not give").done()
    return told.say("another stop costs ").seconds("stop_s", stop_s).say(" more than it gains").done()
