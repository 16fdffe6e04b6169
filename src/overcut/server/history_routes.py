"""What one can ask of history, over REST: seasons, races, drivers, constructors, places, records, comparisons."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from threading import Thread
from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Query, Request, Response

from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.lake import Lake
from overcut.lake.history import answers, career_answers, place_answers
from overcut.lake.history.ahead import read_ahead
from overcut.lake.history.book import Book, Shelf
from overcut.lake.history.careers import constructor_page, constructors, driver_page, driver_results, drivers
from overcut.lake.history.duels import head_to_head, team_mates
from overcut.lake.history.eras import eras
from overcut.lake.history.places import circuit_page, circuits, grand_prix_page, grands_prix
from overcut.lake.history.races import race_page
from overcut.lake.history.records import record, records
from overcut.lake.history.search import search
from overcut.lake.history.seasons import season_page, seasons
from overcut.lake.history.standings import progress, standings
from overcut.server.answers import described
from overcut.server.kept_answers import KeptAnswers

_log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.server")

Year = Annotated[int, Path(ge=1950, le=2100, description="Season")]
Id = Annotated[str, Path(min_length=1, max_length=80, description="F1DB id, as in the permanent link")]
Offset = Annotated[int, Query(ge=0, le=100_000, description="How many to skip")]
Limit = Annotated[int, Query(ge=1, le=1_000, description="How many to answer with")]
Season = Annotated[int | None, Query(ge=1950, le=2100)]
From = Annotated[int | None, Query(alias="from", ge=1950, le=2100, description="First season")]
To = Annotated[int | None, Query(alias="to", ge=1950, le=2100, description="Last season")]


class Of(StrEnum):
    """Of whom."""

    DRIVERS = "drivers"
    CONSTRUCTORS = "constructors"


class RecordOf(StrEnum):
    """Of whom, or of what, a list of records can be; each says which of them it knows."""

    DRIVERS = "drivers"
    CONSTRUCTORS = "constructors"
    ENGINES = "engines"
    TYRES = "tyres"
    COUNTRIES = "countries"
    RACES = "races"
    SEASONS = "seasons"


class Kind(StrEnum):
    """Which races of a career."""

    RACE = "R"
    SPRINT = "S"


def history_routes(lake: Lake | None) -> APIRouter:
    """The routes under ``/api/v1/history``; without a lake each says that there is none.

    They are plain functions, so they run on threads, not on the event loop that serves the live board.
    """
    read = _Reader(lake)
    routes = APIRouter(
        prefix="/api/v1/history", tags=["history"], default_response_class=Response, lifespan=read.reading_ahead
    )
    _add_seasons(routes, read)
    _add_careers(routes, read)
    _add_places(routes, read)
    _add_comparisons(routes, read)
    return routes


class _Reader:
    """Answers from the lake's history as it is now; a client that holds the same answer is told so (304)."""

    def __init__(self, lake: Lake | None) -> None:
        self._shelf = None if lake is None else Shelf(lake)
        self._kept = KeptAnswers()

    def __call__(self, request: Request, ask: Callable[[Book], object]) -> Response:
        if self._shelf is None:
            raise DataMissingError("This server has no lake", hint="overcut serve, and overcut history import")
        book = self._shelf.book()
        return self._kept.answer(request, book.identity, lambda: ask(book))

    @asynccontextmanager
    async def reading_ahead(self, _app: object) -> AsyncGenerator[None]:
        """Read history while the server starts, so that the first visitor need not wait for it."""
        if self._shelf is not None:
            Thread(target=_read_ahead, args=(self._shelf,), name="history read ahead", daemon=True).start()
        yield


def _read_ahead(shelf: Shelf) -> None:
    try:
        read_ahead(shelf.book())
    except (OvercutError, OSError) as error:  # no history yet, or a damaged lake: every answer says so, with a hint
        _log.info("history was not read ahead", why=str(error))


