"""Races of every kind for properties: random circuits, states and limits."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from overcut.domain.tyres import Compound
from overcut.strategy.model import CarState, Estimate, Race, RaceRules, TrackState, TrackStatus
from overcut.strategy.model.generic import generic_race
from overcut.strategy.optimiser.limits import PlanLimits, TyreSet

DRY = (Compound.SOFT, Compound.MEDIUM, Compound.HARD)


@st.composite
def races(draw: st.DrawFn, most_laps: int = 30, *, wet: bool = False) -> Race:
    """One to three cars, the first of them with a random state."""
    laps = draw(st.integers(2, most_laps))
    lap = draw(st.integers(0, laps - 1))
    race = generic_race(draw(st.integers(1, 3)), laps)
    tyres = tuple(
        msgspec.structs.replace(
            tyre,
            offset_s=Estimate(draw(st.floats(-2.0, 2.0))),
            wear_s=Estimate(draw(st.floats(-0.02, 0.4))),
            curvature_s=Estimate(draw(st.floats(0.0, 0.004))),
            life_laps=Estimate(draw(st.floats(3.0, 40.0)), draw(st.sampled_from((0.0, 3.0)))),
            cliff_s=Estimate(draw(st.floats(0.0, 0.5))),
        )
        for tyre in race.circuit.tyres
    )
    pit = msgspec.structs.replace(race.circuit.pit, loss_s=Estimate(draw(st.floats(1.0, 25.0))))
    compound = draw(st.sampled_from(DRY))
    before = tuple(draw(st.lists(st.sampled_from(DRY), max_size=1))) if lap else ()
    state = CarState(
        1,
        0.0,
        compound,
        tyre_age=draw(st.integers(0, 10)),
        used=tuple(dict.fromkeys((*before, compound))),
        stops=draw(st.integers(0, 2)) if lap else 0,
    )
    track = TrackState()
    if wet:
        status = draw(st.sampled_from(list(TrackStatus))) if lap else TrackStatus.GREEN
        track = TrackState(status, draw(st.integers(0, 9)), draw(st.floats(0.0, 1.0)), draw(st.booleans()))
    rules = RaceRules(
        compounds_required=draw(st.integers(1, 3)),
        stops_required=draw(st.sampled_from((0, 0, 1, 2))),
        sprint=draw(st.booleans()),
    )
    circuit = msgspec.structs.replace(race.circuit, tyres=tyres, pit=pit)
    return Race(circuit, race.cars, (state, *race.states[1:]), lap, track, rules)


@st.composite
def limits(draw: st.DrawFn, most_stops: int = 3) -> PlanLimits:
    """Any sets, ages and counts, any number of stops."""
    sets = draw(
        st.lists(
            st.builds(
                TyreSet,
                st.sampled_from((*DRY, Compound.INTERMEDIATE)),
                st.sampled_from((0, 0, 3)),
                st.sampled_from((None, 0, 1, 2)),
            ),
            max_size=4,
        )
    )
    return PlanLimits(
        tuple(sets),
        draw(st.integers(0, most_stops)),
        draw(st.integers(1, 4)),
        draw(st.integers(0, 8)),
        draw(st.sampled_from((999, 12))),
        draw(st.booleans()),
    )
