"""What must hold of simulated races, whatever the figures: conservation, rules, common luck, no noise no surprise."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overcut.domain.tyres import Compound
from overcut.kernel.errors import OvercutError
from overcut.strategy.model import (
    CarState,
    Estimate,
    Interruption,
    PaceMode,
    Plan,
    PlannedStop,
    Race,
    Rain,
    Scenario,
)
from overcut.strategy.model.generic import generic_race
from overcut.strategy.simulator import simulate
from overcut.strategy.simulator.packing import network
from overcut.strategy.simulator.run import Cancelled

REPLACE = msgspec.structs.replace
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def known(estimate: Estimate) -> Estimate:
    return Estimate(estimate.mean)


def clockwork(cars: int = 2, laps: int = 20, apart_s: float = 40.0) -> Race:
    """Nothing is left to chance, and nobody meets anybody: cars are far apart on lap 2."""
    race = generic_race(cars, laps)
    c = race.circuit
    tyres = tuple(
        REPLACE(
            tyre, offset_s=known(tyre.offset_s), wear_s=known(tyre.wear_s), curvature_s=Estimate(0.002),
            life_laps=known(tyre.life_laps), cliff_s=known(tyre.cliff_s), warm_up_s=known(tyre.warm_up_s),
        )
        for tyre in c.tyres
    )  # fmt: skip
    circuit = REPLACE(
        c,
        lap_s=known(c.lap_s), fuel_s=known(c.fuel_s), evolution_s=known(c.evolution_s), tyres=tyres,
        pit=REPLACE(c.pit, loss_s=known(c.pit.loss_s), excess_s=(0.25,)),
        noise=REPLACE(c.noise, stint_s=0.0, drift_s=0.0, quantiles=(0.0, 0.0)),
        traffic=REPLACE(c.traffic, dirty_air_s=Estimate(0.0)),
        penalties=REPLACE(c.penalties, per_lap=0.0),
    )  # fmt: skip
    models = tuple(REPLACE(car, pace_s=known(car.pace_s), retirement_per_lap=0.0) for car in race.cars)
    states = tuple(CarState(i + 1, apart_s * i, Compound.MEDIUM, 0, (Compound.MEDIUM,)) for i in range(cars))
    return REPLACE(race, circuit=circuit, cars=models, states=states, lap=1)


def test_without_chance_or_traffic_a_race_is_the_sum_of_its_laps() -> None:
    race = clockwork()
    plan = Plan((PlannedStop(9, Compound.HARD),), pace=((15, PaceMode.SAVE),))
    scenario = Scenario(plans={"1": plan, "2": plan}, only_these=True)
    outcome = simulate(race, (scenario,), races=3, threads=1)[0]
    c, expected = race.circuit, 0.0
    tyre = {t.compound: t for t in c.tyres}
    on, age = tyre[Compound.MEDIUM], 0.0
    for lap in range(2, 21):
        expected += c.lap_s.mean + (c.fuel_s.mean + c.evolution_s.mean) * (20 - lap)
        expected += on.offset_s.mean + on.wear_s.mean * age + 0.002 * age**2
        expected += on.cliff_s.mean * max(0.0, age - on.life_laps.mean) + (0.0045 * c.lap_s.mean if lap >= 15 else 0)
        age += 0.7 if lap >= 15 else 1.0
        if lap == 9:
            on, age = tyre[Compound.HARD], 0.0
            expected += c.pit.loss_s.mean + 0.25 + on.warm_up_s.mean
    assert outcome.time_s[:, 0] == pytest.approx(expected, abs=0.02)  # every lap is rounded to a millisecond
    assert outcome.time_s[:, 1] == pytest.approx(expected + 40 + 19 * 0.08, abs=0.02)


def compounds(draw: st.DrawFn) -> Compound:
    return draw(st.sampled_from([Compound.SOFT, Compound.MEDIUM, Compound.HARD, Compound.INTERMEDIATE]))


@st.composite
def scenarios(draw: st.DrawFn, cars: int = 8, laps: int = 24) -> Scenario:
    plans: dict[str, Plan] = {}
    for number in draw(st.sets(st.integers(1, cars), max_size=4)):
        stops = sorted(draw(st.sets(st.integers(1, laps - 1), max_size=4)))
        plans[str(number)] = Plan(
            tuple(PlannedStop(lap, compounds(draw), draw(st.integers(0, 5))) for lap in stops),
            react=draw(st.booleans()),
        )
    kinds = draw(
        st.lists(st.tuples(st.sampled_from(["SC", "VSC", "RED"]), st.integers(1, laps), st.integers(1, 4)), max_size=2)
    )
    rain = draw(st.lists(st.tuples(st.integers(1, laps), st.integers(1, 8)), max_size=1))
    return Scenario(
        plans=plans,
        interruptions=tuple(Interruption(*kind) for kind in kinds),
        rain=tuple(Rain(*one) for one in rain),
    )


@FEW
@given(scenarios(), st.integers(0, 2**32))
def test_places_are_a_permutation_times_grow_and_counts_add_up(scenario: Scenario, seed: int) -> None:
    race, races = generic_race(8, 24), 70
    out = simulate(race, (scenario,), races=races, seed=seed, traces=races, threads=1)[0]
    assert np.array_equal(np.sort(out.position, axis=1), np.tile(np.arange(1, 9), (races, 1)))
    assert (out.fan.sum(axis=1) == races).all()
    assert (out.fan.sum(axis=2) == races).all()
    for p in range(8):
        assert np.array_equal(out.fan[-1, :, p], (out.position == p + 1).sum(axis=0))
    ran = out.traces >= 0
    assert (np.diff(ran.astype(int), axis=1) <= 0).all(), "nobody comes back"
    assert np.array_equal(ran[:, -1], ~out.retired)
    later, sooner = out.traces[:, 1:], out.traces[:, :-1]
    assert (later - sooner)[ran[:, 1:]].min() >= 1000
    finishers = np.where(out.retired, np.inf, out.time_s)
    for r in range(races):
        assert (np.diff(finishers[r][np.argsort(out.position[r])][: (~out.retired[r]).sum()]) >= 0).all()
        assert out.position[r][out.retired[r]].min(initial=9) > (~out.retired[r]).sum()


@FEW
@given(scenarios(), st.integers(0, 2**32))
def test_a_plan_to_the_letter_is_kept_to_the_letter(scenario: Scenario, seed: int) -> None:
    race, races = generic_race(8, 24), 40
    out = simulate(race, (scenario,), races=races, seed=seed, traces=races, threads=1)[0]
    here = [tyre.compound for tyre in race.circuit.tyres]
    for number, plan in scenario.plans.items():
        if plan.react:
            continue
        expected = np.zeros(24, np.int8)
        for stop in plan.stops:
            expected[stop.lap - 1] = 1 + here.index(stop.compound)
        car = int(number) - 1
        ran = out.traces[:, :, car] >= 0
        assert np.array_equal(np.where(ran, out.trace_stops[:, :, car], 0), np.where(ran, expected, 0))


def test_teams_keep_the_rule_of_two_compounds_in_the_dry_and_required_stops() -> None:
    race = generic_race(12, 40)
    race = REPLACE(race, rules=REPLACE(race.rules, stops_required=2))
    races = 200
    out = simulate(race, (Scenario(only_these=True),), races=races, traces=races, threads=1)[0]
    finished = ~out.retired
    used = np.zeros((races, 12, 6), bool)
    used[:, :, 2] = True
    for k in range(1, 6):
        used[:, :, k] |= (out.trace_stops == k).any(axis=1)
    assert (used.sum(axis=2)[finished] >= 2).all()
    assert (out.stops[finished] >= 2).all()


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads() -> None:
    race = generic_race(20, 30)
    outcomes = [simulate(race, races=333, seed=9, traces=5, threads=n)[0] for n in (1, 2, 5)]
    for other in outcomes[1:]:
        for name in ("position", "time_s", "stops", "fan", "traces", "trace_stops", "mean_lap_s", "neutral_laps"):
            assert getattr(outcomes[0], name).tobytes() == getattr(other, name).tobytes(), name
    assert not np.array_equal(outcomes[0].position, simulate(race, races=333, seed=10)[0].position)


def test_a_race_does_not_depend_on_how_many_are_simulated() -> None:
    race = generic_race(20, 30)
    few, many = simulate(race, races=70, seed=4)[0], simulate(race, races=200, seed=4)[0]
    assert np.array_equal(few.position, many.position[:70])


def test_equal_scenarios_meet_equal_luck_and_a_far_car_is_left_alone() -> None:
    race = clockwork(3, 30, 30.0)
    race = REPLACE(race, circuit=REPLACE(race.circuit, noise=generic_race().circuit.noise))
    plans = {car.driver_number: Plan((PlannedStop(15, Compound.HARD),)) for car in race.cars}
    changed = {**plans, "3": Plan((PlannedStop(22, Compound.SOFT),))}
    first, second, other = simulate(
        race, (Scenario(plans=plans, only_these=True), Scenario("again", plans=plans, only_these=True),
               Scenario("late", plans=changed, only_these=True)), races=64, traces=64,
    )  # fmt: skip
    assert first.traces.tobytes() == second.traces.tobytes()
    assert np.array_equal(first.traces[:, :, :2], other.traces[:, :, :2])
    assert not np.array_equal(first.traces[:, :, 2], other.traces[:, :, 2])


def test_a_safety_car_brings_the_field_together_and_makes_stops_cheap() -> None:
    race = clockwork(4, 30, 25.0)
    nobody = {n: Plan() for n in "1234"}
    stops = {**nobody, "1": Plan((PlannedStop(12, Compound.HARD),))}
    sc = Scenario("sc", interruptions=(Interruption("SC", 10, 6),), only_these=True)
    plain, cheap, calm, green = simulate(
        race,
        (
            REPLACE(sc, plans=nobody),
            REPLACE(sc, plans=stops),
            Scenario(plans=nobody, only_these=True),
            Scenario(plans=stops, only_these=True),
        ),
        races=8,
        traces=8,
    )
    behind = plain.traces[0] - plain.traces[0].min(axis=1, keepdims=True)
    assert behind[7].max() > 70_000
    assert behind[13].max() < 5_000
    lost = green.traces[0, 12, 0] - calm.traces[0, 12, 0]
    assert lost == pytest.approx(22_000, abs=2_500)
    assert cheap.neutral_laps.tolist() == [6] * 8
    assert (cheap.time_s[:, 0] - plain.time_s[:, 0]).max() < 8


def test_rain_sends_everybody_to_the_tyres_for_it() -> None:
    race = generic_race(10, 30)
    scenario = Scenario(rain=(Rain(5, 3, 0.15),), only_these=True)
    out = simulate(race, (scenario,), races=100, traces=100)[0]
    ran = out.traces[:, 20] >= 0
    on_water = (out.trace_stops >= 4).any(axis=1)
    assert on_water[ran].mean() > 0.99
    back = (out.trace_stops[:, 9:] > 0) & (out.trace_stops[:, 9:] < 4)
    assert back.any(axis=1)[~out.retired].mean() > 0.5


def test_tyres_for_water_cost_their_time_on_a_dry_track() -> None:
    race = clockwork(cars=1)
    pace, tyre = race.circuit.weather.pace, {t.compound: t for t in race.circuit.tyres}
    for compound, costs in ((Compound.WET, pace.wet_s), (Compound.INTERMEDIATE, pace.intermediate_s)):
        plans = (Plan((PlannedStop(9, to),)) for to in (compound, Compound.MEDIUM))
        wet, dry = simulate(race, [Scenario(plans={"1": plan}, only_these=True) for plan in plans], races=2, threads=1)
        on, off = tyre[compound], tyre[Compound.MEDIUM]
        warm_up = on.warm_up_s.mean - off.warm_up_s.mean
        wear = (on.wear_s.mean - off.wear_s.mean) * sum(range(11))
        expected = warm_up + wear + 11 * (costs[0] + on.offset_s.mean - off.offset_s.mean)
        assert wet.time_s[:, 0] - dry.time_s[:, 0] == pytest.approx(expected, abs=0.03)


def test_a_red_flag_gives_everybody_new_tyres_for_nothing() -> None:
    race = generic_race(10, 30)
    out = simulate(
        race, (Scenario(interruptions=(Interruption("RED", 12, 1),), only_these=True),), races=50, traces=50
    )[0]
    ran = out.traces[:, 11] >= 0
    assert ((out.trace_stops[:, 11] > 0) | ~ran).all()
    gaps = np.where(ran, out.traces[:, 11], 0).max(axis=1) - np.where(ran, out.traces[:, 11], 10**9).min(axis=1)
    assert (gaps < 60_000).all()
    assert np.median(gaps) == 0


def test_faster_cars_win_more_and_more_wear_costs_time() -> None:
    race = generic_race(10, 40)
    base, hot = simulate(race, (Scenario(), Scenario("hot", temperature_wear=2.0)), races=500)
    means = base.position.mean(axis=0)
    assert means[0] < means[5] < means[9]
    assert np.nanmean(hot.time_s) > np.nanmean(base.time_s) + 10
    assert base.mean_behind_s.shape == base.mean_lap_s.shape == (40, 10)
    assert np.nanmax(np.abs(np.nanmean(base.mean_lap_s[5:], axis=1) - 95)) < 12


def test_progress_is_told_and_a_simulation_can_be_cancelled() -> None:
    race, told = generic_race(4, 10), []
    simulate(race, (Scenario(), Scenario("b")), races=3_000, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (6_000, 6_000)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    for threads in (1, 2):
        with pytest.raises(Cancelled):
            simulate(race, races=3_000, threads=threads, cancelled=lambda: True)


def test_the_network_sorts() -> None:
    rng = np.random.default_rng(1)
    for size in range(1, 33):
        for _ in range(10):
            numbers = rng.integers(0, 9, size)
            expected = sorted(numbers.tolist())
            for i, j in network(size):
                if numbers[i] > numbers[j]:
                    numbers[[i, j]] = numbers[[j, i]]
            assert numbers.tolist() == expected


NONSENSE: dict[str, Callable[[Race], tuple[Race, Scenario]]] = {
    "41 stops": lambda r: (r, Scenario(plans={"1": Plan(tuple(PlannedStop(i, Compound.HARD) for i in range(1, 42)))})),
    "no such tyre": lambda r: (r, Scenario(plans={"1": Plan((PlannedStop(5, Compound.HYPERSOFT),))})),
    "unknown tyre": lambda r: (r, Scenario(plans={"1": Plan((PlannedStop(5, Compound.UNKNOWN),))})),
    "lap 99": lambda r: (r, Scenario(plans={"1": Plan((PlannedStop(99, Compound.HARD),))})),
    "the last lap": lambda r: (r, Scenario(plans={"1": Plan((PlannedStop(57, Compound.HARD),))})),
    "backwards": lambda r: (
        r,
        Scenario(plans={"1": Plan((PlannedStop(9, Compound.HARD), PlannedStop(5, Compound.SOFT)))}),
    ),
    "nobody": lambda r: (r, Scenario(plans={"99": Plan()})),
    "negative age": lambda r: (r, Scenario(plans={"1": Plan((PlannedStop(9, Compound.HARD, -1),))})),
    "pace backwards": lambda r: (r, Scenario(plans={"1": Plan(pace=((9, PaceMode.PUSH), (5, PaceMode.SAVE)))})),
    "kind": lambda r: (r, Scenario(interruptions=(Interruption("YELLOW", 5),))),
    "caution lap": lambda r: (r, Scenario(interruptions=(Interruption("SC", 58),))),
    "no rain": lambda r: (r, Scenario(rain=(Rain(5, 3, 0.0),))),
    "rain lap": lambda r: (r, Scenario(rain=(Rain(99, 3),))),
    "delta": lambda r: (r, Scenario(lap_delta_s={"1": -99.0})),
    "not a number": lambda r: (r, Scenario(lap_delta_s={"1": float("nan")})),
    "heat": lambda r: (r, Scenario(temperature_wear=-1.0)),
    "grip": lambda r: (r, Scenario(grip_s=1e9)),
    "negative fuel": lambda r: (REPLACE(r, circuit=REPLACE(r.circuit, fuel_s=Estimate(-0.1))), Scenario()),
    "negative deviation": lambda r: (REPLACE(r, circuit=REPLACE(r.circuit, fuel_s=Estimate(0.1, -1))), Scenario()),
    "infinite": lambda r: (REPLACE(r, circuit=REPLACE(r.circuit, lap_s=Estimate(float("inf")))), Scenario()),
    "over": lambda r: (REPLACE(r, lap=57), Scenario()),
    "no state": lambda r: (REPLACE(r, states=r.states[1:]), Scenario()),
    "twice": lambda r: (REPLACE(r, cars=(r.cars[0], *r.cars[:-1])), Scenario()),
    "same place": lambda r: (REPLACE(r, states=(r.states[0], *r.states[:-1])), Scenario()),
    "old tyre": lambda r: (REPLACE(r, states=(REPLACE(r.states[0], tyre_age=999), *r.states[1:])), Scenario()),
    "start later": lambda r: (REPLACE(r, lap=5), Scenario(plans={"1": Plan(start=Compound.SOFT)})),
    "knots": lambda r: (REPLACE(r, circuit=REPLACE(r.circuit, stops=REPLACE(r.circuit.stops, age=(0.0,)))), Scenario()),
}


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense_is_refused_in_words(case: str) -> None:
    race, scenario = NONSENSE[case](generic_race())
    with pytest.raises(OvercutError) as caught:
        simulate(race, (scenario,), races=10)
    assert caught.value.what
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("asked", [{"races": 0}, {"races": 10**9}, {"seed": -1}, {"threads": 0}, {"traces": 11}])
def test_a_size_that_cannot_be_is_refused(asked: dict[str, int]) -> None:
    with pytest.raises(OvercutError):
        simulate(generic_race(), **{"races": 10, **asked})  # pyright: ignore[reportArgumentType]
