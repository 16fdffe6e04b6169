"""Our own timing engine reads a simulated stream and arrives at what was simulated."""

from __future__ import annotations

from pathlib import Path

import pytest

from overcut.domain.flags import CarStatus, SessionStatus, TrackStatus
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


def test_nobody_on_the_lead_lap_loses_a_lap_by_a_red_flag(tmp_path: Path) -> None:
    played = race_of("monza", 7, 2025)
    source = open_source(write_session(played.log, played.track, played.seed, tmp_path, telemetry=False))
    engine = Engine(source.key, source.kind, source.simulated)
    on_lead_lap: set[str] = set()
    resumed = False
    for frame in source.frames():
        before = engine.state() if frame.topic in ("TrackStatus", "SessionStatus") else None
        engine.advance(frame)
        if before is None:
            continue
        if engine.state().track is TrackStatus.RED and before.track is not TrackStatus.RED:
            on_lead_lap = {
                n for n, car in before.cars.items() if car.gap is not None and car.gap.ms is not None and not car.in_pit
            }
        if on_lead_lap and frame.topic == "TrackStatus" and engine.state().track is TrackStatus.CLEAR:
            resumed = True
            break
    assert resumed, "this seed has a red flag and a restart"
    assert len(on_lead_lap) > 10
    cars = engine.state().cars
    lost = {n for n in on_lead_lap if cars[n].gap is not None and cars[n].gap.laps}
    assert {n: cars[n].status for n in lost if cars[n].status is not CarStatus.RETIRED} == {}


def test_after_a_deletion_the_next_best_lap_is_told(tmp_path: Path) -> None:
    """wire.md, trap 8: who has a gap in qualifying has a best lap, and the gap is its distance to the fastest."""
    played = session_of("monza", 7, SessionKind.QUALIFYING, 2026)
    source = open_source(write_session(played.log, played.track, played.seed, tmp_path, telemetry=False))
    engine = Engine(source.key, source.kind, source.simulated)
    seen, deleted = 0, 0
    for number, frame in enumerate(source.frames()):
        engine.advance(frame)
        deleted += frame.topic == "RaceControlMessages" and b"DELETED" in frame.payload
        if number % 400 == 0:
            for car in engine.state().cars.values():
                if car.last_lap is not None and car.last_lap.overall_best:
                    assert (car.last_lap.ms or 0) < 95_000, f"{car.code}: a slow lap is nobody's best"
        if number % 400 == 0 and engine.state().part:
            for car in engine.state().cars.values():
                if car.gap is not None and not car.knocked_out:
                    seen += 1
                    assert car.best_by_part[engine.state().part - 1] is not None, (frame.t_ms, car.code)
    assert seen > 100
    assert deleted > 3
