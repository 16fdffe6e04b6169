"""What is kept of history in memory: races, results and names, as plain values."""

from __future__ import annotations

import datetime as dt

import msgspec

NOT_STARTED = frozenset(("DNS", "DNQ", "DNPQ", "DNP", "EX"))
"""Texts in place of a position that say that a driver did not start the race."""


class RaceRow(msgspec.Struct, frozen=True, gc=False):
    """One race of the calendar. ``index`` counts races in order of time, from 0."""

    index: int
    season: int
    round: int
    date: dt.date
    grand_prix_id: str
    official_name: str | None
    circuit_id: str
    layout_id: str | None
    qualifying_format: str | None
    lap_km: float | None
    laps: int | None
    distance_km: float | None
    scheduled_laps: int | None
    sprint: bool
    drivers_decider: bool
    constructors_decider: bool
    run: bool
    """There are results of it."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One driver in one car in one race or sprint; see the tables ``results`` and ``sprints``."""

    race: int
    """`RaceRow.index`."""
    season: int
    round: int
    row: int
    position: int | None
    position_text: str
    number: str | None
    driver_id: str
    constructor_id: str | None
    engine_id: str | None
    tyre_id: str | None
    shared_car: bool
    laps: int | None
    time_ms: int | None
    penalty_ms: int | None
    gap_ms: int | None
    gap_laps: int | None
    reason_retired: str | None
    points: float
    pole: bool
    qualification_position: int | None
    grid: int | None
    grid_text: str | None
    positions_gained: int | None
    pit_stops: int | None
    fastest_lap: bool
    driver_of_the_day: bool
    grand_slam: bool | None
    """None where neither the source nor the laps tell whether a hat-trick was one."""

    started: bool
    """Took part in the race: see `NOT_STARTED`."""
    won: bool
    """Classified first."""
    on_podium: bool
    """Classified in the first three."""
    laps_led: int | None
    """Laps at whose end it was first at the line; None where the lake does not hold the laps of that race."""


class Person(msgspec.Struct, frozen=True, gc=False):
    """A driver; see the table ``drivers``."""

    id: str
    name: str
    first_name: str | None
    last_name: str | None
    full_name: str | None
    code: str | None
    permanent_number: str | None
    born: dt.date | None
    died: dt.date | None
    birthplace: str | None
    country_id: str | None


class Maker(msgspec.Struct, frozen=True, gc=False):
    """A constructor, or a maker of engines or tyres."""

    id: str
    name: str
    full_name: str | None
    country_id: str | None


class Place(msgspec.Struct, frozen=True, gc=False):
    """A circuit; see the table ``circuits``."""

    id: str
    name: str
    full_name: str | None
    previous_names: str | None
    type: str | None
    direction: str | None
    place: str | None
    country_id: str | None
    latitude: float | None
    longitude: float | None
    length_km: float | None
    turns: int | None


class GrandPrix(msgspec.Struct, frozen=True, gc=False):
    """A Grand Prix through the years."""

    id: str
    name: str
    full_name: str | None
    code: str | None
    country_id: str | None


class Country(msgspec.Struct, frozen=True, gc=False):
    """A country."""

    id: str
    alpha2: str | None
    alpha3: str | None
    name: str
    demonym: str | None


class Standing(msgspec.Struct, frozen=True, gc=False):
    """One line of a published championship table; ``engine_id`` is null in the drivers' one."""

    season: int
    round: int
    row: int
    position: int | None
    position_text: str
    id: str
    engine_id: str | None
    points: float
    positions_gained: int | None
    champion: bool
