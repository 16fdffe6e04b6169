"""Difficulty, pit loss, and the odds of safety cars and retirements of a circuit."""

from __future__ import annotations

import asyncio
import json

import httpx
import msgspec
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from overcut.cli.strategy import app
from overcut.kernel.errors import WrongUsageError
from overcut.server.circuit_strategy_routes import circuit_strategy_routes
from overcut.strategy.circuits import CircuitAnswer, circuit_answer, known_circuit
from overcut.strategy.model import Estimate
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.parameters.events import CircuitEvidence, EventParameters, Pooled, Retirements

EVENTS = EventParameters(
    pass_intercept=Pooled(
        Estimate(-2.0, 0.1), 1.0, 0.2, {"monaco": Estimate(-4.0, 0.3), "monza": Estimate(1.0, 0.2)}, {}
    ),
    retirements=Retirements(Pooled(Estimate(-6.2, 0.1)), 0.3, {"2025/haas": Estimate(1.0, 0.1)}, 0.1),
    evidence={"monaco": CircuitEvidence(races=7), "monza": CircuitEvidence(races=8)},
)
PARAMETERS = ParameterSet(events=EVENTS)


def test_monaco_is_harder_than_monza_and_the_unknown_is_less_certain() -> None:
    monaco, monza, other = (circuit_answer(PARAMETERS, name, 2025, 60) for name in ("monaco", "monza", "madring"))
    assert monaco.difficulty.rank == 1
    assert monza.difficulty.rank == 2
    assert other.difficulty.rank is None
    assert monaco.difficulty.index.middle > other.difficulty.index.middle > monza.difficulty.index.middle
    assert monaco.difficulty.needed_s.middle > monza.difficulty.needed_s.middle
    wide, narrow = other.difficulty.index, monza.difficulty.index
    assert wide.high - wide.low > narrow.high - narrow.low


def test_risks_are_probabilities_and_agree_with_the_rates() -> None:
    found = circuit_answer(PARAMETERS, "monza", 2025, 53, [("haas", "OCO"), ("ferrari", "LEC")])
    flags = found.neutralisations
    for interval in (flags.safety_car, flags.virtual, flags.red, flags.next_five_laps):
        assert 0 <= interval.low <= interval.middle <= interval.high <= 1
    assert flags.next_five_laps.middle < flags.safety_car.middle
    average, haas, ferrari = (risk.retires.middle for risk in found.retirements)
    assert haas > ferrari == pytest.approx(average, rel=0.2)


def test_a_longer_race_is_riskier() -> None:
    short, long = (circuit_answer(PARAMETERS, "monza", 2025, laps) for laps in (30, 70))
    assert short.neutralisations.safety_car.middle < long.neutralisations.safety_car.middle
    assert short.retirements[0].retires.middle < long.retirements[0].retires.middle


def test_names_of_circuits_are_understood_and_others_are_errors() -> None:
    assert known_circuit(PARAMETERS, "Monte Carlo") == "monaco"
    with pytest.raises(WrongUsageError, match="Atlantis"):
        known_circuit(PARAMETERS, "Atlantis")


def test_the_command_prints_one_object() -> None:
    done = CliRunner().invoke(app, ["circuit", "monza", "--season", "2025", "--car", "haas/OCO", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["circuit_id"] == "monza"
    assert [risk["driver"] for risk in told["retirements"]] == ["", "OCO"]
    table = CliRunner().invoke(app, ["circuit", "monza"])
    assert "overtaking difficulty" in table.stdout


def served(path: str) -> httpx.Response:
    """What the route alone answers."""
    server = FastAPI()
    server.include_router(circuit_strategy_routes())
    transport = httpx.ASGITransport(app=server, raise_app_exceptions=False)

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path)

    return asyncio.run(asked())


def test_the_route_answers_and_refuses() -> None:
    found = served("/api/v1/strategy/circuits/spa?season=2025&car=haas/oco")
    assert found.status_code == 200
    told = msgspec.json.decode(found.content, type=CircuitAnswer)
    assert told.circuit_id == "spa-francorchamps"
    assert told.retirements[1].driver == "OCO"
    assert served("/api/v1/strategy/circuits/spa?laps=0").status_code == 422
