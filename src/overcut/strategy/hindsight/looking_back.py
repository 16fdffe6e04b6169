"""What would have been the best plan of each driver of a finished race: with what was known then, and in hindsight?

Four plans of a driver meet the same race: neutralised and rained on as the real one was, with the rivals who finished
making the stops that they made. (1) What it did. (2) The best plan from the grid by the optimiser, which knew neither
safety cars nor rain nor the rivals' stops; in the race it reacts to them as teams do. (3) That plan, thought over at
each caution and rain (`hindsight.advised`). (4) The best plan for that very race. Their differences come from races
with luck that had no part in finding the plans.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from overcut.kernel.errors import OvercutError
from overcut.strategy.hindsight.advised import advised
from overcut.strategy.hindsight.answers import SCHEMA_VERSION, DriverHindsight, Missed, PlanInHindsight, RaceHindsight
from overcut.strategy.model import Plan, Race, Scenario
from overcut.strategy.optimiser.answers import told
from overcut.strategy.optimiser.limits import PlanLimits, compounds_needed
from overcut.strategy.optimiser.objectives import Aim, Sample, value_of
from overcut.strategy.optimiser.racing import Cancelled, CancelledError, Contest, Setting
from overcut.strategy.optimiser.search import QUICK, Effort, Question, best_answer
from overcut.strategy.whatif.answers import ActualCar
from overcut.strategy.whatif.asking import Happened, actual_plan, as_it_was

COMPARED_RACES = 1024
"""Races of each of the compared plans."""
CHOSEN_RACES = 256
"""Races by which the best plan for the race as it came is chosen among what was found and what was done."""
SEARCHED, CHOSEN, COMPARED = 0, 700, 800
"""Numbers of the first round of races of each step, so that no luck is used twice."""

Progress = Callable[[int, int], None]


class LookingBack(msgspec.Struct, frozen=True):
    """How a race is looked back at: the search's ``effort``, ``limits``, ``seed``, ``threads``; ``races`` compared."""

    effort: Effort = QUICK
    limits: PlanLimits = PlanLimits(most_stops=4)
    seed: int = 0
    threads: int | None = None
    races: int = COMPARED_RACES


