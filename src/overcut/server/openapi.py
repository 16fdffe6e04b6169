"""What the OpenAPI document says of our own types: the schemas that msgspec derives from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from overcut.domain.track_map import TrackOutline
from overcut.insights.championship.answers import CHAMPIONSHIP_TYPES
from overcut.kernel.version import __version__
from overcut.lake.features import Feature
from overcut.lake.history.answer_types import HISTORY_TYPES
from overcut.lake.store.status import LakeStatus
from overcut.runtime.commands import Delay, GoLive, Pause, Play, PlaybackCommand, Seek, Speed
from overcut.runtime.live import FeedStatus
from overcut.runtime.pace import FairLap, PaceReport, PracticeReport
from overcut.runtime.playback import PlaybackStatus
from overcut.runtime.quality.report import QualityReport
from overcut.runtime.timeline import Timeline
from overcut.server import wire
from overcut.server.circuit_strategy_routes import CIRCUIT_STRATEGY_TYPES
from overcut.server.feature_routes import FeaturesNow
from overcut.server.graphql.routes import GraphAnswer, GraphQuestion
from overcut.server.health_routes import Health
from overcut.server.lake_routes import SqlQuestion
from overcut.server.optimiser_routes import OPTIMISER_TYPES
from overcut.server.stop_routes import STOP_TYPES
from overcut.server.strategy_routes import STRATEGY_TYPES
from overcut.server.table_routes import TableAnswer
from overcut.server.telemetry_routes import TelemetryAnswer

DESCRIPTION = """Timing of Formula 1 sessions: replayed, simulated, live.

The stream itself is a WebSocket, `/api/v1/sessions/{key}/stream`; its messages are `Snapshot`, `Delta`, `MapUpdate` and
`FeedUpdate` below, its rules are in `docs/reference/stream.md`."""

_TYPES: tuple[type, ...] = (
    wire.Snapshot,
    wire.Delta,
    wire.MapUpdate,
    wire.FeedUpdate,
    wire.SessionSummary,
    wire.StateAnswer,
    wire.LapsAnswer,
    wire.MessagesAnswer,
    wire.WeatherAnswer,
    wire.CircuitSummary,
    wire.CircuitAnswer,
    wire.Problem,
    QualityReport,
    PaceReport,
    PracticeReport,
    FairLap,
    TrackOutline,
    Timeline,
    PlaybackStatus,
    Health,
    TableAnswer,
    TelemetryAnswer,
    LakeStatus,
    SqlQuestion,
    GraphQuestion,
    GraphAnswer,
    Play,
    Pause,
    Seek,
    Speed,
    Delay,
    GoLive,
    FeedStatus,
    Feature,
    FeaturesNow,
    *HISTORY_TYPES,
    *CHAMPIONSHIP_TYPES,
    *STRATEGY_TYPES,
    *OPTIMISER_TYPES,
    *STOP_TYPES,
    *CIRCUIT_STRATEGY_TYPES,
)


def describe(app: FastAPI) -> None:
    """Make the app's OpenAPI document tell our types, once, when first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title="Overcut", version=__version__, description=DESCRIPTION, routes=app.routes, tags=None
            )
            components = cast("dict[str, Any]", document.setdefault("components", {}))
            components["schemas"] = {**components.get("schemas", {}), **schemas()}
            app.openapi_schema = _named_once(document)
        return app.openapi_schema

    app.openapi = openapi


def schemas() -> dict[str, Any]:
    """JSON schemas by name: every message, answer and command, and what they are made of."""
    (command, message), found = msgspec.json.schema_components(
        [PlaybackCommand, wire.StreamMessage], ref_template="#/components/schemas/{name}"
    )
    _, rest = msgspec.json.schema_components(_TYPES, ref_template="#/components/schemas/{name}")
    return {**found, **rest, "PlaybackCommand": command, "StreamMessage": message}


_REF = "#/components/schemas/"
_YIELDING = {"overcut.strategy.": "Strategy", "overcut.insights.stops.": "Stops"}
"""Whose types take a longer name where another room has one of the same name; those of the others stay as they were."""


def _named_once(document: dict[str, Any]) -> dict[str, Any]:
    """The document with one short name for each type. Where two rooms have a type of one name, msgspec writes module
    and name, which generators of clients stumble over; routes refer to their answers by module and name always."""
    types = cast("dict[str, Any]", document["components"]["schemas"])
    names = {full: _short(full) for full in types if "." in full}
    document["components"]["schemas"] = {names.get(full, full): kept for full, kept in types.items()}
    return cast("dict[str, Any]", _renamed(document, names))


def _short(full: str) -> str:
    return next((f"{prefix}{_last(full)}" for room, prefix in _YIELDING.items() if full.startswith(room)), _last(full))


def _last(full: str) -> str:
    return full.rpartition(".")[2]


def _renamed(value: object, names: Mapping[str, str]) -> object:
    """A part of the document with its references by the short names."""
    if isinstance(value, dict):
        return {name: _renamed(one, names) for name, one in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_renamed(one, names) for one in cast("list[object]", value)]
    if isinstance(value, str) and value.startswith(_REF):
        full = value.removeprefix(_REF)
        return _REF + names.get(full, _last(full))
    return value
