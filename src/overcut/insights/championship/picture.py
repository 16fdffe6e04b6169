"""How does a championship stand after a round, in one answer: table, rules, who can still win, what must happen?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from overcut.domain.championship import FIRST_CONSTRUCTORS_SEASON, Championship, Exact, Season
from overcut.insights.championship.answers import (
    ChampionshipAnswer,
    ChampionshipLine,
    DroppedPoints,
    Entrant,
    RivalLimit,
    RivalMargin,
    TitleDecision,
    TitleNeed,
    TitleRound,
    TitleWay,
)
from overcut.insights.championship.contention import (
    Chance,
    Contender,
    Decision,
    champion_after,
    contenders,
    decided,
)
from overcut.insights.championship.from_lake import season_of
from overcut.insights.championship.requirements import Limit, Requirement, next_round
from overcut.insights.championship.standings import Ledger, Standing, ledger_of, standings
from overcut.insights.championship.words import (
    exact,
    requirement_in_words,
    rules_in_words,
    way_in_words,
)
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake

SEASONS_KEPT = 64


class Naming(msgspec.Struct, frozen=True):
    """What drivers, constructors, engine makers and Grands Prix are called, by F1DB id."""

    drivers: Mapping[str, str]
    constructors: Mapping[str, str]
    engines: Mapping[str, str]
    grands_prix: Mapping[str, str]

    def entrant(self, key: str, championship: Championship) -> Entrant:
        """Somebody who takes part, as answered."""
        if championship is Championship.DRIVERS:
            return Entrant(key, self.drivers.get(key, key), key)
        constructor, _, engine = key.partition("/")
        chassis, maker = self.constructors.get(constructor, constructor), self.engines.get(engine, engine)
        own = not engine or f" {maker} " in f" {chassis} "  # Ferrari; BMW Sauber has its engine in its name
        return Entrant(key, chassis if own else f"{chassis}-{maker}", constructor)

    def race(self, grand_prix_id: str) -> str:
        """A Grand Prix's name."""
        return self.grands_prix.get(grand_prix_id, grand_prix_id)


def naming_of(lake: Lake) -> Naming:
    """The names in the lake, read once for each of its generations."""
    return _naming(lake, lake.generation)


@lru_cache(maxsize=8)
def _naming(lake: Lake, generation: int) -> Naming:
    del generation  # part of the key: a new generation is read anew

    def names(table: str, key: str) -> dict[str, str]:
        return dict(lake.read(table, columns=[key, "name"]).iter_rows())

    return Naming(
        names("drivers", "driver_id"),
        names("constructors", "constructor_id"),
        names("engine_makers", "engine_id"),
        names("grands_prix", "grand_prix_id"),
    )


def championship_of(lake: Lake, year: int, championship: Championship, after: int | None = None) -> ChampionshipAnswer:
    """A championship after a round; after the last that was run when None.

    Raises:
        DataMissingError: the lake does not have the season, or there was no such championship then.
        WrongUsageError: that round has not been run.
    """
    season = season_of(lake, year)
    if after is not None and not 0 <= after <= season.run:
        raise WrongUsageError(
            f"Round {after} of {year} has no result",
            hint=f"0 to {season.run}: 0 is before the first race" if season.run else "no race of it has been run",
        )
    scored = _kept(lake, lake.generation, year, championship)
    return picture(scored, naming_of(lake), season.run if after is None else after)


class ScoredSeason(msgspec.Struct, frozen=True):
    """A season scored for a championship, and when it was decided: the same for every round that is asked for."""

    ledger: Ledger
    decision: Decision | None


def scored_season(season: Season, championship: Championship) -> ScoredSeason:
    """A season, a real or a supposed one (see `what_if`), scored.

    Raises:
        DataMissingError: there was no such championship then.
    """
    ledger = ledger_of(season, championship)
    if ledger is None:
        raise DataMissingError(
            f"There was no constructors' championship in {season.year}",
            hint=f"the first was in {FIRST_CONSTRUCTORS_SEASON}",
        )
    return ScoredSeason(ledger, decided(ledger))


@lru_cache(maxsize=SEASONS_KEPT)
def _kept(lake: Lake, generation: int, year: int, championship: Championship) -> ScoredSeason:
    del generation  # part of the key: a new generation is read anew
    return scored_season(season_of(lake, year), championship)


