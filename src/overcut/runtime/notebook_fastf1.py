"""What a session looks like in FastF1's shape: its columns, dtypes and units, so that code written for it runs."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# (pandas and FastF1 carry no complete types)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

import polars as pl

from overcut.domain.session import SessionKind
from overcut.domain.session_names import KIND_NAMES
from overcut.kernel.errors import OvercutError

if TYPE_CHECKING:
    import pandas as pd

    from overcut.runtime.notebook import Session

UNKNOWN_COMPOUND = "UNKNOWN"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = {
    SessionKind.FP1: "Practice 1",
    SessionKind.FP2: "Practice 2",
    SessionKind.FP3: "Practice 3",
    SessionKind.QUALIFYING: "Qualifying",
    SessionKind.SPRINT_QUALIFYING: "Sprint Qualifying",
    SessionKind.SPRINT: "Sprint",
    SessionKind.RACE: "Race",
}


def needed(package: str) -> None:
    """Whether a package that only notebooks need is here.

    Raises:
        OvercutError: it is not.
    """
    if find_spec(package) is None:
        raise OvercutError(
            f"{package} is not installed", why="Overcut itself does not need it", hint=f"pip install {package}"
        )


class FastF1Frames:
    """A session as FastF1 3 hands it out: what its `Session` calls by the same names.

    Laps, car data and positions are FastF1's own classes where it is installed, and know this object as their session,
    so that their methods work; else they are plain pandas frames with the same columns. What differs from FastF1's own
    reading is the content: laps that only we tell, none that it generates, times by our engine.

    ``Deleted`` is None where no message of race control was recorded. Where a compound is not known it is
    ``UNKNOWN``. Dates count from 1970 where the session's UTC is not known.
    """

    _RACE_LIKE_SESSIONS = ("Race", "Sprint", "Sprint Shootout", "Sprint Qualifying")
    _QUALI_LIKE_SESSIONS = ("Qualifying", "Sprint Shootout", "Sprint Qualifying")
    _session_split_times = None

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def name(self) -> str:
        """``Race``, ``Qualifying``, ``Practice 1`` …"""
        kind = self._session.info.get("session")
        return next((_NAMES[known] for known in KIND_NAMES if known.value == kind), str(kind))

    @property
    def drivers(self) -> list[str]:
        """Racing numbers, in FastF1's order: as text."""
        return self._session.drivers["driver_number"].to_list()

    @property
    def t0_date(self) -> pd.Timestamp:
        """The instant that session times count from, without a zone, in UTC."""
        import pandas as pd  # noqa: PLC0415 -- only notebooks need it

        zero = self._session.info.get("zero_utc")
        return cast("pd.Timestamp", pd.Timestamp((zero if isinstance(zero, datetime) else EPOCH).replace(tzinfo=None)))

    @property
    def session_start_time(self) -> pd.Timedelta | None:
        """When the session was started, in session time."""
        import pandas as pd  # noqa: PLC0415

        started = self._session.session_status.filter(pl.col("status") == "Started")
        return None if started.is_empty() else cast("pd.Timedelta", pd.Timedelta(milliseconds=int(started["t_ms"][0])))

    @property
    def total_laps(self) -> int | None:
        """Laps of a race."""
        return cast("int | None", self._session.info.get("laps"))

    @cached_property
    def laps(self) -> pd.DataFrame:
        """Laps with the columns and dtypes of ``fastf1.core.Laps``."""
        return self._as("Laps", _pandas(laps_frame(self._session.laps, self._zero()), _LAP_FLAGS))

    @cached_property
    def weather_data(self) -> pd.DataFrame:
        """Weather with FastF1's columns."""
        weather = self._session.weather
        return _pandas(
            weather.select(
                _from_ms("t_ms").alias("Time"),
                pl.col("air_temp_c").alias("AirTemp"),
                pl.col("humidity_pct").alias("Humidity"),
                pl.col("pressure_mbar").alias("Pressure"),
                pl.col("rainfall").fill_null(value=False).alias("Rainfall"),
                pl.col("track_temp_c").alias("TrackTemp"),
                pl.col("wind_direction_deg").fill_null(0).round().cast(pl.Int64).alias("WindDirection"),
                pl.col("wind_speed_ms").alias("WindSpeed"),
            )
        )

    @cached_property
    def track_status(self) -> pd.DataFrame:
        """Changes of the track's flag: Time, Status, Message."""
        changes = self._session.track_status
        return _pandas(changes.select(_from_ms("t_ms").alias("Time"), Status="status", Message="message"))

    @cached_property
    def session_status(self) -> pd.DataFrame:
        """Changes of the session's status: Time, Status."""
        return _pandas(self._session.session_status.select(_from_ms("t_ms").alias("Time"), Status="status"))

    @cached_property
    def race_control_messages(self) -> pd.DataFrame:
        """Race control's messages, ``Time`` in UTC."""
        said = pl.coalesce(pl.col("utc"), _date("t_ms", self._zero()))
        return _pandas(
            self._session.race_control.select(
                _naive(said).alias("Time"),
                Category="category",
                Message="message",
                Status="status",
                Flag="flag",
                Scope="scope",
                Sector=pl.col("sector").cast(pl.Float64),
                RacingNumber="driver_number",
                Lap=pl.col("lap").cast(pl.Float64),
            )
        )

    @cached_property
    def car_data(self) -> Mapping[str, pd.DataFrame]:
        """Car channels by racing number, as they were sent."""
        return _OnDemand(self, "car")

    @cached_property
    def pos_data(self) -> Mapping[str, pd.DataFrame]:
        """Places by racing number, in tenths of a metre."""
        return _OnDemand(self, "pos")

    def telemetry_of(self, number: str, which: str) -> pd.DataFrame:
        """Car channels (``car``) or places (``pos``) of one car."""
        rows = self._session.all_telemetry(number)
        frame = (car_frame if which == "car" else place_frame)(rows, self._zero())
        return self._as("Telemetry", _pandas(frame), driver=number)

    def get_driver(self, identifier: str) -> pd.Series:
        """A driver's row of the entry list, by number or code."""
        drivers = self.results
        row = drivers[(drivers["DriverNumber"] == identifier) | (drivers["Abbreviation"] == identifier)]
        if row.empty:
            raise ValueError(f"Invalid driver identifier '{identifier}'")
        return row.iloc[0]

    @cached_property
    def results(self) -> pd.DataFrame:
        """The entry list with FastF1's names; results proper are history's: ``oc.history()``."""
        entries = self._session.drivers
        return _pandas(
            entries.select(
                DriverNumber="driver_number",
                Abbreviation="driver",
                FullName="full_name",
                DriverId="driver_id",
                TeamName="team",
                TeamColor="colour",
            )
        ).set_index("DriverNumber", drop=False)

    def _zero(self) -> datetime:
        zero = self._session.info.get("zero_utc")
        return zero if isinstance(zero, datetime) else EPOCH

    def _as(self, name: str, frame: pd.DataFrame, **more: str) -> pd.DataFrame:
        """FastF1's own class around a frame, where FastF1 is installed."""
        if find_spec("fastf1") is None:
            return frame
        from fastf1 import core  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

        made = core.Laps if name == "Laps" else core.Telemetry
        return made(frame, session=self, **more)  # pyright: ignore[reportArgumentType] -- by what it is asked for


