"""Whether text from outside can ask, and only ask: what is answered, what is refused, what it may cost."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from overcut.domain.tables import TABLES, LakeSource
from overcut.kernel.errors import OvercutError
from overcut.lake import Lake
from overcut.lake.sql.desk import SqlDesk
from overcut.lake.sql.encoding import encoded
from overcut.lake.sql.formats import RowsFormat, format_of
from overcut.lake.sql.guard import Guard
from overcut.lake.sql.limits import SqlBusyError, SqlFailedError, SqlLimitError, SqlLimits, SqlRefusedError
from overcut.lake.store.manifest import manifest_file
from tests.lake.lake_rows import MONACO, SPA, laps, races

HIDDEN = "what-nobody-may-read"  # within a file beside the lake
LIMITS = SqlLimits(time_s=1.5, rows=1000, memory_mb=256, answer_mb=16)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("sql")
    (folder / "secret.csv").write_text(f"a\n{HIDDEN}\n")
    lake = Lake(folder / "lake")
    with lake.writing() as writer:
        writer.replace("laps", laps(MONACO, SPA), source=LakeSource.FRAMES)
        writer.replace("races", races(1996, 1997), source=LakeSource.F1DB)
    return lake


@pytest.fixture(scope="module")
def desk(lake: Lake) -> Iterator[SqlDesk]:
    with SqlDesk(lake.folder, LIMITS, workers=1) as desk:
        yield desk


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard([name for table in TABLES for name in (table, f"{table}_all")])


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT count(*) AS n FROM laps", [(12,)]),
        ("SELECT season, count(*) FROM races GROUP BY season ORDER BY 1", [(1996, 2), (1997, 2)]),
        ("FROM races SELECT max(season)", [(1997,)]),
        ("WITH late AS (SELECT * FROM races WHERE season > 1996) SELECT count(*) FROM late;", [(2,)]),
        ("WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT sum(i) FROM n", [(10,)]),
        ("SELECT lap FROM laps QUALIFY row_number() OVER (ORDER BY lap, driver_number) = 1 -- first", [(1,)]),
        ("SELECT list_transform([1, 2], lambda x: x * 2)[2]", [(4,)]),
        ("SELECT 1 AS a, 2 AS a", [(1, 2)]),
        ("VALUES (1), (2)", [(1,), (2,)]),
        ("SELECT count(*) FROM (DESCRIBE laps)", [(len(TABLES["laps"].columns),)]),
        ("SELECT source, count(*) FROM laps_all GROUP BY 1", [("frames", 12)]),
        ("SELECT sum(i) FROM range(10) AS r(i)", [(45,)]),
        ("SELECT 'it''s; -- no comment' AS t", [("it's; -- no comment",)]),
        ("SELECT INTERVAL 2 DAY AS i, MAP {'a': 1} AS m, NULL AS n", [("2 days", "{a=1}", None)]),
    ],
)
def test_questions_are_answered(desk: SqlDesk, sql: str, rows: list[tuple[object, ...]]) -> None:
    assert desk.ask(sql).rows.rows() == rows


def test_values_are_given_by_name(desk: SqlDesk) -> None:
    found = desk.ask("SELECT count(*) FROM laps WHERE session_key = $key AND lap <= $most", {"key": SPA, "most": 2})
    assert found.rows.item() == 4


def test_value_is_never_taken_for_sql(desk: SqlDesk) -> None:
    assert desk.ask("SELECT $v AS v", {"v": "'; DROP TABLE laps; --"}).rows.item() == "'; DROP TABLE laps; --"


HOSTILE = [
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_blob('{secret}')",
    "SELECT * FROM '{secret}'",
    'SELECT * FROM "{secret}"',
    "FROM '{secret}'",
    'SELECT * FROM main."{secret}"',
    "SELECT * FROM (FROM '{secret}')",
    "SELECT (SELECT a FROM '{secret}')",
    "SELECT * FROM laps WHERE driver_number IN (SELECT a FROM read_csv('{secret}'))",
    "WITH x AS (SELECT * FROM '{secret}') SELECT * FROM x",
    "WITH x AS MATERIALIZED (SELECT * FROM read_csv_auto('{secret}')) SELECT * FROM x",
    'SELECT * FROM laps, (WITH "{secret}" AS (SELECT 1) SELECT * FROM "{secret}"), \'{secret}\'',
    "SELECT * FROM duckdb_settings, (WITH duckdb_settings AS (SELECT 1) SELECT 1)",
    "SELECT * FROM duckdb_views(), (WITH duckdb_views AS (SELECT 1) SELECT 1)",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM sniff_csv('{secret}')",
    "SELECT * FROM parquet_metadata('{secret}')",
    "SELECT * FROM read_json('{secret}')",
    "SELECT * FROM 'https://example.org/x.parquet'",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "SELECT * FROM read_parquet('/proc/self/environ')",
    "COPY laps TO '{out}'",
    "COPY (SELECT 1) TO '{out}' (FORMAT csv)",
    "COPY laps FROM '{secret}'",
    "EXPORT DATABASE '{out}'",
    "IMPORT DATABASE '{out}'",
    "ATTACH '{out}' AS x",
    "ATTACH ':memory:' AS x",
    "DETACH ready",
    "USE ready",
    "CREATE TABLE x AS SELECT 1",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE VIEW x AS SELECT 1",
    "CREATE MACRO x() AS 1",
    "CREATE HIDDEN s (TYPE s3)",
    "CREATE SEQUENCE s",
    "CREATE TYPE t AS ENUM ('a')",
    "DROP VIEW laps",
    "ALTER VIEW laps RENAME TO x",
    "INSERT INTO ready.races SELECT * FROM races",
    "UPDATE ready.races SET season = 1",
    "DELETE FROM ready.races",
    "TRUNCATE ready.races",
    "MERGE INTO races USING races r ON true WHEN MATCHED THEN DELETE",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FORCE INSTALL spatial",
    "UPDATE EXTENSIONS",
    "SET memory_limit = '100GB'",
    "SET GLOBAL enable_external_access = true",
    "RESET lock_configuration",
    "SET VARIABLE x = 1",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CHECKPOINT",
    "FORCE CHECKPOINT",
    "VACUUM",
    "ANALYZE",
    "BEGIN",
    "COMMIT",
    "EXPLAIN SELECT 1",
    "EXPLAIN ANALYZE SELECT 1",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "SHOW DATABASES",
    "SELECT * FROM (SHOW TABLES)",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "SELECT 1; DROP VIEW laps",
    "SELECT 1; SELECT 2",
    "",
    ";",
    "-- nothing",
    "SELECT * FROM ready.races",
    "SELECT * FROM ready.main.races",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM pg_catalog.pg_class",
    "SELECT * FROM pg_class",
    "SELECT * FROM pg_tables",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM pragma_database_list()",
    "SELECT * FROM query('SELECT * FROM duckdb_settings()')",
    "SELECT * FROM query_table('duckdb_settings')",
    "SELECT * FROM query_table(['laps'])",
    "SELECT * FROM json_execute_serialized_sql('x')",
    "SELECT json_serialize_sql('SELECT 1')",
    "SELECT * FROM checkpoint()",
    "SELECT * FROM force_checkpoint('ready')",
    "SELECT * FROM duckdb_logs()",
    "SELECT write_log('x')",
    "SELECT getenv('PATH')",
    "SELECT current_setting('temp_directory')",
    "SELECT getvariable('x')",
    "SELECT current_database()",
    "SELECT pg_sleep(1)",
    "SELECT sleep_ms(100)",
    "SELECT nextval('s')",
    "SELECT setseed(0.5)",
    "SELECT pg_get_viewdef(1)",
    "SELECT laps.read_text('{secret}') FROM laps",
    "SELECT 'x'.getenv()",
    "SELECT ('{secret}').read_text()",
    "SELECT txid_current()",
    "SELECT system.main.getenv('PATH')",
    "SELECT error('x')",
    "SELECT * FROM laps AT (VERSION => 1)",
    "PIVOT laps ON lap USING count(*)",
    "SELECT * FROM test_all_types()",
    "SELECT * FROM repeat_row(1, num_rows = 10)",
    "SELECT * FROM python_map_function()",
    "SELECT * FROM pandas_scan(1)",
    "SELECT * FROM arrow_scan(1, 2, 3)",
    "SELECT * FROM seq_scan('laps')",
    "SELECT * FROM HIDDEN",
    "SELECT * FROM lake",
    "sElEcT * fRoM/**/ReAd_TeXt/**/('{secret}')",
    "SELECT * FROM U&\"\\0072ead_text\"('{secret}')",
    "SELECT\x00 1",
    "SELECT * FROM laps UNION ALL SELECT * FROM '{secret}'",
    "SELECT " + "-" * 60_000 + "1",
]


@pytest.mark.parametrize("sql", HOSTILE, ids=lambda sql: sql[:60].replace("\x00", "NUL"))
def test_hostile_statements_are_refused_in_words(desk: SqlDesk, lake: Lake, sql: str) -> None:
    secret, out = lake.folder.parent / "secret.csv", lake.folder.parent / "out"
    with pytest.raises((SqlRefusedError, SqlFailedError)) as refused:
        desk.ask(sql.replace("{secret}", str(secret)).replace("{out}", str(out)))
    assert HIDDEN not in str(refused.value)
    assert not out.exists()
    assert desk.ask("SELECT 1").rows.item() == 1


def test_every_function_that_reads_files_or_settings_is_refused(guard: Guard) -> None:
    with duckdb.connect() as connection:
        names = connection.execute(
            "SELECT DISTINCT function_name FROM duckdb_functions() "
            "WHERE function_type IN ('table', 'table_macro', 'pragma')"
        ).fetchall()
    let_in: list[str] = []
    for (name,) in names:
        for sql in (f"SELECT * FROM \"{name}\"('x')", f'SELECT * FROM "{name}"()', f"SELECT * FROM laps, {name}('x')"):  # noqa: S608
            try:
                guard.check(sql)
            except SqlRefusedError:
                continue
            let_in.append(str(name))
    assert set(let_in) == {"range", "generate_series", "unnest"}


_SPEECH = """
    SELECT * FROM laps races ( ) , WITH x AS 'secret.csv' "secret.csv" read_text read_csv COPY TO ATTACH SET ; -- /* */
    UNION ALL JOIN LATERAL duckdb_settings main. ready. WHERE 1 = glob query getenv current_setting PRAGMA DESCRIBE $a
    lambda : [ ] { } PIVOT ON VALUES pg_class information_schema.tables RECURSIVE TABLE