def forget() -> None:
    """Score every season anew."""
    _kept.cache_clear()


def picture(scored: ScoredSeason, naming: Naming, after: int, *, supposed: bool = False) -> ChampionshipAnswer:
    """A championship after a round."""
    ledger, decision = scored.ledger, scored.decision
    season, championship = ledger.season, ledger.championship

    def entrant(key: str) -> Entrant:
        return naming.entrant(key, championship)

    found = {contender.entrant: contender for contender in contenders(ledger, after)}
    lines = standings(ledger, after)
    table = tuple(_line(line, found.get(line.entrant), lines[0].points, entrant(line.entrant)) for line in lines)
    alive = [c for c in found.values() if c.chance is not Chance.OUT]
    champion = champion_after(ledger, after)
    return ChampionshipAnswer(
        year=season.year,
        of=championship,
        after=after,
        rounds=len(season.races),
        run=season.run,
        supposed=supposed,
        rules=rules_in_words(ledger.rules),
        rulings=tuple(_rulings(ledger, after)),
        table=table,
        can_win=tuple(entrant(contender.entrant) for contender in alive),
        champion=None if champion is None else entrant(champion),
        next=None if champion is not None else _next(ledger, after, naming),
        decided=None if decision is None else _decision(ledger, naming, decision),
    )


def _line(line: Standing, contender: Contender | None, leading: Exact, entrant: Entrant) -> ChampionshipLine:
    return ChampionshipLine(
        position=line.position,
        position_text=line.position_text,
        entrant=entrant,
        points=float(line.points),
        exact=exact(line.points),
        gross=float(line.gross),
        dropped=tuple(DroppedPoints(number, float(paid), exact(paid)) for number, paid in line.dropped),
        counts=line.counts,
        chance=Chance.OUT if contender is None or line.position is None else contender.chance,
        most=float(line.points if contender is None or line.position is None else contender.most),
        behind=float(leading - line.points) if line.position is not None else 0.0,
    )


def _rulings(ledger: Ledger, after: int) -> list[str]:
    told: dict[str, None] = {}
    for ruling in ledger.rulings:
        number = getattr(ruling, "since", None) or getattr(ruling, "round_number", 0)
        whose = getattr(ruling, "championship", None)
        several = getattr(ruling, "championships", None)
        if number <= after and whose in (None, ledger.championship) and (
            several is None or ledger.championship in several
        ):  # fmt: skip
            told[ruling.reason] = None
    return list(told)


def _decision(ledger: Ledger, naming: Naming, decision: Decision) -> TitleDecision:
    race = next(race for race in ledger.season.races if race.round_number == decision.round_number)
    champion = naming.entrant(decision.champion, ledger.championship)
    return TitleDecision(race.round_number, race.name, naming.race(race.name), champion, decision.on_points)


def _next(ledger: Ledger, after: int, naming: Naming) -> TitleRound | None:
    found = next_round(ledger, after)
    if found is None:
        return None
    where = naming.race(found.name)

    def name(key: str) -> str:
        return naming.entrant(key, ledger.championship).name

    def need(requirement: Requirement) -> TitleNeed:
        ways = requirement.by_place or requirement.by_points
        return TitleNeed(
            entrant=naming.entrant(requirement.entrant, ledger.championship),
            can_clinch=requirement.can_clinch,
            ways=tuple(
                TitleWay(
                    way.place,
                    way.fastest_lap,
                    float(way.points),
                    tuple(_limit(limit) for limit in way.limits),
                    way_in_words(way, name),
                )
                for way in ways
            ),
            margins=tuple(RivalMargin(margin.rival, float(margin.points)) for margin in requirement.margins),
            can_fall_out=requirement.can_fall_out,
            needs_points=float(requirement.needs_points),
            needs_place=requirement.needs_place,
            text=requirement_in_words(requirement, name, where),
        )

    needs = tuple(need(requirement) for requirement in found.requirements)
    return TitleRound(found.round_number, found.name, where, found.sprint, needs)


def _limit(limit: Limit) -> RivalLimit:
    most = None if limit.most_points is None else float(limit.most_points)
    return RivalLimit(limit.rival, most, limit.best_place, limit.best_place_with_lap, limit.may_have_lap)
