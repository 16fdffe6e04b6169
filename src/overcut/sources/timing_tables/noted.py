"""What people noted beside the timing: passes seen, and bookmakers' prices; and which round a race's name means."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from overcut.domain.grands_prix import plain, races_of
from overcut.domain.tables.history_tables import ODDS, PASSES
from overcut.sources.timing_tables.files import shaped

PASS_NEEDED = ("season", "race", "lap", "position", "overtaker")
PASS_OPTIONAL = ("overtaken", "overtakee", "turn", "live", "live?")
ODDS_NEEDED = ("season", "race", "driver")
MARKETS = ("win", "top3", "top6", "top10")

Rounds = Mapping[tuple[int, str], int]
"""Round by season and name of a race, as `name_of_race` writes it."""

_OTHER_NAMES = {
    "usa": "unitedstates",
    "britain": "greatbritain",
    "gb": "greatbritain",
    "southkorea": "korea",
    "steiermark": "styria",
    "brazilian": "brazil",
    "tuscan": "tuscany",
}
_NOT_SEEN = ("no",)


def name_of_race(text: str) -> str:
    """A race's name without blanks, accents, and the words for its sprint: "GB Sprint" gives "greatbritain"."""
    words = plain(text).split()
    if len(words) > 1 and words[-1] in ("sprint", "s"):
        words.pop()
    name = "".join(words)
    return _OTHER_NAMES.get(name, name)


def round_of(season: int, name: str, rounds: Rounds) -> int | None:
    """The round that a race's name means: by ``rounds``, else by the calendars that we know; None for neither."""
    wanted = name_of_race(name)
    if (season, wanted) in rounds:
        return rounds[season, wanted]
    for names in ("titles", "places", "country"):
        found = {
            race.round_number
            for race in races_of(season)
            if wanted in {name_of_race(text) for text in _words(getattr(race, names))}
        }
        if len(found) == 1:
            return found.pop()
    return None


def _words(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


def with_round(frame: pl.DataFrame, rounds: Rounds) -> pl.DataFrame:
    """``frame`` with ``round`` for its ``season`` and ``race``; null where the race is not recognised."""
    races = frame.select("season", "race").unique(maintain_order=True)
    found = [round_of(season, name, rounds) for season, name in races.iter_rows()]
    named = races.with_columns(pl.Series("round", found, dtype=pl.Int16))
    return frame.join(named, on=["season", "race"], how="left", maintain_order="left")


def passes(frame: pl.DataFrame, rounds: Rounds) -> pl.DataFrame:
    """The rows of ``passes``, numbered within each season in the file's order."""
    seen = pl.coalesce("live", "live?").str.to_lowercase()
    found = with_round(frame, rounds).with_columns(
        pl.coalesce("overtaken", "overtakee").alias("overtaken"),
        (~seen.is_in(_NOT_SEEN)).alias("on_television"),
        (pl.int_range(pl.len()).over("season") + 1).alias("row"),
    )
    return shaped(PASSES, found)


def odds(frame: pl.DataFrame, rounds: Rounds) -> pl.DataFrame:
    """The rows of ``odds``, one for each market that has a price.

    Prices come as American odds: +350 pays 350 for a stake of 100, -300 takes 300 to win 100. Where that cell holds
    no number, the probability beside it (``win_p``) tells the price.
    """
    found: list[pl.DataFrame] = []
    for market in MARKETS:
        if market not in frame.columns:
            continue
        american = pl.col(market).cast(pl.Float64, strict=False)
        decimal = pl.when(american > 0).then(1 + american / 100).when(american < 0).then(1 - 100 / american)
        by_probability = 1 / pl.col(f"{market}_p") if f"{market}_p" in frame.columns else pl.lit(None, pl.Float64)
        price = pl.coalesce(decimal, by_probability).round(4)
        found.append(
            frame.select("season", "race", "driver", pl.lit(market).alias("market"), price.alias("decimal_odds"))
        )
    priced = pl.concat(found).filter(pl.col("decimal_odds").is_not_null())
    return shaped(ODDS, with_round(priced, rounds).with_columns(pl.lit("").alias("bookmaker")))
