"""What an answer about a circuit or a Grand Prix looks like."""

from __future__ import annotations

import msgspec

from overcut.lake.history.answers import ATTRIBUTION, CountLine, DriverRef, NamedRef, RaceRef, RoundLine


class CircuitLine(msgspec.Struct, frozen=True):
    """A circuit in the list. ``country``: ISO 3166-1 alpha-2."""

    id: str
    name: str
    full_name: str | None
    place: str | None
    country: str | None
    country_name: str | None
    type: str | None
    length_km: float | None
    turns: int | None
    races: int
    first: int | None
    last: int | None


class CircuitsAnswer(msgspec.Struct, frozen=True):
    """The circuits, those with the most races first."""

    total: int
    offset: int
    limit: int
    items: list[CircuitLine]
    source: str = ATTRIBUTION


class GrandPrixLine(msgspec.Struct, frozen=True):
    """A Grand Prix in the list."""

    id: str
    name: str
    full_name: str | None
    country: str | None
    races: int
    first: int | None
    last: int | None
    circuits: int


class GrandsPrixAnswer(msgspec.Struct, frozen=True):
    """The Grands Prix, those with the most races first."""

    total: int
    offset: int
    limit: int
    items: list[GrandPrixLine]
    source: str = ATTRIBUTION


class LayoutLine(msgspec.Struct, frozen=True):
    """A layout of a circuit, and the races on it."""

    id: str
    length_km: float | None
    turns: int | None
    current: bool
    races: int
    first: int | None
    last: int | None


class LapRecord(msgspec.Struct, frozen=True):
    """The fastest lap ever driven in a race on a layout, as far as lap times are known."""

    layout_id: str | None
    driver: DriverRef
    constructor: NamedRef | None
    race: RaceRef
    lap: int | None
    time_ms: int


class PlaceAbout(msgspec.Struct, frozen=True):
    """What a circuit or a Grand Prix is. ``kind``: circuit or grand_prix; ``country``: ISO 3166-1 alpha-2."""

    kind: str
    id: str
    name: str
    full_name: str | None = None
    previous_names: str | None = None
    country: str | None = None
    country_name: str | None = None
    place: str | None = None
    type: str | None = None
    direction: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    length_km: float | None = None
    turns: int | None = None


class PlaceAnswer(msgspec.Struct, frozen=True):
    """The page of a circuit or a Grand Prix: its races, newest first, and who did best there.

    ``pole_wins``: races won from pole, of ``pole_races`` with a known pole. ``lowest_winning_grid``: races won from
    the lowest place on the grid, ``lowest_winning_grid_place``.
    """

    about: PlaceAbout
    races: list[RoundLine]
    wins: list[CountLine]
    constructor_wins: list[CountLine]
    poles: list[CountLine]
    podiums: list[CountLine]
    pole_wins: int
    pole_races: int
    lowest_winning_grid: list[RaceRef]
    lowest_winning_grid_place: int | None
    layouts: list[LayoutLine]
    lap_records: list[LapRecord]
    circuits: list[NamedRef]
    grands_prix: list[NamedRef]
    source: str = ATTRIBUTION