class _OnDemand(Mapping[str, "pd.DataFrame"]):
    """Telemetry by racing number, read when first asked for."""

    def __init__(self, frames: FastF1Frames, which: str) -> None:
        self._frames = frames
        self._which = which
        self._kept: dict[str, pd.DataFrame] = {}

    def __getitem__(self, number: str) -> pd.DataFrame:
        if number not in self._frames.drivers:
            raise KeyError(number)
        if number not in self._kept:
            self._kept[number] = self._frames.telemetry_of(number, self._which)
        return self._kept[number]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames.drivers)

    def __len__(self) -> int:
        return len(self._frames.drivers)


_LAP_FLAGS = ("Deleted",)


def laps_frame(laps: pl.DataFrame, zero: datetime) -> pl.DataFrame:
    """Our laps with FastF1's columns; when a sector ended follows from the lap's begin and the sector times."""
    start, s1, s2 = pl.col("lap_start_s"), pl.col("s1_s"), pl.col("s2_s")
    number = pl.Float64
    return laps.select(
        _from_s("lap_end_s").alias("Time"),
        pl.col("driver").fill_null("").alias("Driver"),
        pl.col("driver_number").alias("DriverNumber"),
        _from_s("lap_time_s").alias("LapTime"),
        pl.col("lap").cast(number).alias("LapNumber"),
        pl.col("stint").cast(number).alias("Stint"),
        _from_s("pit_out_time_s").alias("PitOutTime"),
        _from_s("pit_in_time_s").alias("PitInTime"),
        _from_s("s1_s").alias("Sector1Time"),
        _from_s("s2_s").alias("Sector2Time"),
        _from_s("s3_s").alias("Sector3Time"),
        _from_s(start + s1).alias("Sector1SessionTime"),
        _from_s(start + s1 + s2).alias("Sector2SessionTime"),
        _from_s("lap_end_s").alias("Sector3SessionTime"),
        pl.col("speed_i1").alias("SpeedI1"),
        pl.col("speed_i2").alias("SpeedI2"),
        pl.col("speed_fl").alias("SpeedFL"),
        pl.col("speed_st").alias("SpeedST"),
        pl.col("is_personal_best").fill_null(value=False).alias("IsPersonalBest"),
        pl.col("compound").fill_null(UNKNOWN_COMPOUND).alias("Compound"),
        pl.col("tyre_life").cast(number).alias("TyreLife"),
        pl.col("fresh_tyre").fill_null(value=False).alias("FreshTyre"),
        pl.col("team").fill_null("").alias("Team"),
        _from_s("lap_start_s").alias("LapStartTime"),
        _naive(_date(start * 1000, zero)).alias("LapStartDate"),
        pl.col("track_status").fill_null("").alias("TrackStatus"),
        pl.col("position").cast(number).alias("Position"),
        pl.col("deleted").alias("Deleted"),
        pl.col("deleted_reason").fill_null("").alias("DeletedReason"),
        pl.col("generated").fill_null(value=False).alias("FastF1Generated"),
        pl.col("is_accurate").fill_null(value=False).alias("IsAccurate"),
    )


