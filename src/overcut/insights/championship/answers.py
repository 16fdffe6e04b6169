"""What is answered about a championship: its table, its rules, who can still win it, what must happen."""

from __future__ import annotations

import msgspec

from overcut.domain.championship import Championship
from overcut.insights.championship.contention import Chance

ATTRIBUTION = "Results: F1DB (https://github.com/f1db/f1db), CC BY 4.0; points and positions are computed by Overcut"


class Entrant(msgspec.Struct, frozen=True):
    """Who takes part: a driver, or a chassis with its engine.

    Attributes:
        id: driver by F1DB id, or ``constructor/engine``.
        name: as shown.
        page: the F1DB id of its page: the driver's, or the constructor's without the engine.
    """

    id: str
    name: str
    page: str


class DroppedPoints(msgspec.Struct, frozen=True):
    """Points of a round that do not count. ``exact``: without rounding, in words."""

    round: int
    points: float
    exact: str


class ChampionshipLine(msgspec.Struct, frozen=True):
    """One line of a championship's table.

    Attributes:
        position: None for one that was struck; ``position_text`` then says DSQ or EX.
        entrant: who.
        points: that count. ``exact``: the same without rounding ("28 2/3").
        gross: of every round. ``dropped``: what of it does not count.
        counts: how many first, second … places, as far as ties ask.
        chance: whether it can still win. ``most``: points if it wins everything that is left.
        behind: points behind the leader.
    """

    position: int | None
    position_text: str
    entrant: Entrant
    points: float
    exact: str
    gross: float
    dropped: tuple[DroppedPoints, ...]
    counts: tuple[int, ...]
    chance: Chance
    most: float
    behind: float


class RivalLimit(msgspec.Struct, frozen=True):
    """How well a rival may do: by points of the round, or by places in the race.

    Attributes:
        rival: driver by F1DB id, or ``constructor/engine``.
        most_points: points of the round at most; None where places say it.
        best_place: no better place than this; None: none that pays. ``best_place_with_lap``: with the fastest lap too.
        may_have_lap: False: not with the fastest lap.
    """

    rival: str
    most_points: float | None
    best_place: int | None
    best_place_with_lap: int | None
    may_have_lap: bool


class TitleWay(msgspec.Struct, frozen=True):
    """One way to the title in the next round: at least this result, and every limit kept.

    Attributes:
        place: in the race; 0 where points say it, None: any result. ``fastest_lap``: with it.
        points: of the round, at least.
        limits: of the rivals; empty: whatever they do.
        text: in words.
    """

    place: int | None
    fastest_lap: bool
    points: float
    limits: tuple[RivalLimit, ...]
    text: str


class RivalMargin(msgspec.Struct, frozen=True):
    """By how many points of the round one must outscore a rival; negative: may be outscored by so many."""

    rival: str
    points: float


class TitleNeed(msgspec.Struct, frozen=True):
    """What the next round can mean for one who can still win.

    Attributes:
        entrant: who.
        can_clinch: can be champion after it. ``ways``: how, the best results first; complete for drivers in a round
            without a sprint, else enough by points. ``margins``: the same as differences, where those say it all.
        can_fall_out: can be out after it.
        needs_points: the least points to stay in; 0: none. ``needs_place``: the last place to; None: none, or not told.
        text: in words.
    """

    entrant: Entrant
    can_clinch: bool
    ways: tuple[TitleWay, ...]
    margins: tuple[RivalMargin, ...]
    can_fall_out: bool
    needs_points: float
    needs_place: int | None
    text: str


class TitleRound(msgspec.Struct, frozen=True):
    """What the next round can decide. ``sprint``: it has a sprint still to come."""

    round: int
    grand_prix_id: str
    name: str
    sprint: bool
    needs: tuple[TitleNeed, ...]


class TitleDecision(msgspec.Struct, frozen=True):
    """When a championship was decided, and by whom.

    Attributes:
        round: after it nobody else could win. ``grand_prix_id``, ``name``: which race.
        champion: who.
        on_points_round: after it nobody else could draw level on points either; None where a countback decided.
    """

    round: int
    grand_prix_id: str
    name: str
    champion: Entrant
    on_points_round: int | None


class ChampionshipAnswer(msgspec.Struct, frozen=True):
    """A championship after a round: table, rules, who can still win, what must happen next.

    Attributes:
        year: of the season. ``of``: whose championship.
        after: the round. ``rounds``: how many there are. ``run``: how many have been run.
        supposed: the last round is not a result but what was asked: the race ended in that order.
        rules: in words. ``rulings``: decisions beside the rules, up to this round, in words.
        table: in order.
        can_win: who can still win, the leader first; one: the champion.
        champion: who has won by now; None while it is open.
        next: what the next round can decide; None when nothing is left to decide.
        decided: when the season's championship was decided, later rounds included; None while it is open.
        source: whose data it is.
    """

    year: int
    of: Championship
    after: int
    rounds: int
    run: int
    supposed: bool
    rules: tuple[str, ...]
    rulings: tuple[str, ...]
    table: tuple[ChampionshipLine, ...]
    can_win: tuple[Entrant, ...]
    champion: Entrant | None
    next: TitleRound | None
    decided: TitleDecision | None
    source: str = ATTRIBUTION


CHAMPIONSHIP_TYPES: tuple[type[msgspec.Struct], ...] = (ChampionshipAnswer,)
