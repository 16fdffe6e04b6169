"""How well are real rejoins and duels forecast, race by race, from nothing but what was known on the lap before?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import polars as pl

from overcut.insights.stops.answers import DuelKind
from overcut.insights.stops.duels import Contest, quick_duel
from overcut.insights.stops.lap_costs import lap_costs
from overcut.insights.stops.picture import StopSettings
from overcut.insights.stops.plan_costs import NEVER, plan_costs
from overcut.insights.stops.rejoin import arrival_s, place_chances
from overcut.insights.stops.rivals import outlook, still_to_lose
from overcut.insights.stops.scoring import DuelFought, LapBook, StopMade
from overcut.insights.stops.simulated import duel_outcomes, rejoin_places
from overcut.insights.stops.stop_loss import losses_by_lap, stop_loss_s
from overcut.insights.stops.traffic import pass_table
from overcut.insights.stops.window import curve
from overcut.strategy.model import Race
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.situation import SessionFacts, situation

FIRST_LAP = 3
"""Stops before it are repairs."""
REACH_S = 5.0


class RejoinCase(msgspec.Struct, frozen=True):
    """One real stop: the place taken at the end of its out-lap, and what was forecast a lap before the stop.

    Attributes:
        lap: the in-lap. ``before``, ``place``: places at the line before the in-lap and after the out-lap.
        green: no neutralisation on the laps around it.
        quick, simulated: chances of place 1, 2, … ``arithmetic``: place by gap and usual loss alone.
        status: the flag when it was forecast.
    """

    session_key: str
    driver_number: str
    lap: int
    before: int
    place: int
    green: bool
    quick: tuple[float, ...]
    simulated: tuple[float, ...]
    arithmetic: int
    status: str = "green"


class DuelCase(msgspec.Struct, frozen=True):
    """One real duel: what was forecast a lap before the first of the two stops, and whether the attacker won it.

    ``age_gap``: laps by which the attacker's set is older than the rival's.
    """

    session_key: str
    attacker: str
    rival: str
    kind: DuelKind
    lap: int
    laps: int
    gap_s: float
    ahead: bool
    quick: float
    simulated: float
    quick_gain_s: float
    gain_s: float
    age_gap: int = 0


class Evidence(msgspec.Struct, frozen=True):
    """All cases of one race; ``skipped`` stops could not be asked about (a car that was out by the table)."""

    rejoins: tuple[RejoinCase, ...]
    duels: tuple[DuelCase, ...]
    skipped: int


def evidence(
    parameters: ParameterSet, session: SessionFacts, laps: pl.DataFrame, settings: StopSettings | None = None
) -> Evidence:
    """Every stop and every fought duel of a race, each forecast from the lap before the in-lap.

    Args:
        parameters: fitted on nothing of this race nor later. ``session``, ``laps``: the race.
        settings: how much is simulated.
    """
    chosen, told = settings or StopSettings(), LapBook(laps)
    stops = [stop for stop in told.stops() if stop.lap > FIRST_LAP and stop.place is not None]
    duels = [duel for duel in told.duels(REACH_S) if duel.lap >= FIRST_LAP]
    rejoins: list[RejoinCase] = []
    fought: list[DuelCase] = []
    skipped = 0
    for lap in sorted({stop.lap - 1 for stop in stops} | {duel.lap for duel in duels}):
        if not 1 <= lap < session.laps - 1:
            continue
        race = situation(parameters, session, laps, lap=lap)
        here = [stop for stop in stops if stop.lap == lap + 1]
        cases = _rejoins(race, here, told, chosen)
        skipped += len(here) - len(cases)
        rejoins += cases
        fought += _duels(race, [duel for duel in duels if duel.lap == lap], chosen)
    return Evidence(tuple(rejoins), tuple(fought), skipped)


def _fits(race: Race) -> dict[int, int]:
    """What each running car would take now, by the cost curve."""
    costs = lap_costs(race)
    losses = losses_by_lap(race, costs.neutral)
    plans = plan_costs(costs, losses, race.lap + 2, race.circuit.laps)
    found: dict[int, int] = {}
    for car, state in enumerate(race.states):
        if not state.retired:
            told = curve(race, car, costs, losses, plans)
            if told.laps.size and told.cost[0].min() < NEVER:
                found[car] = int(told.cost[0].argmin())
    return found


def _rejoins(race: Race, stops: Sequence[StopMade], told: LapBook, settings: StopSettings) -> list[RejoinCase]:
    fits, costs = _fits(race), lap_costs(race)
    ahead = outlook(race, costs)
    index = {car.driver_number: at for at, car in enumerate(race.cars)}
    asked = [(index[stop.driver_number], stop) for stop in stops if index.get(stop.driver_number) in fits]
    compounds = costs.compounds
    simulated = rejoin_places(
        race, [(car, compounds[fits[car]]) for car, _ in asked], settings.near_races, settings.seed, settings.threads
    )
    found: list[RejoinCase] = []
    for car, stop in asked:
        if car not in simulated or stop.place is None:
            continue
        arrives = arrival_s(race, car, compounds[fits[car]], costs, ahead)
        quick = place_chances(race, car, arrives, costs, ahead)
        found.append(
            RejoinCase(
                race.session_key, stop.driver_number, stop.lap,
                told.places.get((stop.driver_number, stop.lap - 1), race.states[car].position), stop.place, stop.green,
                tuple(round(float(one), 5) for one in quick),
                tuple(round(float(one), 5) for one in simulated[car].chances), _arithmetic(race, car),
                race.track.status.value,
            )
        )  # fmt: skip
    return found


def _arithmetic(race: Race, car: int) -> int:
    """The place by what everybody does in the head: gaps at the line and the usual loss."""
    behind = np.array([state.behind_s for state in race.states]) + still_to_lose(race)
    running = np.array([not state.retired for state in race.states])
    after = behind[car] + stop_loss_s(race.circuit, race.cars[car], race.track.status)
    others = running.copy()
    others[car] = False
    return int((behind[others] < after).sum()) + 1


def _duels(race: Race, duels: Sequence[DuelFought], settings: StopSettings) -> list[DuelCase]:
    index, fits = {car.driver_number: at for at, car in enumerate(race.cars)}, _fits(race)
    contests: list[tuple[Contest, DuelFought]] = []
    for duel in duels:
        attacker, rival = index.get(duel.attacker), index.get(duel.rival)
        if attacker in fits and rival in fits and race.lap + 2 + duel.laps <= race.circuit.laps:
            gap = race.states[attacker].behind_s - race.states[rival].behind_s
            contests.append(
                (Contest(attacker, rival, gap, duel.kind, duel.laps, fits[attacker], fits[rival]), duel)
            )  # fmt: skip
    if not contests:
        return []
    costs = lap_costs(race)
    losses, ahead, passes = losses_by_lap(race, costs.neutral), outlook(race, costs), pass_table(race)
    simulated = duel_outcomes(race, [one for one, _ in contests], settings.near_races, settings.seed, settings.threads)
    found: list[DuelCase] = []
    for (contest, duel), told in zip(contests, simulated, strict=True):
        quick = quick_duel(race, contest, costs, ahead, losses, passes)
        ages = race.states[contest.attacker].tyre_age - race.states[contest.rival].tyre_age
        found.append(
            DuelCase(
                race.session_key, duel.attacker, duel.rival, duel.kind, duel.lap, duel.laps, duel.gap_s, duel.ahead,
                round(quick.chance, 5), round(told.chance, 5), round(quick.gain_s, 3), round(told.gain_s, 3), ages,
            )
        )  # fmt: skip
    return found
