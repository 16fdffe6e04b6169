"""Which circuits we have drawn, over REST."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from overcut.domain.circuits import CIRCUITS
from overcut.kernel.errors import DataMissingError
from overcut.runtime.outlines import drawn
from overcut.server.answers import answer, described
from overcut.server.wire import CircuitAnswer, CircuitSummary

A_DAY_S = 86_400
CircuitId = Annotated[str, Path(min_length=1, max_length=60, description="The F1DB id, for example monza")]


def circuit_routes() -> APIRouter:
    """The routes under ``/api/v1/circuits``."""
    routes = APIRouter(prefix="/api/v1/circuits", tags=["circuits"], default_response_class=Response)

    @routes.get("", responses=described(CircuitSummary, many=True), summary="Our circuits")
    async def circuits(request: Request) -> Response:
        found = [
            CircuitSummary(c.id, c.name, c.location, c.country, c.length_m, c.race_laps) for c in CIRCUITS.values()
        ]
        return answer(request, found, max_age_s=A_DAY_S)

    @routes.get("/{circuit_id}", responses=described(CircuitAnswer, 404), summary="One circuit and its outline")
    async def circuit(request: Request, circuit_id: CircuitId) -> Response:
        found = CIRCUITS.get(circuit_id)
        if found is None:
            raise DataMissingError(f"No circuit is called {circuit_id}", hint=f"ids: {', '.join(CIRCUITS)}")
        return answer(request, CircuitAnswer(found, drawn(found)), max_age_s=A_DAY_S)

    return routes