def _add_seasons(routes: APIRouter, read: _Reader) -> None:
    @routes.get("/search", responses=described(answers.SearchHit, 404, 422, many=True), summary="Find anything")
    def find(
        request: Request,
        q: Annotated[str, Query(min_length=1, max_length=100, description="Words, names, codes, years")],
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> Response:
        return read(request, lambda book: search(book, q, limit))

    @routes.get("/seasons", responses=described(answers.SeasonsAnswer, 404), summary="All seasons")
    def all_seasons(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
        return read(request, lambda book: seasons(book, offset, limit))

    @routes.get("/seasons/{year}", responses=described(answers.SeasonAnswer, 404), summary="One season")
    def season(request: Request, year: Year) -> Response:
        return read(request, lambda book: season_page(book, year))

    @routes.get("/seasons/{year}/standings", responses=described(answers.StandingsAnswer, 404), summary="A table")
    def table(
        request: Request,
        year: Year,
        of: Of = Of.DRIVERS,
        after: Annotated[int | None, Query(ge=1, le=40, description="Round; the final table when left out")] = None,
    ) -> Response:
        return read(request, lambda book: standings(book, year, of_drivers=of is Of.DRIVERS, after=after))

    @routes.get(
        "/seasons/{year}/progress",
        responses=described(answers.ProgressAnswer, 404),
        summary="Points and positions after each round",
    )
    def course(request: Request, year: Year, of: Of = Of.DRIVERS) -> Response:
        return read(request, lambda book: progress(book, year, of_drivers=of is Of.DRIVERS))

    @routes.get(
        "/seasons/{year}/team-mates", responses=described(career_answers.TeamMatesAnswer, 404), summary="Team mates"
    )
    def mates(request: Request, year: Year) -> Response:
        return read(request, lambda book: team_mates(book, year))

    @routes.get("/races/{year}/{number}", responses=described(answers.RaceAnswer, 404), summary="One race")
    def race(request: Request, year: Year, number: Annotated[int, Path(ge=1, le=40, description="Round")]) -> Response:
        return read(request, lambda book: race_page(book, year, number))


def _add_careers(routes: APIRouter, read: _Reader) -> None:
    @routes.get("/drivers", responses=described(career_answers.CareersAnswer, 404), summary="All drivers")
    def all_drivers(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
        return read(request, lambda book: drivers(book, offset, limit))

    @routes.get("/drivers/{id}", responses=described(career_answers.DriverAnswer, 404), summary="One driver")
    def driver(request: Request, id: Id) -> Response:  # noqa: A002 - the name in the address
        return read(request, lambda book: driver_page(book, id))

    @routes.get(
        "/drivers/{id}/results",
        responses=described(career_answers.CareerResultsAnswer, 404),
        summary="A driver's results, newest first",
    )
    def results(
        request: Request,
        id: Id,  # noqa: A002 - the name in the address
        session: Kind = Kind.RACE,
        season: Season = None,
        offset: Offset = 0,
        limit: Limit = 100,
    ) -> Response:
        sprints = session is Kind.SPRINT
        return read(request, lambda book: driver_results(book, id, sprints, season, offset, limit))

    @routes.get("/constructors", responses=described(career_answers.CareersAnswer, 404), summary="All constructors")
    def all_constructors(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
        return read(request, lambda book: constructors(book, offset, limit))

    @routes.get(
        "/constructors/{id}", responses=described(career_answers.ConstructorAnswer, 404), summary="One constructor"
    )
    def constructor(request: Request, id: Id) -> Response:  # noqa: A002 - the name in the address
        return read(request, lambda book: constructor_page(book, id))


def _add_places(routes: APIRouter, read: _Reader) -> None:
    @routes.get("/circuits", responses=described(place_answers.CircuitsAnswer, 404), summary="All circuits")
    def all_circuits(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
        return read(request, lambda book: circuits(book, offset, limit))

    @routes.get("/circuits/{id}", responses=described(place_answers.PlaceAnswer, 404), summary="One circuit")
    def circuit(request: Request, id: Id) -> Response:  # noqa: A002 - the name in the address
        return read(request, lambda book: circuit_page(book, id))

    @routes.get("/grands-prix", responses=described(place_answers.GrandsPrixAnswer, 404), summary="All Grands Prix")
    def all_grands_prix(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
        return read(request, lambda book: grands_prix(book, offset, limit))

    @routes.get("/grands-prix/{id}", responses=described(place_answers.PlaceAnswer, 404), summary="One Grand Prix")
    def grand_prix(request: Request, id: Id) -> Response:  # noqa: A002 - the name in the address
        return read(request, lambda book: grand_prix_page(book, id))


def _add_comparisons(routes: APIRouter, read: _Reader) -> None:
    @routes.get("/records", responses=described(career_answers.RecordsAnswer, 404), summary="Every list of records")
    def all_records(request: Request) -> Response:
        return read(request, lambda _book: records())

    @routes.get("/records/{name}", responses=described(career_answers.RecordAnswer, 404, 422), summary="One list")
    def one_record(
        request: Request,
        name: Id,
        of: Annotated[RecordOf | None, Query(description="Of whom; see the list's `of`")] = None,
        first: From = None,
        last: To = None,
        circuit: Annotated[str | None, Query(max_length=80, description="Only races at this circuit")] = None,
        grand_prix: Annotated[str | None, Query(max_length=80, description="Only races of this Grand Prix")] = None,
        grid: Annotated[int, Query(ge=1, le=40, description="For wins-from-grid: from this place")] = 1,
        indianapolis: Annotated[bool, Query(description="Whether the Indianapolis 500 of 1950-60 counts")] = True,
        least: Annotated[int | None, Query(ge=1, le=500, description="For shares: starts needed")] = None,
        offset: Offset = 0,
        limit: Limit = 20,
    ) -> Response:
        return read(
            request,
            lambda book: record(
                book,
                name,
                of=None if of is None else of.value,
                first=first,
                last=last,
                circuit_id=circuit,
                grand_prix_id=grand_prix,
                grid=grid,
                indianapolis=indianapolis,
                least=least,
                offset=offset,
                limit=limit,
            ),
        )

    @routes.get("/head-to-head", responses=described(career_answers.HeadToHeadAnswer, 404, 422), summary="Two drivers")
    def duel(
        request: Request,
        a: Annotated[str, Query(min_length=1, max_length=80, description="F1DB id")],
        b: Annotated[str, Query(min_length=1, max_length=80, description="F1DB id")],
    ) -> Response:
        return read(request, lambda book: head_to_head(book, a, b))

    @routes.get("/eras", responses=described(career_answers.ErasAnswer, 404, 422), summary="Eras compared by share")
    def compare_eras(
        request: Request,
        metric: Annotated[str, Query(max_length=40)] = "wins",
        of: Of = Of.DRIVERS,
        first: From = None,
        last: To = None,
        least: Annotated[int, Query(ge=1, le=500, description="Races that one needs to be listed")] = 20,
        offset: Offset = 0,
        limit: Limit = 20,
    ) -> Response:
        return read(
            request,
            lambda book: eras(
                book,
                metric,
                of_drivers=of is Of.DRIVERS,
                first=first,
                last=last,
                least=least,
                offset=offset,
                limit=limit,
            ),
        )