"""
_WORDS = st.sampled_from(_SPEECH.split())


@given(st.lists(_WORDS, max_size=25).map(" ".join) | st.text(max_size=200))
@example("SELECT * FROM laps")
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_guard_lets_through_names_only_the_lakes_tables(guard: Guard, sql: str) -> None:
    try:
        statement = guard.check(sql).statement
    except SqlRefusedError:
        return
    with duckdb.connect(config={"enable_external_access": "false"}) as connection:
        try:
            named = connection.get_table_names(statement)
        except duckdb.CatalogException:  # a type that there is not, as in SELECT laps 'secret.csv'
            return
    assert {name.lower() for name in named} <= {n for t in TABLES for n in (t, f"{t}_all")}
    lowered = statement.lower()
    assert not any(
        f"{word} (" in lowered or f"{word}(" in lowered for word in ("read_text", "read_csv", "glob", "query")
    )


@pytest.mark.parametrize(
    "deep",
    [
        "(" * 2_000 + "SELECT 1" + ")" * 2_000,
        "SELECT " + "(" * 9_000 + "1" + ")" * 9_000,
        "SELECT " + "abs(" * 900 + "1" + ")" * 900,
        "SELECT 1" + " + 1" * 3_000,
        "SELECT " + "[" * 400 + "]" * 400,
    ],
)
def test_deep_statements_harm_nobody(desk: SqlDesk, deep: str) -> None:
    with contextlib.suppress(OvercutError):
        assert desk.ask(deep).rows.height == 1
    assert desk.ask("SELECT 1").rows.item() == 1


def test_statement_is_stopped_when_its_time_is_over(desk: SqlDesk) -> None:
    began = time.monotonic()
    with pytest.raises(SqlLimitError, match="stopped after"):
        desk.ask("SELECT count(*) FROM range(100000) a, range(100000) b, range(1000) c WHERE a.range + b.range = 7")
    assert time.monotonic() - began < LIMITS.time_s + 3
    assert desk.ask("SELECT count(*) FROM laps").rows.item() == 12


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list(range) FROM range(300000000)",
        "SELECT repeat('x', 2000000000)",
    ],
)
def test_statement_is_stopped_when_it_takes_too_much(desk: SqlDesk, sql: str) -> None:
    with pytest.raises(SqlLimitError):
        desk.ask(sql, time_s=20)
    assert desk.ask("SELECT count(*) FROM laps").rows.item() == 12


def test_answer_is_cut_at_the_limit_and_says_so(desk: SqlDesk) -> None:
    found = desk.ask("SELECT range AS i FROM range(5000) ORDER BY i DESC", rows=10)
    assert (found.rows.get_column("i").to_list(), found.truncated) == (list(range(4999, 4989, -1)), True)
    assert not desk.ask("SELECT range FROM range(10)", rows=10).truncated


def test_answer_that_is_too_large_is_refused(desk: SqlDesk) -> None:
    with pytest.raises(SqlLimitError, match="16 MB"):
        desk.ask("SELECT repeat('x', 100000) FROM range(900)")


def test_killed_worker_is_replaced(desk: SqlDesk) -> None:
    desk.ask("SELECT 1")
    process = desk._idle.get()
    assert process is not None
    os.kill(process._child.pid, 9)
    process._child.wait()
    desk._idle.put(process)
    assert desk.ask("SELECT count(*) FROM laps").rows.item() == 12


def test_new_rows_are_seen_and_a_full_house_says_so(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with SqlDesk(lake.folder, LIMITS, workers=1, wait_s=0.2) as desk:
        assert desk.ask("SELECT count(*) FROM laps").rows.item() == 0
        with lake.writing() as writer:
            writer.replace("laps", laps(SPA), source=LakeSource.FRAMES)
        found = desk.ask("SELECT count(*) FROM laps")
        assert (found.rows.item(), found.generation) == (6, 1)

        def ask_for_too_much() -> None:
            with contextlib.suppress(OvercutError):
                desk.ask("SELECT count(*) FROM range(100000) a, range(100000) b WHERE a.range + b.range = 7")

        slow = threading.Thread(target=ask_for_too_much)
        slow.start()
        time.sleep(0.3)
        with pytest.raises(SqlBusyError):
            desk.ask("SELECT 1")
        slow.join()


def test_values_that_no_calendar_has_are_refused_in_words_and_harm_nobody(desk: SqlDesk) -> None:
    for odd in ("DATE '290000-01-01'", "'-infinity'::DATE", "'infinity'::TIMESTAMP"):
        process = desk._idle.queue[-1]
        with pytest.raises(SqlFailedError):
            desk.ask(f"SELECT {odd} AS odd", form=RowsFormat.JSON)
        assert desk._idle.queue[-1] is process


def test_answer_tells_what_it_holds_and_who_told(desk: SqlDesk) -> None:
    told = desk.ask("SELECT r.round, l.driver_number FROM races r, laps_all l", rows=3, form=RowsFormat.JSONL).told
    assert (told.rows, told.truncated) == (3, True)
    assert (told.columns, told.numbers) == (("round", "driver_number"), ("round",))
    assert told.sources == ("f1db", "frames")
    assert desk.ask("SELECT 'laps' AS laps").told.sources == ()


def test_a_question_loads_nothing_heavy_in_the_process_that_asks(lake: Lake) -> None:
    asking = (
        "import sys; from pathlib import Path; from overcut.lake.sql.desk import SqlDesk; "
        "from overcut.lake.sql.formats import RowsFormat\n"
        "with SqlDesk(Path(sys.argv[1]), workers=1) as desk:\n"
        "    print(desk.ask('SELECT count(*) AS n FROM laps', form=RowsFormat.JSONL).body.decode())\n"
        "print([name for name in ('polars', 'duckdb', 'pyarrow', 'pandas', 'structlog') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asking, str(lake.folder)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ['{"n":12}', "[]"]


def test_damaged_lake_is_named_by_the_first_question(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA), source=LakeSource.FRAMES)
    manifest_file(lake.places, 1).write_text("{}")
    with SqlDesk(lake.folder, LIMITS, workers=1) as desk, pytest.raises(SqlFailedError, match="manifest"):
        desk.ask("SELECT 1")


def test_wrong_column_is_explained(desk: SqlDesk) -> None:
    with pytest.raises(SqlFailedError, match="lap_time_s"):
        desk.ask("SELECT lap_time FROM laps")


ODD = pl.DataFrame({
    "n": [1, None], "x": [1.5, float("nan")], "t": ["a,b", None], "l": [[1, 2], None], "b": [b"\xff", None],
    "u": pl.Series([0, None]).cast(pl.Datetime("ms", "UTC")),
})  # fmt: skip


def test_answers_are_written_in_every_form() -> None:
    assert encoded(ODD, RowsFormat.JSON) == (
        b'[{"n":1,"x":1.5,"t":"a,b","l":[1,2],"b":"ff","u":"1970-01-01T00:00:00.000Z"},'
        b'{"n":null,"x":null,"t":null,"l":null,"b":null,"u":null}]'
    )
    assert encoded(ODD, RowsFormat.JSONL).count(b"\n") == 2
    assert encoded(ODD, RowsFormat.CSV).splitlines()[1] == b'1,1.5,"a,b","[1,2]",ff,1970-01-01T00:00:00.000Z'
    assert pl.read_parquet(encoded(ODD, RowsFormat.PARQUET)).equals(ODD, null_equal=True)
    assert pl.read_ipc_stream(encoded(ODD, RowsFormat.ARROW)).equals(ODD, null_equal=True)
    assert format_of(".CSV") is RowsFormat.CSV
    with pytest.raises(OvercutError, match=r"\.parquet"):
        format_of(".xlsx")
