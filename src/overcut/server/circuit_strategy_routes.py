"""What a race at a circuit holds in store, over REST."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from overcut.server.answers import answer, described
from overcut.strategy.circuits import CircuitAnswer, circuit_answer, known_circuit
from overcut.strategy.parameters import shipped

CIRCUIT_STRATEGY_TYPES: tuple[type, ...] = (CircuitAnswer,)
"""What the OpenAPI document describes."""

LATEST_SEASON = 2025
"""The season that is meant where none is asked for: the last one that the shipped parameters have seen."""


def circuit_strategy_routes() -> APIRouter:
    """The route ``/api/v1/strategy/circuits/{circuit}``."""
    routes = APIRouter(prefix="/api/v1/strategy", tags=["strategy"], default_response_class=Response)

    @routes.get(
        "/circuits/{circuit}",
        responses=described(CircuitAnswer, 422),
        summary="How hard passing is, what a stop costs, how likely safety cars and retirements are, with intervals",
    )
    async def circuit_strategy(
        request: Request,
        circuit: str,
        season: Annotated[int, Query(ge=1950, le=2100, description="The year")] = LATEST_SEASON,
        laps: Annotated[int | None, Query(ge=1, le=127, description="Distance; by default the usual one")] = None,
        car: Annotated[
            list[str] | None, Query(description="team/driver, as ferrari/LEC, whose risk of retiring is asked for")
        ] = None,
    ) -> Response:
        def made() -> CircuitAnswer:
            parameters = shipped()
            return circuit_answer(parameters, known_circuit(parameters, circuit), season, laps, cars_asked(car or []))

        return answer(request, await asyncio.to_thread(made))

    return routes


def cars_asked(texts: list[str]) -> tuple[tuple[str, str], ...]:
    """Team and driver of each ``team/driver``; either may be missing."""
    return tuple((text.partition("/")[0].strip(), text.partition("/")[2].strip().upper()) for text in texts[:30])