def look_back(
    race: Race,
    happened: Happened,
    how: LookingBack | None = None,
    *,
    drivers: Sequence[str] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> RaceHindsight:
    """Every driver's race in hindsight.

    Args:
        race: on its grid (lap 0). ``happened``: all that happened in it. ``how``: seeds and effort.
        drivers: only these, by racing number. ``progress``: told after each driver (done, of).
        cancelled: asked now and then.

    Raises:
        OvercutError: the race is not over, or does not begin on its grid.
        CancelledError: the caller no longer wants the answer.
    """
    how = how or LookingBack()
    if race.lap != 0 or not happened.finished:
        raise OvercutError(
            "Hindsight needs the whole race", why="it is not over, or was not taken from its grid", hint="ask later"
        )
    world = world_of(race, happened)
    cars = sorted(happened.cars, key=lambda car: (car.finish is None, car.finish or 0, -car.laps))
    wanted = [car for car in cars if drivers is None or car.driver_number in drivers]
    found: list[DriverHindsight] = []
    for done, car in enumerate(wanted, start=1):
        found.append(_driver(race, world, car, how, cancelled))
        if progress is not None:
            progress(done, len(wanted))
    return RaceHindsight(
        SCHEMA_VERSION,
        race.session_key,
        race.circuit.season,
        how.races,
        how.seed,
        tuple(found),
        sum(interruption.laps for interruption in world.interruptions),
        sum(rain.laps for rain in world.rain),
        assumptions(race),
    )


def world_of(race: Race, happened: Happened) -> Scenario:
    """The race as it came: its neutralisations and rain, and the stops of those who finished it."""
    interruptions, rain = as_it_was(race, happened.periods)
    plans = {car.driver_number: actual_plan(car, race) for car in happened.cars if _known(race, car)}
    return Scenario("as it was", plans, interruptions, rain, only_these=True)


def assumptions(race: Race) -> tuple[str, ...]:
    """What the answer rests on."""
    return (
        "The race as it came: its neutralisations and its rain, on their laps; no others.",
        "Rivals who finished make the stops that they made; those who retired race on as teams do, retiring by chance.",
        "Pace as it was known on the grid; sets: new ones of every compound without limit.",
        f"Parameters: {race.provenance or 'those of the race as given'}; drawn anew for each simulated race.",
    )


def _known(race: Race, car: ActualCar) -> bool:
    """Whether the car finished and each of its tyres is known."""
    here = {tyre.compound.value for tyre in race.circuit.tyres}
    return car.finish is not None and car.start in here and all(stop.compound in here for stop in car.stops)


def _why_not(race: Race, car: ActualCar) -> str:
    if car.finish is None:
        return "it did not finish"
    if not _known(race, car):
        return "not all of its tyres are known"
    if all(entry.driver_number != car.driver_number for entry in race.cars):
        return "it is not on the grid"
    plan = actual_plan(car, race)
    dry = {plan.start, *(stop.compound for stop in plan.stops)}
    if len(dry) < compounds_needed(race) and not any(compound in ("INTERMEDIATE", "WET") for compound in dry):
        return "it used one compound only: tyres changed while the race was suspended are not all recorded"
    return ""


def _driver(
    race: Race, world: Scenario, car: ActualCar, how: LookingBack, cancelled: Cancelled | None
) -> DriverHindsight:
    number = car.driver_number
    entry = next((one for one in race.cars if one.driver_number == number), None)
    if entry is None:
        return DriverHindsight(number, number, "", car.finish, judged=False, why_not="it is not on the grid")
    why_not = _why_not(race, car)
    if why_not:
        return DriverHindsight(number, entry.driver, entry.team, car.finish, judged=False, why_not=why_not)
    actual = actual_plan(car, race)
    ask = Question(race, number, limits=how.limits, effort=how.effort, seed=how.seed, threads=how.threads)
    foresight = best_answer(ask, cancelled).best
    in_world = msgspec.structs.replace(ask, scenario=world, known=(actual, foresight))
    searched = best_answer(in_world, cancelled).best
    advice = advised(race, number, world, foresight, how.limits, how.seed, threads=how.threads, cancelled=cancelled)
    hindsight = _chosen(race, number, world, [searched, actual, foresight, advice], how, cancelled)
    samples = _compared(race, number, world, [actual, foresight, advice, hindsight, None], how, cancelled)
    a, f, b, h, usual = (samples[plan] for plan in (actual, foresight, advice, hindsight, None))
    return DriverHindsight(
        number,
        entry.driver,
        entry.team,
        car.finish,
        judged=True,
        actual=_valued(actual, a),
        foresight=_valued(foresight, f),
        advised=_valued(advice, b),
        hindsight=_valued(hindsight, h),
        usual=_valued(None, usual),
        missed=_missed(h, a),
        foreseeable=_missed(f, a),
        advisable=_missed(b, a),
        gained=_missed(a, usual),
    )


def _chosen(
    race: Race, number: str, world: Scenario, plans: Sequence[Plan], how: LookingBack, cancelled: Cancelled | None
) -> Plan:
    """The best of the plans by races of their own: what was done may have been the best there is."""
    contest = Contest(Setting(race, number, world, how.seed, how.threads), Aim(), cancelled, seeds_at=CHOSEN)
    contest.join(dict.fromkeys(plans))
    contest.run(CHOSEN_RACES)
    best = contest.racing[0]
    return plans[0] if best is None else best


def _compared(
    race: Race,
    number: str,
    world: Scenario,
    plans: Sequence[Plan | None],
    how: LookingBack,
    cancelled: Cancelled | None,
) -> dict[Plan | None, Sample]:
    contest = Contest(Setting(race, number, world, how.seed, how.threads), Aim(), cancelled, seeds_at=COMPARED)
    contest.join(dict.fromkeys(plans))
    contest.run(how.races)
    return {plan: contest.sample(plan) for plan in plans}


def _valued(plan: Plan | None, sample: Sample) -> PlanInHindsight:
    return PlanInHindsight(
        plan, told(plan), value_of(sample.points), value_of(sample.position), value_of(sample.time_s)
    )


def _missed(better: Sample, worse: Sample) -> Missed:
    seconds = worse.time_s - better.time_s
    return Missed(
        value_of(better.points - worse.points),
        value_of(worse.position - better.position),
        value_of(seconds[np.isfinite(seconds)]),
    )


__all__ = ["CancelledError", "LookingBack", "look_back", "world_of"]
