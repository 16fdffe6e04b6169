from __future__ import annotations

from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.domain.tyres import Compound
from overcut.insights.stops.lap_costs import LapCosts, lap_costs, still_neutral
from overcut.insights.stops.plan_costs import NEVER, plan_costs
from overcut.insights.stops.stop_loss import excess_sample, losses_by_lap, mean_excess_s
from overcut.insights.stops.window import SENSIBLE_S, Curve, curve, owes, plan_after, window
from overcut.strategy.model import Race, RaceRules, TrackState, TrackStatus
from tests.insights.stops.races import spread_out, with_state


def solved(race: Race, car: int = 0) -> tuple[Curve, LapCosts]:
    costs = lap_costs(race)
    losses = losses_by_lap(race, costs.neutral)
    plans = plan_costs(costs, losses, race.lap + 2, race.circuit.laps)
    return curve(race, car, costs, losses, plans), costs


def driven(race: Race, car: int, stops: tuple[tuple[int, int], ...], costs: LapCosts) -> float:
    """Time to the flag with these stops (lap, compound), lap after lap: what the curve must agree with."""
    state, total = race.states[car], 0.0
    losses = losses_by_lap(race, costs.neutral)
    on, age, fresh = costs.index(state.compound), state.tyre_age, False
    for lap in range(race.lap + 1, race.circuit.laps + 1):
        total += costs.age_s[car, on, age] + costs.water_s[on, lap] + (costs.warm_up_s[on] if fresh else 0.0)
        age, fresh = age + 1, False
        for at, compound in stops:
            if at == lap:
                total += losses[car, lap]
                on, age, fresh = compound, 0, True
    return float(total)


def allowed(race: Race, car: int, stops: tuple[tuple[int, int], ...], costs: LapCosts) -> bool:
    used = {race.states[car].compound, *(costs.compounds[compound] for _, compound in stops)}
    wet = used & {Compound.INTERMEDIATE, Compound.WET}
    return bool(wet) or len(used) >= race.rules.compounds_required


@settings(max_examples=15)
@given(lap=st.integers(0, 5), age=st.integers(0, 20), loss=st.floats(5.0, 25.0), wear=st.floats(0.0, 0.4))
def test_curve_is_the_best_of_all_plans_of_up_to_two_stops(lap: int, age: int, loss: float, wear: float) -> None:
    race = spread_out(cars=2, laps=9, lap=lap, age=age)
    pit = msgspec.structs.replace(race.circuit.pit, loss_s=msgspec.structs.replace(race.circuit.pit.loss_s, mean=loss))
    tyres = tuple(
        msgspec.structs.replace(tyre, wear_s=msgspec.structs.replace(tyre.wear_s, mean=wear * (3 - rank)))
        for rank, tyre in enumerate(race.circuit.tyres[:3])
    )
    race = msgspec.structs.replace(race, circuit=msgspec.structs.replace(race.circuit, pit=pit, tyres=tyres))
    found, costs = solved(race, 1)
    for row, first in enumerate(found.laps):
        for compound in range(3):
            plans = [((int(first), compound),)]
            plans += [
                ((int(first), compound), (later, other)) for later, other in product(range(int(first) + 1, 9), range(3))
            ]
            best = min((driven(race, 1, plan, costs) for plan in plans if allowed(race, 1, plan, costs)), default=NEVER)
            # A third stop never pays on so few laps, but it may; the curve may only be better.
            assert found.cost[row, compound] <= best + 1e-9
            if loss > 15 and best < NEVER:
                assert found.cost[row, compound] == pytest.approx(best)


def test_staying_out_is_no_choice_where_another_compound_is_owed() -> None:
    assert solved(spread_out())[0].stay == NEVER
    race = with_state(spread_out(), 0, used=(Compound.SOFT, Compound.MEDIUM), stops=1)
    assert solved(race)[0].stay < NEVER


def test_wet_tyre_frees_from_the_second_compound_and_sprints_ask_for_none() -> None:
    race = spread_out()
    assert owes(race, race.states[0]) == (True, 0)
    wet = msgspec.structs.replace(race.states[0], compound=Compound.INTERMEDIATE)
    assert owes(race, wet) == (False, 0)
    sprint = msgspec.structs.replace(race, rules=RaceRules(compounds_required=1, sprint=True))
    assert owes(sprint, sprint.states[0]) == (False, 0)


