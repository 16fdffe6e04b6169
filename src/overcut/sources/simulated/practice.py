"""What teams do in an hour of practice: an installation lap, medium runs, quick laps on softs, a long run."""

from __future__ import annotations

from overcut.domain.rules import RULES
from overcut.domain.session import SessionKind
from overcut.domain.tyres import Compound
from overcut.sources.simulated.chance import stream
from overcut.sources.simulated.form import Form
from overcut.sources.simulated.log import Message, SessionLog
from overcut.sources.simulated.timed import Drive, RunPlan, TimedSession
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.tyres import best_for_water
from overcut.sources.simulated.weather import Sky

LENGTH_S = 3600.0
_EVOLUTION = {SessionKind.FP1: 0.020, SessionKind.FP2: 0.012, SessionKind.FP3: 0.010}
_HEAVY = 0.026  # fuel of a long run as a share of a lap: about 80 kg
_LIGHT = 0.006

_P, _L, _C = Drive.PUSH, Drive.LONG, Drive.COOL
_PROGRAMMES: dict[SessionKind, tuple[tuple[Compound, tuple[Drive, ...], float], ...]] = {
    SessionKind.FP1: (
        (Compound.HARD, (), _LIGHT),
        (Compound.HARD, (_P, _L, _L, _C, _P), 2 * _LIGHT),
        (Compound.MEDIUM, (_P, _C, _P, _C, _P), _LIGHT),
        (Compound.SOFT, (_P, _C, _P), 0.001),
        (Compound.SOFT, (_L,) * 5, _HEAVY),
    ),
    SessionKind.FP2: (
        (Compound.MEDIUM, (_P, _C, _P), _LIGHT),
        (Compound.SOFT, (_P, _C, _P), 0.001),
        (Compound.MEDIUM, (_L,) * 12, _HEAVY),
    ),
    SessionKind.FP3: (
        (Compound.MEDIUM, (_P, _C, _P, _C, _P), _LIGHT),
        (Compound.SOFT, (_P, _C, _P), 0.001),
        (Compound.SOFT, (_P,), 0.0),
    ),
}


def simulate_practice(
    track: Track, season: int, forms: list[Form], seed: int, kind: SessionKind, log: SessionLog, sky: Sky
) -> SessionLog:
    """One hour; the order is that of the best laps."""
    chance = stream("practice", season, track.circuit.id, seed, kind.value)
    slack = _EVOLUTION[kind]

    def evolution(t: float) -> float:
        return slack * max(0.0, 1.0 - (t - log.start_t) / LENGTH_S)

    timed = TimedSession(track, forms, log, chance, evolution, sky.wetness, drs=RULES[season].drs)
    flag = log.start_t + LENGTH_S
    log.flag_t = flag
    timed.last_start_t = flag
    log.status.extend([(log.start_t, "Started"), (flag, "Finished")])
    log.clock.extend([(3.11, 3600, False), (log.start_t + 1.0, 3599, True), (flag, 0, False)])
    _say(log, log.start_t + 0.3, "GREEN LIGHT - PIT EXIT OPEN", "GREEN")
    _say(log, flag, "CHEQUERED FLAG", "CHEQUERED")
    for car in timed.cars:
        leave = log.start_t + chance.uniform(3, 240)
        for compound, laps, fuel in _PROGRAMMES[kind]:
            rain = best_for_water(sky.wetness(leave))
            timed.plan(car, RunPlan(leave, rain or compound, _cut(laps, chance.randint(-2, 2)), fuel))
            leave += (len(laps) + 2.6) * 1.12 * track.lap_s + chance.uniform(150, 420)
            if leave + 2.5 * track.lap_s > flag:
                break
    timed.play()
    best = {car.index: min((s for _, _, s in car.times), default=float("inf")) for car in timed.cars}
    log.order = [c.form.entry.number for c in sorted(timed.cars, key=lambda c: (best[c.index], c.index))]
    last = max((m.start_t for c in log.cars for m in c.laps), default=flag)
    log.finalised_t = round(max(flag, last) + 260.0, 3)
    log.end_t = log.finalised_t + 30.0
    return log


def _cut(laps: tuple[Drive, ...], change: int) -> tuple[Drive, ...]:
    """Long runs vary by a few laps from team to team."""
    if len(laps) < 5 or laps[-1] is not Drive.LONG:
        return laps
    return laps[: len(laps) + change] if change < 0 else (*laps, *((Drive.LONG,) * change))


def _say(log: SessionLog, t: float, text: str, flag: str) -> None:
    log.messages.append(Message(round(t, 3), "Flag", text, flag, "Track"))
