"""What the feed tells beside the board: records, pit times, counts of overtakes, predictions, streams.

Bulky or slow to change, so it is no part of `SessionState`, which goes to every viewer at every tick.
"""

from __future__ import annotations

import msgspec

from overcut.domain.state import Weather


class RankedTime(msgspec.Struct):
    """A car's best time, ms, its lap where told, and its rank among all cars' bests; None where not known."""

    ms: int | None = None
    lap: int | None = None
    rank: int | None = None


class RankedSpeed(msgspec.Struct):
    """A car's best speed at a trap, km/h, and its rank among all cars' bests."""

    kmh: int | None = None
    rank: int | None = None


class CarRecords(msgspec.Struct):
    """One car's bests of the session (of the part, in qualifying): lap, three sectors, speed traps by name."""

    lap: RankedTime = msgspec.field(default_factory=RankedTime)
    sectors: list[RankedTime] = msgspec.field(default_factory=lambda: [RankedTime(), RankedTime(), RankedTime()])
    speeds: dict[str, RankedSpeed] = msgspec.field(default_factory=dict[str, RankedSpeed])


class PitVisit(msgspec.Struct):
    """A car's time in the pit lane and, at stops, at rest; ms. ``lap``: as the feed counts it, None where not told."""

    t_ms: int
    lap: int | None = None
    lane_ms: int | None = None
    stationary_ms: int | None = None


class Overtakes(msgspec.Struct, frozen=True):
    """A count of overtakes that the feed ascribes to a car, as of ``t_ms``; what exactly it counts is not published."""

    t_ms: int
    count: int


class Prediction(msgspec.Struct):
    """A championship position and points: before this race, and if it ended now."""

    name: str = ""
    position: int | None = None
    points: float | None = None
    predicted_position: int | None = None
    predicted_points: float | None = None


class MediaStream(msgspec.Struct):
    """A stream of pictures, sound or words that the feed names: its kind, language and address."""

    kind: str = ""
    name: str = ""
    language: str = ""
    uri: str = ""
    path: str = ""


class WeatherAt(msgspec.Struct, frozen=True):
    """One reading of the weather history, at ``t_ms`` where the session's UTC is known."""

    t_ms: int | None
    utc: str
    weather: Weather


class SessionExtras(msgspec.Struct):
    """All of it, by racing number where cars are concerned.

    Attributes:
        records: bests with ranks (`TimingStats`).
        pit_visits: in order (`PitLaneTimeCollection`, `PitStop`, `PitStopSeries`).
        overtakes: in order (`OvertakeSeries`). ``overtake_states``: 0 lost a place, 1 neither, 2 gained one
            (`DriverRaceInfo`).
        positions: by lap; lap 0 is the start (`LapSeries`).
        drivers, teams: the championship if the race ended now (`ChampionshipPrediction`).
        audio, content: streams by index. ``top_three``: racing numbers (`TopThree`).
        weather: by index (`WeatherDataSeries`). ``archive_status``: "Generating", "Complete".
        stand_ins: which topics were read in place of a silent main one, and how often.
        unread: topics whose form is not published and was not seen, and how many messages of them came.
    """

    records: dict[str, CarRecords] = msgspec.field(default_factory=dict[str, CarRecords])
    pit_visits: dict[str, list[PitVisit]] = msgspec.field(default_factory=dict[str, list[PitVisit]])
    overtakes: dict[str, dict[int, Overtakes]] = msgspec.field(default_factory=dict[str, dict[int, Overtakes]])
    overtake_states: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    positions: dict[str, dict[int, int]] = msgspec.field(default_factory=dict[str, dict[int, int]])
    drivers: dict[str, Prediction] = msgspec.field(default_factory=dict[str, Prediction])
    teams: dict[str, Prediction] = msgspec.field(default_factory=dict[str, Prediction])
    audio: dict[int, MediaStream] = msgspec.field(default_factory=dict[int, MediaStream])
    content: dict[int, MediaStream] = msgspec.field(default_factory=dict[int, MediaStream])
    top_three: dict[int, str] = msgspec.field(default_factory=dict[int, str])
    weather: dict[int, WeatherAt] = msgspec.field(default_factory=dict[int, WeatherAt])
    archive_status: str = ""
    stand_ins: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    unread: dict[str, int] = msgspec.field(default_factory=dict[str, int])
