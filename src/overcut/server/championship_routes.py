"""How a championship stands after any round, who can still win it and what must happen, over REST."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from overcut.domain.championship import Championship
from overcut.insights.championship.answers import ChampionshipAnswer
from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake
from overcut.runtime.championship import championship_if, championship_of
from overcut.server.answers import answer, described

Year = Annotated[int, Path(ge=1950, le=2100, description="Season")]
After = Annotated[int | None, Query(ge=0, le=99, description="After this round; by default the last that was run")]
Order = Annotated[
    str | None,
    Query(
        max_length=2000,
        description="What if the round after it ended in this order? Drivers by F1DB id or name, the winner first, "
        "separated by commas",
    ),
]
Fastest = Annotated[str | None, Query(max_length=100, description="With the fastest lap, in that order")]


def championship_routes(lake: Lake | None) -> APIRouter:
    """The route ``/api/v1/championship/{year}``. A plain function, so that it runs on a thread."""
    routes = APIRouter(prefix="/api/v1/championship", tags=["championship"], default_response_class=Response)

    @routes.get(
        "/{year}",
        responses=described(ChampionshipAnswer, 404, 422),
        summary="A championship after a round: table, rules, who can still win, what must happen",
    )
    def championship(
        request: Request,
        year: Year,
        after: After = None,
        of: Championship = Championship.DRIVERS,
        order: Order = None,
        fastest_lap: Fastest = None,
    ) -> Response:
        if lake is None:
            raise DataMissingError("This server has no lake", hint="overcut serve, and overcut history import")
        if order is None:
            return answer(request, championship_of(lake, year, of, after))
        named = [name.strip() for name in order.split(",") if name.strip()]
        return answer(request, championship_if(lake, year, of, after, named, fastest_lap))

    return routes
