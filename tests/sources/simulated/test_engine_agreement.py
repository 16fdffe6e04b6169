"""Our own timing engine reads a simulated stream and arrives at what was simulated."""

from __future__ import annotations

from pathlib import Path

import pytest

from overcut.domain.flags import CarStatus, SessionStatus
from overcut.domain.session import SessionKind
from overcut.domain.state import MapState, SessionState
from overcut.domain.tyres import Compound
from overcut.sources.opening import open_source
from overcut.sources.simulated.wire.folder import write_session
from overcut.timing.engine import Engine

from .conftest import Played, race_of, session_of


def _read(
    played: Played, out: Path, *, telemetry: bool = False, until_s: float = 1e9
) -> tuple[SessionState, MapState, Engine]:
    source = open_source(write_session(played.log, played.track, played.seed, out, telemetry=telemetry))
    engine = Engine(source.key, source.kind, source.simulated)
    for frame in source.frames():
        if frame.t_ms > until_s * 1000:
            break
        engine.advance(frame)
    return engine.state(), engine.map(), engine


@pytest.mark.parametrize(
    ("circuit", "seed", "season"), [("monza", 2, 2025), ("baku", 3, 2025), ("interlagos", 1, 2026)]
)
def test_the_engine_ends_a_race_with_the_simulated_classification(
    circuit: str, seed: int, season: int, tmp_path: Path
) -> None:
    played = race_of(circuit, seed, season)
    state, _, engine = _read(played, tmp_path)
    log = played.log
    assert state.simulated
    assert state.key == f"sim-{season}-{circuit}-{seed}-R"
    assert state.defects == {}
    assert state.status is SessionStatus.ENDS
    assert [car.number for car in state.order()] == log.order
    assert state.lap is not None
    assert (state.lap.current, state.lap.total) == (log.laps_total, log.laps_total)
    laps = engine.laps()
    for car in log.cars:
        shown = state.cars[car.entry.number]
        done = [c for c in car.crossings if c.node == played.track.count and c.lap >= 1 and c.t <= (car.flag_t or 1e9)]
        assert shown.laps == len(done), shown.code
        assert shown.grid == car.grid
        assert shown.pit_stops == sum(v.counted for v in car.visits)
        assert (shown.status is CarStatus.RETIRED) == (car.flag_t is None), shown.code
        assert [stint.compound for stint in shown.stints] == [stint.compound for stint in car.stints]
        ours = {c.lap: c.t for c in done}
        read = {lap.lap: lap.lap_ms for lap in laps if lap.number == shown.number and lap.lap_ms is not None}
        assert len(read) >= len(done) - 2
        for lap, lap_ms in read.items():
            assert lap_ms == round((ours[lap] - ours[lap - 1]) * 1000), (shown.code, lap)
    assert len(state.messages) == len(log.messages)


def test_gaps_are_differences_of_crossing_times(tmp_path: Path) -> None:
    played = race_of("monza", 2)
    log, count = played.log, played.track.count
    leader = next(car for car in log.cars if car.entry.number == log.order[0])
    flag = leader.flag_t or 0.0
    state, _, _ = _read(played, tmp_path, until_s=log.finalised_t - 5)
    for car in log.cars:
        if car.flag_t is None or car is leader:
            continue
        shown = state.cars[car.entry.number]
        laps = sum(c.node == count and c.lap >= 1 and c.t <= car.flag_t for c in car.crossings)
        if laps == log.laps_total:
            assert shown.gap is not None
            assert shown.gap.ms == round((car.flag_t - flag) * 1000)
        else:
            assert shown.gap is not None
            assert shown.gap.laps == log.laps_total - laps


def test_qualifying_decodes_to_the_grid(tmp_path: Path) -> None:
    played = session_of("baku", 2, SessionKind.QUALIFYING)
    state, _, _ = _read(played, tmp_path)
    assert state.defects == {}
    assert state.part == 3
    assert [car.number for car in state.order()] == played.log.order
    out = [car.number for car in state.order() if car.knocked_out]
    assert out == played.log.order[10:]
    best = [car.best_by_part[2] for car in state.order()[:10]]
    timed = [ms for ms in best if ms is not None]
    assert len(timed) >= 8
    assert timed == sorted(timed)


@pytest.mark.parametrize("kind", [SessionKind.FP1, SessionKind.FP2, SessionKind.FP3])
def test_practice_decodes_to_the_order_of_best_laps(kind: SessionKind, tmp_path: Path) -> None:
    played = session_of("monza", 3, kind)
    state, _, _ = _read(played, tmp_path)
    assert state.defects == {}
    assert [car.number for car in state.order()] == played.log.order
    assert all(car.best_lap is not None and car.laps >= 10 for car in state.order())
    assert {stint.compound for car in state.order() for stint in car.stints} <= set(Compound)


def test_cars_are_where_their_timing_says(tmp_path: Path) -> None:
    """At the instant a car crosses the line its position is on the line, and it is moving at the trap's speed."""
    played = race_of("monza", 3, 2025, 6)
    car = next(c for c in played.log.cars if c.entry.number == played.log.order[0])
    t = next(c.t for c in car.crossings if c.lap == 2 and c.node == played.track.count)
    state, places, _ = _read(played, tmp_path, telemetry=True, until_s=t + 0.6)
    place, sample = places.places[car.entry.number], places.samples[car.entry.number]
    x, y = played.track.profile.x_m[0] * 10, played.track.profile.y_m[0] * 10
    assert ((place.x - x) ** 2 + (place.y - y) ** 2) ** 0.5 < 1200  # half a second and more at 300 km/h, in decimetres
    assert sample.speed_kmh == pytest.approx(state.cars[car.entry.number].traps["FL"].kmh, abs=25)
    assert sample.gear >= 7
