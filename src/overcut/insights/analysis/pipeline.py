"""What a saved analysis is: sessions, filters, steps and outputs in one small file that gives the same answer again."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.kernel.errors import OvercutError, WrongUsageError

PIPELINE_VERSION = 1


class Mode(StrEnum):
    """What a row of the analysis is."""

    RACE = "race"
    """A lap of a race or sprint, with its verdict and fair time."""
    QUALIFYING = "qualifying"
    """A driver's best lap in one part of one qualifying."""
    SEASON = "season"
    """A driver's fair pace in one race."""


class ClusterOf(StrEnum):
    """What is clustered."""

    STINT = "stint"
    CAR = "car"


class Filters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which rows are kept; an empty list keeps all. ``verdicts`` is for race mode; laps are race laps, inclusive."""

    drivers: list[str] = []
    teams: list[str] = []
    compounds: list[str] = []
    seasons: list[int] = []
    verdicts: list[str] = []
    parts: list[int] = []
    first_lap: int | None = None
    last_lap: int | None = None


class Compare(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="compare"):
    """Two groups of rows, told apart by a column; all pairs of its values where neither side is named.

    ``paired``: compare within each value of that column (``session_key``): one mean a side and session.
    """

    by: str
    measure: str
    a: list[str] = []
    b: list[str] = []
    paired: str = ""
    name: str = ""


class Regress(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="regress"):
    """A measure explained by columns."""

    measure: str
    terms: list[str]
    name: str = ""


class ClusterStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="cluster"):
    """Stints or cars of a kind; ``clusters`` 0 lets the data choose."""

    of: ClusterOf
    features: list[str]
    clusters: int = 0
    name: str = ""


class Summarise(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="summarise"):
    """Count, mean, median, quartiles and robust spread of a measure by columns."""

    measure: str
    by: list[str]
    name: str = ""


Step = Compare | Regress | ClusterStep | Summarise


class OutputKind(StrEnum):
    """What is written: the result as JSON, or the analysed rows as a table."""

    RESULT = "result"
    ROWS = "rows"


class Output(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file, beside the pipeline's own: .json for the result; .parquet, .csv, .json or .jsonl for rows."""

    what: OutputKind
    path: str


class Pipeline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A saved analysis.

    Attributes:
        version: of this format. ``name``: what it is about, in words. ``mode``: what a row is.
        sessions: keys (``2024-07-R``), patterns of keys (``2024-*-R``), or names and paths of single sessions.
        seed: of everything that is drawn. ``filters``, ``steps``, ``outputs``: see there.
    """

    version: int
    name: str
    mode: Mode
    sessions: list[str]
    steps: list[Step]
    filters: Filters = msgspec.field(default_factory=Filters)
    outputs: list[Output] = []
    seed: int = 1


def read_pipeline(content: bytes, *, toml: bool) -> Pipeline:
    """A pipeline from its file's content.

    Raises:
        WrongUsageError: it is no pipeline; the reason names the field.
        OvercutError: it is of a newer version.
    """
    decode = msgspec.toml.decode if toml else msgspec.json.decode
    try:
        raw = decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongUsageError(f"The analysis is no {'TOML' if toml else 'JSON'}", why=str(error)) from error
    version: object = raw.get("version") if isinstance(raw, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    if isinstance(version, int) and version > PIPELINE_VERSION:
        raise OvercutError(
            f"The analysis has version {version}",
            why=f"this Overcut reads up to {PIPELINE_VERSION}",
            hint="update Overcut",
        )
    try:
        pipeline = msgspec.convert(raw, Pipeline)
    except msgspec.ValidationError as error:
        raise WrongUsageError(
            "The analysis is not understood", why=str(error), hint="docs/concepts/pace.md explains every field"
        ) from error
    if not pipeline.sessions or not pipeline.steps:
        raise WrongUsageError("The analysis names no session" if not pipeline.sessions else "The analysis has no step")
    return pipeline