def test_race_that_demands_two_stops_gets_plans_of_two() -> None:
    race = spread_out(lap=2, age=2)
    race = msgspec.structs.replace(race, rules=msgspec.structs.replace(race.rules, stops_required=2))
    found, costs = solved(race)
    losses = losses_by_lap(race, costs.neutral)
    plans = plan_costs(costs, losses, race.lap + 2, race.circuit.laps)
    row, compound = np.unravel_index(int(found.cost.argmin()), found.cost.shape)
    stops = plan_after(race, 0, int(found.laps[row]), costs.compounds[int(compound)], costs, plans)
    assert len(stops) >= 2
    assert [stop.lap for stop in stops] == sorted({stop.lap for stop in stops})


def test_window_holds_the_cheapest_lap_and_all_laps_in_it_are_sensible() -> None:
    race = spread_out()
    found, costs = solved(race)
    told = window(found, costs, np.zeros(found.laps.size), 1)
    assert told.first_lap is not None
    assert told.last_lap is not None
    assert told.best_lap is not None
    assert told.first_lap <= told.best_lap <= told.last_lap
    within = [lap for lap in told.laps if told.first_lap <= lap.lap <= told.last_lap]
    assert max(lap.cost_s for lap in within) <= SENSIBLE_S
    assert min(lap.cost_s for lap in told.laps) == 0.0
    outside = [lap for lap in told.laps if lap.lap in (told.first_lap - 1, told.last_lap + 1)]
    assert all(lap.cost_s > SENSIBLE_S for lap in outside)


def test_traffic_moves_the_window() -> None:
    found, costs = solved(spread_out())
    free = window(found, costs, np.zeros(found.laps.size), 1)
    assert free.best_lap is not None
    held = np.where(found.laps == free.best_lap, 20.0, 0.0)
    assert window(found, costs, held, 1).best_lap != free.best_lap


def test_no_window_on_the_last_lap_nor_where_no_stop_pays() -> None:
    race = with_state(spread_out(lap=39), 0, used=(Compound.SOFT, Compound.MEDIUM))
    found, costs = solved(race)
    assert window(found, costs, np.zeros(found.laps.size), 0).best_lap is None
    late = with_state(spread_out(lap=35, age=3), 0, used=(Compound.SOFT, Compound.MEDIUM))
    found, costs = solved(late)
    told = window(found, costs, np.zeros(found.laps.size), 0)
    assert told.best_lap is None
    assert told.stay_s is not None
    assert told.stay_s < -15


def test_stop_is_cheap_while_the_safety_car_lasts_and_dearer_lap_after_lap() -> None:
    race = spread_out(status="SC")
    losses = losses_by_lap(race, still_neutral(race))[0]
    green = losses_by_lap(spread_out(), still_neutral(spread_out()))[0]
    assert losses[race.lap + 1] == pytest.approx(green[-1] - 11.0)
    coming = losses[race.lap + 1 : race.lap + 12]
    assert (np.diff(coming) >= -1e-9).all()
    assert coming[-1] == pytest.approx(green[-1])


@given(since=st.integers(0, 12))
def test_neutralisation_that_flies_now_lasts_for_this_lap_and_ever_less_surely_after(since: int) -> None:
    race = spread_out()
    race = msgspec.structs.replace(race, track=TrackState(status=TrackStatus.VSC, since_laps=since))
    chances = still_neutral(race)[race.lap + 1 :]
    assert chances[0] == 1.0
    assert (np.diff(chances) <= 1e-12).all()
    assert chances.min() >= 0.0


def test_rain_brings_intermediates_into_the_window() -> None:
    race = spread_out()
    wet = msgspec.structs.replace(race, track=TrackState(wetness=0.3, raining=True))
    found, costs = solved(wet)
    told = window(found, costs, np.zeros(found.laps.size), 1)
    assert told.laps[0].compound in (Compound.INTERMEDIATE, Compound.WET)
    assert told.laps[0].cost_s < told.laps[8].cost_s


def test_mean_excess_is_that_of_the_sampled_distribution() -> None:
    circuit = spread_out().circuit
    assert float(excess_sample(circuit, 4000).mean()) == pytest.approx(mean_excess_s(circuit), rel=1e-3)
