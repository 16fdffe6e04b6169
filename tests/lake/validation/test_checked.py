"""Every defect of rows that are to enter the lake is counted, told, and repaired or quarantined; none is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.tables import TABLES, Column, ColumnType, Table, Unit
from overcut.domain.tables.finding import Action
from overcut.kernel.frame_schema import frame_schema
from overcut.lake.validation import WrongRowsError, checked

THINGS = Table(
    "things",
    "one thing",
    Unit.SESSION,
    ("session_key", "number"),
    (
        Column("session_key", ColumnType.TEXT, "", "where", nullable=False),
        Column("number", ColumnType.INT16, "", "which", nullable=False, low=1),
        Column("speed", ColumnType.FLOAT64, "km/h", "how fast", low=0, high=500),
        Column("kind", ColumnType.TEXT, "", "of which kind", choices=("a", "b")),
        Column("day", ColumnType.DATE, "", "when"),
        Column("utc", ColumnType.UTC_MS, "UTC", "when exactly"),
        Column("wet", ColumnType.BOOL, "", "wet"),
    ),
)


def things(**columns: list[object]) -> pl.DataFrame:
    height = max(len(values) for values in columns.values())
    base: dict[str, list[object]] = {"session_key": ["s"] * height, "number": list(range(1, height + 1))}
    return pl.DataFrame(base | columns, strict=False)


def kinds(frame: pl.DataFrame) -> list[tuple[str, str, int, Action]]:
    return [(found.kind, found.column, found.rows, found.action) for found in checked(THINGS, frame).findings]


def test_good_rows_pass_unchanged_in_their_order_and_in_the_schema() -> None:
    passed = checked(THINGS, things(number=[3, 1, 2], speed=[300.5, 0.0, None], kind=["a", None, "b"]))
    assert passed.findings == ()
    assert passed.quarantined.is_empty()
    assert passed.frame["number"].to_list() == [3, 1, 2]
    assert dict(passed.frame.schema) == frame_schema(THINGS)


def test_a_value_out_of_range_becomes_null_and_the_row_as_it_came_is_kept() -> None:
    passed = checked(THINGS, things(speed=[501.0, 500.0, -0.1]))
    assert passed.frame["speed"].to_list() == [None, 500.0, None]
    assert passed.quarantined["speed"].to_list() == ["501.0", "-0.1"]
    assert [(found.kind, found.rows, found.action) for found in passed.findings] == [
        ("out_of_range", 2, Action.REPAIRED)
    ]
    assert "speed 501.0" in passed.findings[0].example


def test_a_row_whose_key_is_missing_or_impossible_is_refused() -> None:
    frame = things(number=[None, 0, 5], speed=[1.0, 2.0, 3.0])
    passed = checked(THINGS, frame)
    assert passed.frame["speed"].to_list() == [3.0]
    assert sorted(passed.quarantined["speed"].to_list()) == ["1.0", "2.0"]
    assert {(found.kind, found.action) for found in passed.findings} == {
        ("missing_value", Action.QUARANTINED),
        ("out_of_range", Action.QUARANTINED),
    }


def test_unknown_words_nans_and_infinities_are_no_values() -> None:
    assert kinds(things(kind=["a", "c", None])) == [("unknown_word", "kind", 1, Action.REPAIRED)]
    assert kinds(things(speed=[float("nan"), 1.0])) == [("not_a_number", "speed", 1, Action.REPAIRED)]
    assert kinds(things(speed=[float("inf"), 1.0])) == [("not_a_number", "speed", 1, Action.REPAIRED)]


@pytest.mark.parametrize(
    ("column", "given_values", "taken"),
    [
        ("number", ["7", " 8 ", "9.0"], [7, 8, 9]),
        ("number", [7.0, 8.0, 9.0], [7, 8, 9]),
        ("kind", [1.0, 2.0, 3.0], None),
        ("day", ["2024-05-26", "2024-02-29", None], [date(2024, 5, 26), date(2024, 2, 29), None]),
        ("wet", ["true", "0", "No"], [True, False, False]),
        ("wet", [1, 0, None], [True, False, None]),
    ],
)
def test_values_of_other_types_are_read_for_what_they_mean(
    column: str, given_values: list[object], taken: list[object] | None
) -> None:
    frame = things(**{column: given_values})
    passed = checked(THINGS, frame)
    if taken is None:
        assert [found.kind for found in passed.findings] == ["unknown_word"]
        assert "kind 1" in passed.findings[0].example
    else:
        assert passed.findings == ()
        assert passed.frame[column].to_list() == taken


def test_what_cannot_be_read_is_a_wrong_type_and_not_rounded_or_guessed() -> None:
    assert kinds(things(number=["1.5", "2"])) == [("wrong_type", "number", 1, Action.QUARANTINED)]
    assert kinds(things(number=[40_000, 2])) == [("wrong_type", "number", 1, Action.QUARANTINED)]
    assert kinds(things(speed=["fast", "2"])) == [("wrong_type", "speed", 1, Action.REPAIRED)]
    assert kinds(things(day=["2023-02-29", None])) == [("wrong_type", "day", 1, Action.REPAIRED)]
    assert kinds(things(wet=["perhaps", None])) == [("wrong_type", "wet", 1, Action.REPAIRED)]


def test_instants_are_utc_whatever_zone_they_come_in() -> None:
    naive = pl.Series("utc", ["2024-05-26 15:00:00"]).str.to_datetime()
    zoned = pl.Series("utc", [datetime(2024, 5, 26, 15, 0, tzinfo=UTC)]).dt.convert_time_zone("Europe/Monaco")
    for values in (zoned, naive, pl.Series("utc", ["2024-05-26T15:00:00Z"])):
        passed = checked(THINGS, things(number=[1]).with_columns(values))
        assert passed.frame["utc"].to_list() == [datetime(2024, 5, 26, 15, 0, tzinfo=UTC)]


def test_the_last_row_of_a_key_stays_and_the_others_are_quarantined() -> None:
    passed = checked(THINGS, things(number=[1, 1, 2], speed=[10.0, 20.0, 30.0]))
    assert passed.frame["speed"].to_list() == [20.0, 30.0]
    assert passed.quarantined.select("speed", "problem").rows() == [("10.0", "duplicate_key (quarantined)")]


def test_an_exact_repetition_is_counted_and_needs_no_quarantine() -> None:
    passed = checked(THINGS, things(number=[1, 1, 1], speed=[10.0, 10.0, 10.0]))
    assert passed.frame.height == 1
    assert passed.quarantined.is_empty()
    assert [(found.kind, found.rows) for found in passed.findings] == [("repeated_row", 2)]


def test_findings_are_counted_by_place() -> None:
    frame = things(session_key=["s", "t", "t"], number=[1, 1, 2], speed=[-1.0, -2.0, -3.0])
    assert {found.place: found.rows for found in checked(THINGS, frame).findings} == {"s": 1, "t": 2}


def test_other_columns_than_the_tables_are_an_error_that_names_them() -> None:
    with pytest.raises(WrongRowsError, match="things") as caught:
        checked(THINGS, pl.DataFrame({"session_key": ["s"], "colour": ["red"]}))
    assert "colour" in caught.value.why
    assert "number" in caught.value.why


def test_laps_that_run_backwards_or_contradict_themselves_are_kept_and_told() -> None:
    laps = pl.DataFrame(
        {
            "session_key": ["2024-01-R"] * 3,
            "driver_number": ["1"] * 3,
            "lap": [1, 2, 3],
            "lap_time_s": [90.0, 91.0, 92.0],
            "s1_s": [30.0, 30.0, 30.0],
            "s2_s": [30.0, 30.0, 30.0],
            "s3_s": [30.0, 31.0, 33.0],
            "lap_start_s": [0.0, 90.0, 181.0],
            "lap_end_s": [90.0, 181.0, 180.0],
        }
    )
    passed = checked(TABLES["laps"], laps)
    assert passed.frame.height == 3
    assert {(found.kind, found.column, found.action) for found in passed.findings} == {
        ("not_monotonic", "lap_end_s", Action.KEPT),
        ("sectors_disagree", "lap_time_s", Action.KEPT),
        ("ends_before_start", "lap_end_s", Action.KEPT),
    }


ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.integers(-(10**6), 10**6).map(str),
    st.sampled_from(["a", "b", "s", "1", "2", "3", "true", "2024-05-26", "2024-05-26T12:00:00Z"]),
)


@given(rows=st.lists(st.tuples(*[ANYTHING] * 7), max_size=30))
def test_no_row_is_ever_lost(rows: list[tuple[str | None, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(THINGS.names, pl.String), orient="row")
    passed = checked(THINGS, frame)
    refused = sum(found.rows for found in passed.findings if found.kind == "repeated_row")
    quarantined = passed.quarantined.filter(pl.col("problem").str.contains("quarantined")).height
    assert passed.frame.height + refused + quarantined == frame.height
    assert passed.frame.select(THINGS.key).is_duplicated().sum() == 0
    assert checked(THINGS, passed.frame).findings == ()


def test_every_range_of_the_schemas_is_one() -> None:
    for table in TABLES.values():
        for column in table.columns:
            if column.low is not None and column.high is not None:
                assert column.low < column.high, (table.name, column.name)