def car_frame(rows: pl.DataFrame, zero: datetime) -> pl.DataFrame:
    """Car channels that were sent; DRS 0 where the cars have none (2026)."""
    sent = rows.filter(pl.col("source").is_in(["car", "both"])).unique("session_t_ms", keep="last").sort("session_t_ms")
    return sent.select(
        _naive(_date("session_t_ms", zero)).alias("Date"),
        pl.col("rpm").cast(pl.Float64).fill_null(0.0).alias("RPM"),
        pl.col("speed_kmh").fill_null(0.0).alias("Speed"),
        pl.col("gear").fill_null(0).cast(pl.Int64).alias("nGear"),
        pl.col("throttle_pct").cast(pl.Float64).fill_null(0.0).alias("Throttle"),
        (pl.col("brake_pct").fill_null(0) > 0).alias("Brake"),
        pl.col("drs").fill_null(0).cast(pl.Int64).alias("DRS"),
        pl.lit("car").alias("Source"),
        _from_ms("session_t_ms").alias("Time"),
        _from_ms("session_t_ms").alias("SessionTime"),
    )


def place_frame(rows: pl.DataFrame, zero: datetime) -> pl.DataFrame:
    """Places that were sent, in tenths of a metre as FastF1 has them."""
    sent = (
        rows.filter(pl.col("source").is_in(["position", "both"]))
        .unique("session_t_ms", keep="last")
        .sort("session_t_ms")
    )
    on = pl.when(pl.col("on_track").fill_null(value=False)).then(pl.lit("OnTrack")).otherwise(pl.lit("OffTrack"))
    return sent.select(
        _naive(_date("session_t_ms", zero)).alias("Date"),
        on.alias("Status"),
        *((pl.col(f"{axis}_m") * 10).fill_null(0.0).alias(axis.upper()) for axis in ("x", "y", "z")),
        pl.lit("pos").alias("Source"),
        _from_ms("session_t_ms").alias("Time"),
        _from_ms("session_t_ms").alias("SessionTime"),
    )


def _from_s(column: str | pl.Expr) -> pl.Expr:
    seconds = pl.col(column) if isinstance(column, str) else column
    return ((seconds * 1000).round().cast(pl.Int64) * 1_000_000).cast(pl.Duration("ns"))


def _from_ms(column: str) -> pl.Expr:
    return (pl.col(column) * 1_000_000).cast(pl.Duration("ns"))


def _date(ms: str | pl.Expr, zero: datetime) -> pl.Expr:
    """An instant, from milliseconds of session time."""
    offset = pl.col(ms) if isinstance(ms, str) else ms.round().cast(pl.Int64)
    return pl.lit(zero).dt.cast_time_unit("ms") + offset.cast(pl.Duration("ms"))


def _naive(instant: pl.Expr) -> pl.Expr:
    """An instant as pandas and FastF1 have it: UTC without saying so, in ns."""
    return instant.dt.replace_time_zone(None).dt.cast_time_unit("ns")


def _pandas(frame: pl.DataFrame, objects: tuple[str, ...] = ()) -> pd.DataFrame:
    """A pandas frame with numpy's own dtypes; text, and columns in ``objects``, as Python objects (None for null)."""
    import pandas as pd  # noqa: PLC0415

    data: dict[str, object] = {}
    for column in frame.iter_columns():
        kept = column.dtype == pl.String or (column.name in objects and column.null_count() > 0)
        values = pd.Series(column.to_list(), dtype=object) if kept else column.to_numpy()
        data[column.name] = values
    return pd.DataFrame(data)
