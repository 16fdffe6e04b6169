"""How does every car's next stop stand at a moment of a race?"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple

import msgspec
import numpy as np

from overcut.insights.stops.advice import Advice, Candidate, Held, advise, candidates
from overcut.insights.stops.answers import (
    Action,
    CarStops,
    Cause,
    CheapStop,
    DuelKind,
    PitWindow,
    Recommendation,
    Rejoin,
    StopDuel,
    StopReason,
    StopsAnswer,
)
from overcut.insights.stops.duels import Contest, QuickDuel, contests, quick_duel
from overcut.insights.stops.lap_costs import Floats, LapCosts, lap_costs
from overcut.insights.stops.plan_costs import NEVER, PlanCosts, plan_costs
from overcut.insights.stops.rejoin import rejoin
from overcut.insights.stops.rivals import Outlook, outlook
from overcut.insights.stops.simulated import SimulatedDuel, SimulatedRejoin, duel_outcomes, rejoin_places
from overcut.insights.stops.stop_loss import losses_by_lap, stop_loss_s
from overcut.insights.stops.traffic import pass_table, traffic_by_lap
from overcut.insights.stops.window import Curve, curve, plan_after, window
from overcut.insights.stops.words import Names, stay_out, stop_later, stop_now
from overcut.strategy.model import Race, TrackStatus

THREAT = 0.45
"""A duel with at least this chance is a reason to name."""


DUE_LAPS = 5
"""A car whose window opens later than this is not simulated: what it will do is not yet a question."""
LIKELY_GREEN = 0.5
"""Laps on which the neutralisation lasts with less than this chance are taken for green when prices are compared."""
SETTLED_LAPS = 4
"""Cars on a set that is no older than this are in no duel: they have just stopped."""


class StopSettings(msgspec.Struct, frozen=True):
    """How much is simulated.

    Attributes:
        near_races: races per car and per duel, a few laps each; 0: the quick forms alone.
        races: whole races for each plan that is compared; 0: the cost curves alone.
        seed: of the luck. ``threads``: of the simulator; None: as many as there are cores.
    """

    near_races: int = 100
    races: int = 100
    seed: int = 1
    threads: int | None = None


class _Board(NamedTuple):
    """What all cars share at a moment."""

    race: Race
    costs: LapCosts
    losses: Floats
    plans: PlanCosts
    ahead: Outlook
    passes: Floats


def stops_of(
    race: Race,
    settings: StopSettings | None = None,
    *,
    t_ms: int | None = None,
    cause: Cause = Cause.ASKED,
    held: Mapping[str, Held] | None = None,
) -> StopsAnswer:
    """Every running car's window, rejoin, duels, cheap stop and recommendation.

    Args:
        race: as it stands at the end of a lap (0: on the grid). ``settings``: how much is simulated.
        t_ms: when, in the session's own time. ``cause``: what made us ask.
        held: advice given before, by driver number; it is kept while nothing is clearly better.
    """
    chosen = settings or StopSettings()
    board = _board(race)
    running = [car for car, state in enumerate(race.states) if not state.retired]
    curves = {car: curve(race, car, board.costs, board.losses, board.plans) for car in running}
    windows = {car: _window(board, car, found) for car, found in curves.items()}
    fits = {
        car: int(found.cost[0].argmin())
        for car, found in curves.items()
        if found.laps.size and found.cost[0].min() < NEVER
    }
    due = {car for car in fits if _due(race, car, windows[car])}
    places = _places(board, fits, due, chosen)
    duels = _duels(board, {car: fits[car] for car in due if windows[car].stops_left}, chosen)
    before = held or {}
    options = {
        car: candidates(
            race, car, found, windows[car], board.costs, board.plans, before.get(race.cars[car].driver_number)
        )
        for car, found in curves.items()
    }
    margins = {car: margin for car in running if (margin := _margin(windows[car], options[car])) is not None}
    soon = {car for car in options if car in due or (windows[car].best_lap is None and len(options[car]) > 1)}
    advice = advise(race, options, margins, soon, chosen.races, chosen.seed, chosen.threads)
    digest = inputs_digest(race, chosen, before)
    cars: list[CarStops] = []
    for car in sorted(running, key=lambda one: race.states[one].position):
        state, model = race.states[car], race.cars[car]
        mine = tuple(duel for duel in duels if model.driver_number in (duel.attacker, duel.rival))
        cheap = _cheap(board, car, curves[car], places.get(car))
        said = _recommendation(board, car, curves[car], windows[car], places.get(car), cheap, mine, advice[car])
        told = msgspec.structs.replace(said, t_ms=t_ms, cause=cause, inputs=digest)
        cars.append(
            CarStops(
                model.driver_number, model.driver, state.position, state.compound, state.tyre_age, state.stops,
                windows[car], places.get(car), mine, cheap, told,
            )
        )  # fmt: skip
    return StopsAnswer(
        race.session_key, race.lap, race.circuit.laps, t_ms, race.track.status.value, round(race.track.wetness, 3),
        tuple(cars), race.provenance,
    )  # fmt: skip


def _due(race: Race, car: int, told: PitWindow) -> bool:
    """Whether a stop is a question for the car now: its window is near, or a flag or water makes it one."""
    if race.states[car].tyre_age < SETTLED_LAPS:
        return False
    if race.track.status is not TrackStatus.GREEN or race.track.wetness > 0.0 or race.track.raining:
        return True
    return told.first_lap is not None and told.first_lap <= race.lap + 1 + DUE_LAPS


def inputs_digest(race: Race, settings: StopSettings, held: Mapping[str, Held]) -> str:
    """What tells one moment's inputs from another's: a hash of the race as told to the simulator, the settings, and
    the advice that held."""
    return blake2b(msgspec.json.encode((race, settings, sorted(held.items()))), digest_size=8).hexdigest()


def _board(race: Race) -> _Board:
    costs = lap_costs(race)
    losses = losses_by_lap(race, costs.neutral)
    plans = plan_costs(costs, losses, race.lap + 2, race.circuit.laps)
    return _Board(race, costs, losses, plans, outlook(race, costs), pass_table(race))


def _window(board: _Board, car: int, found: Curve) -> PitWindow:
    fits = found.cost.argmin(axis=1) if found.laps.size else np.zeros(0, np.int64)
    held = traffic_by_lap(board.race, car, found.laps, fits, board.costs, board.ahead, board.losses, board.passes)
    left = 0
    if found.laps.size and found.best < NEVER and found.cost.min() <= found.stay:
        row, compound = np.unravel_index(int(found.cost.argmin()), found.cost.shape)
        fitted = board.costs.compounds[int(compound)]
        left = len(plan_after(board.race, car, int(found.laps[int(row)]), fitted, board.costs, board.plans))
    return window(found, board.costs, held, left)


def _places(board: _Board, fits: dict[int, int], due: set[int], settings: StopSettings) -> dict[int, Rejoin]:
    race, compounds = board.race, board.costs.compounds
    simulated: dict[int, SimulatedRejoin] = {}
    if settings.near_races and race.lap:
        stops = [(car, compounds[at]) for car, at in fits.items() if car in due]
        simulated = rejoin_places(race, stops, settings.near_races, settings.seed, settings.threads)
    found = {
        car: rejoin(race, car, compounds[at], board.costs, board.ahead, board.passes, simulated.get(car))
        for car, at in fits.items()
        if race.lap
    }
    return {car: told for car, told in found.items() if told is not None}


def _duels(board: _Board, fits: dict[int, int], settings: StopSettings) -> list[StopDuel]:
    race = board.race
    if not race.lap:
        return []
    found = contests(race, fits)
    quick = [quick_duel(race, one, board.costs, board.ahead, board.losses, board.passes) for one in found]
    simulated: list[SimulatedDuel] = []
    if settings.near_races and found:
        simulated = duel_outcomes(race, found, settings.near_races, settings.seed, settings.threads)
    return [
        _duel(race, one, form, simulated[index] if simulated else None)
        for index, (one, form) in enumerate(zip(found, quick, strict=True))
    ]


def _duel(race: Race, contest: Contest, quick: QuickDuel, simulated: SimulatedDuel | None) -> StopDuel:
    gain, sd, chance = simulated or (quick.gain_s, quick.sd_s, quick.chance)
    return StopDuel(
        attacker=race.cars[contest.attacker].driver_number,
        rival=race.cars[contest.rival].driver_number,
        kind=contest.kind,
        laps=contest.laps,
        gap_s=round(contest.gap_s, 3),
        gain_s=round(gain, 2),
        sd_s=round(sd, 2),
        chance=round(chance, 3),
        simulated=simulated is not None,
        quick_gain_s=round(quick.gain_s, 2),
        quick_chance=round(quick.chance, 3),
        terms=quick.terms,
    )


def _cheap(board: _Board, car: int, found: Curve, place: Rejoin | None) -> CheapStop | None:
    race = board.race
    if race.track.status is TrackStatus.GREEN or not found.laps.size:
        return None
    now = stop_loss_s(race.circuit, race.cars[car], race.track.status)
    green = stop_loss_s(race.circuit, race.cars[car], TrackStatus.GREEN)
    later = found.cost[board.costs.neutral[found.laps] < LIKELY_GREEN].min(initial=found.stay)
    pays = bool(found.cost[0].min() < later)
    return CheapStop(
        race.track.status.value, round(now, 2), round(green, 2), round(green - now, 2),
        free=place is not None and place.free, worth_it=pays,
    )  # fmt: skip


def _margin(told: PitWindow, ones: list[Candidate]) -> float | None:
    """By how much the best candidate is ahead of the cheapest lap that is another plan."""
    if not ones:
        return None
    first = ones[0]
    others = [
        lap.cost_s + lap.traffic_s - first.cost_s
        for lap in told.laps
        if first.stop_lap is None or abs(lap.lap - first.stop_lap) > 2
    ]
    return min(others, default=None)


def _recommendation(
    board: _Board,
    car: int,
    found: Curve,
    told: PitWindow,
    place: Rejoin | None,
    cheap: CheapStop | None,
    duels: tuple[StopDuel, ...],
    advice: Advice,
) -> Recommendation:
    race, chosen = board.race, advice.chosen
    model, names = race.cars[car], _names(race)
    by_lap = {lap.lap: lap for lap in told.laps}
    now = by_lap.get(race.lap + 1)
    best_s = min((one.cost_s + one.traffic_s for one in told.laps), default=0.0)
    action, why = Action.STAY_OUT, StopReason("")
    if chosen.stop_lap is None or chosen.compound is None:
        stop_s = None if not told.laps or told.stay_s is None else -told.stay_s
        why = stay_out(stop_s, race.circuit.laps - race.lap)
    elif chosen.stop_lap == race.lap + 1:
        action = Action.STOP_NOW
        later = [lap.cost_s + lap.traffic_s for lap in told.laps if lap.lap > race.lap + 1]
        wait = min(later) - chosen.cost_s if later else None
        why = stop_now(chosen.compound, wait, told, place, cheap, _threat(duels, model.driver_number), names)
    else:
        action = Action.STOP_LATER
        now_s = None if now is None else now.cost_s + now.traffic_s - best_s
        held_up = now is not None and now.traffic_s > 0.5 and race.states[car].tyre_age >= SETTLED_LAPS
        why = stop_later(chosen.stop_lap, chosen.compound, now_s, place, held_up, names)
    in_laps = None if chosen.stop_lap is None else chosen.stop_lap - race.lap - 1
    return Recommendation(
        model.driver_number, model.driver, race.lap, None, Cause.ASKED, action, chosen.stop_lap, in_laps,
        chosen.compound, advice.confidence, why, advice.options, advice.races, "",
    )  # fmt: skip


def _threat(duels: tuple[StopDuel, ...], number: str) -> StopDuel | None:
    """The car's own undercut, where it is likely enough to be a reason."""
    mine = [duel for duel in duels if duel.attacker == number and duel.kind is DuelKind.UNDERCUT]
    return next((duel for duel in mine if duel.chance >= THREAT), None)


def _names(race: Race) -> Names:
    codes = {car.driver_number: car.driver for car in race.cars}
    return lambda number: codes.get(number, number)
