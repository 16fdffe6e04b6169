"""Which lists of records there are: name, title, chapter, unit, definition, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import RecordInfo
from overcut.lake.history.definitions import DEFINITIONS
from overcut.lake.history.records import ages, counts, one_season, race_lists, season_lists, shares, streaks, waits
from overcut.lake.history.records.counts import TESTS
from overcut.lake.history.records.led import coverage, slam_coverage
from overcut.lake.history.records.lines import Line
from overcut.lake.history.records.scope import Scope
from overcut.lake.history.rows import Entry

Make = Callable[[Book, Scope], list[Line]]

DRIVERS = ("drivers",)
BOTH = ("drivers", "constructors")
ALL = ("drivers", "constructors", "engines", "tyres", "countries")
MAKERS = ("constructors", "engines", "tyres")
RACES = ("races",)
SEASONS = ("seasons",)


class RecordList(msgspec.Struct, frozen=True):
    """A list: what it is, how its lines are made, which end comes first, and what the data can tell of it."""

    info: RecordInfo
    make: Make
    least_first: bool = False
    coverage: Callable[[Book], str] | None = None


def _list(
    name: str,
    title: str,
    group: str,
    of: Sequence[str],
    unit: str,
    definition: str,
    make: Make,
    *,
    least: int = 0,
    least_first: bool = False,
    covered: Callable[[Book], str] | None = None,
) -> RecordList:
    return RecordList(RecordInfo(name, title, group, list(of), unit, definition, least), make, least_first, covered)


def _means(key: str) -> str:
    return DEFINITIONS[key]


_COUNTED: tuple[tuple[str, str, str], ...] = (
    ("wins", "Wins", _means("wins")),
    ("podiums", "Podiums", _means("podiums")),
    ("poles", "Pole positions", _means("poles")),
    ("fastest-laps", "Fastest laps", _means("fastest_laps")),
    ("starts", "Starts", _means("starts")),
    ("entries", "Entries", _means("entries")),
    ("points-finishes", "Points finishes", _means("points_finishes")),
    ("front-rows", "Front-row starts", _means("front_rows")),
    ("finishes", "Finishes", _means("finishes")),
    ("retirements", "Retirements", _means("retirements")),
    ("second-places", "Second places", "Races finished second; of constructors and makers, cars."),
    ("third-places", "Third places", "Races finished third; of constructors and makers, cars."),
    ("hat-tricks", "Hat-tricks", _means("hat_tricks")),
    ("wins-from-pole", "Wins from pole", "Races won from pole position."),
    ("disqualifications", "Disqualifications", "Races with DSQ as the result."),
    ("not-qualified", "Failures to qualify", "Entries that did not qualify or pre-qualify (DNQ, DNPQ)."),
    ("driver-of-the-day", "Driver of the day", "Races with the fans' vote, since 2016."),
)


def _counts() -> list[RecordList]:
    group = "Careers"
    found = [_list(name, title, group, ALL, "races", words, counts.counted(name)) for name, title, words in _COUNTED]
    circuit: Callable[[Entry, Book], str] = lambda e, book: book.races[e.race].circuit_id  # noqa: E731
    grand_prix: Callable[[Entry, Book], str] = lambda e, book: book.races[e.race].grand_prix_id  # noqa: E731
    make: Callable[[Entry, Book], str | None] = lambda e, _: e.constructor_id  # noqa: E731
    season: Callable[[Entry, Book], int] = lambda e, _: e.season  # noqa: E731
    won, started, pole = TESTS["wins"], TESTS["starts"], TESTS["poles"]
    of = counts.different
    return [
        *found,
        _list("titles", "World championships", group, ("drivers", "constructors", "countries"), "titles",
              _means("titles"), counts.titles),
        _list("runner-up", "Second in the championship", group, BOTH, "seasons",
              "Finished seasons with second place in the final table.", counts.runner_up),
        _list("points", "Points", group, ALL, "points",
              f"{_means('points')} The scale changed often: 8 for a win in 1950, 25 since 2010.", counts.points),
        _list("championship-points", "Points that counted", group, BOTH, "points",
              _means("championship_points"), counts.championship_points),
        _list("laps", "Laps driven", group, ALL, "laps", _means("laps"), counts.laps),
        _list("distance", "Distance driven", group, ALL, "km", "Laps driven times the length of the lap.",
              counts.distance),
        _list("laps-led", "Laps led", group, ALL, "laps",
              "Laps at whose end the car was first at the line, of the races whose laps are in the lake.",
              counts.led, covered=coverage),
        _list("grand-slams", "Grand slams", group, ALL, "races", _means("grand_slams"), counts.counted("grand-slams"),
              covered=slam_coverage),
        _list("one-twos", "One-two finishes", group, MAKERS, "races", _means("one_twos"), counts.one_twos),
        _list("sprint-wins", "Sprint wins", group, ALL, "sprints", "Sprints won, since 2021.", counts.sprint_wins),
        _list("sprint-podiums", "Sprint podiums", group, ALL, "sprints", "Sprints finished in the first three.",
              counts.sprint_podiums),
        _list("wins-from-grid", "Wins from one place on the grid", group, ALL, "races",
              "Races won from the place on the grid that is asked for (parameter grid; 1 when left out).",
              counts.wins_from_grid),
        _list("circuits-won-at", "Different circuits won at", group, BOTH, "circuits",
              "Different circuits with at least one win.", of(circuit, won)),
        _list("grands-prix-won", "Different Grands Prix won", group, BOTH, "Grands Prix",
              "Different Grands Prix, by name, with at least one win.", of(grand_prix, won)),
        _list("circuits-on-pole", "Different circuits with a pole", group, BOTH, "circuits",
              "Different circuits with at least one pole position.", of(circuit, pole)),
        _list("circuits-raced", "Different circuits raced at", group, BOTH, "circuits",
              "Different circuits with at least one start.", of(circuit, started)),
        _list("makes-driven", "Different constructors driven for", group, DRIVERS, "constructors",
              "Different constructors with at least one start.", of(make, started)),
        _list("makes-won-with", "Different constructors won with", group, DRIVERS, "constructors",
              "Different constructors with at least one win.", of(make, won)),
        _list("seasons-raced", "Seasons", group, BOTH, "seasons", "Seasons with at least one start.",
              of(season, started)),
        _list("seasons-won-in", "Seasons with a win", group, BOTH, "seasons", "Seasons with at least one win.",
              of(season, won)),
        _list("team-mates", "Different team mates", group, DRIVERS, "drivers",
              "Different drivers who started the same race for the same team (constructor and entrant).",
              waits.team_mates_had),
        _list("team-mates-beaten", "Team mates beaten", group, DRIVERS, "seasons",
              "Seasons in which one scored more points than a team mate in the races both started (equal points: was "
              "ahead in more of them), of team mates with at least three such races; each team mate counts.",
              waits.team_mates_beaten),
    ]  # fmt: skip


_SHARED: tuple[tuple[str, str, str], ...] = (
    ("win-share", "Wins per start", "Races won, of those started."),
    ("podium-share", "Podiums per start", "Races with a podium, of those started."),
    ("pole-share", "Poles per start", "Races with pole position, of those started."),
    ("front-row-share", "Front rows per start", "Races from the front row, of those started."),
    ("fastest-lap-share", "Fastest laps per start", "Races with the fastest lap, of those started."),
    ("points-finish-share", "Points finishes per start", "Races in the points, of those started; the number of places "
     "that score grew from five (1950) to ten (2010)."),
    ("finish-share", "Finishes per start", "Races in which they were classified, of those started."),
    ("pole-conversion", "Poles made wins", "Races won, of those with pole position."),
    ("front-row-conversion", "Front rows made wins", "Races won, of those started from the front row."),
    ("podium-conversion", "Podiums that were wins", "Wins, of races with a podium."),
)  # fmt: skip


def _shares() -> list[RecordList]:
    return [
        _list(name, title, "Shares", ALL, "%", f"{words} Listed from {shares.SHARES[name][2]} on.",
              shares.share(name), least=shares.SHARES[name][2])
        for name, title, words in _SHARED
    ]  # fmt: skip


_IN_SEASON: tuple[tuple[str, str], ...] = (
    ("wins", "wins"),
    ("poles", "pole positions"),
    ("podiums", "podiums"),
    ("fastest-laps", "fastest laps"),
    ("hat-tricks", "hat-tricks"),
    ("front-rows", "front-row starts"),
    ("points-finishes", "points finishes"),
    ("retirements", "retirements"),
)


def _seasons() -> list[RecordList]:
    group = "One season"
    found: list[RecordList] = []
    for name, word in _IN_SEASON:
        words = f"Races of one season: {word}; podiums of constructors and makers count cars."
        found.append(_list(f"{name}-in-a-season", f"Most {word} in a season", group, ALL, "races", words,
                           one_season.in_season(name)))  # fmt: skip
    for name, word in _IN_SEASON[:4]:
        words = f"The same ({word}) as a share of all races of the season; a constructor's podium cars may pass 100 %."
        found.append(_list(f"{name}-share-of-a-season", f"Largest share of {word} in a season", group, BOTH, "%", words,
                           one_season.share_in_season(name), least=one_season.LEAST_STARTS))  # fmt: skip
    return [
        *found,
        _list("points-in-a-season", "Most points in a season", group, BOTH, "points",
              "Points won in races and sprints of one season, before any were dropped.", one_season.points_in_season),
        _list("points-share-of-a-season", "Largest share of a season's points", group, BOTH, "%",
              "Points won, of all points given to drivers in that season.", one_season.points_share_in_season),
        _list("wins-from-the-start-of-a-season", "Wins from the start of a season", group, BOTH, "races",
              "Wins in a row from the first race of a season.", streaks.from_the_start),
    ]  # fmt: skip


_STREAKS: tuple[tuple[str, str], ...] = (
    ("wins", "Wins"),
    ("podiums", "Podiums"),
    ("points-finishes", "Points finishes"),
    ("poles", "Pole positions"),
    ("fastest-laps", "Fastest laps"),
    ("front-rows", "Front-row starts"),
    ("starts", "Starts"),
    ("finishes", "Finishes"),
    ("retirements", "Retirements"),
    ("hat-tricks", "Hat-tricks"),
)


def _streaks() -> list[RecordList]:
    group = "Streaks"
    row = "Consecutive races of the championship, across seasons; a race that one missed ends the streak."
    found = [
        _list(f"{name}-in-a-row", f"{word} in a row", group, ALL, "races", row, streaks.streak(name))
        for name, word in _STREAKS
    ]
    for name, word in (("wins", "win"), ("podiums", "podium"), ("poles", "pole position"), ("points-finishes",
                       "points finish")):  # fmt: skip
        found.append(_list(f"starts-between-{name}", f"Longest wait between two: {word}", group, BOTH, "starts",
                           f"One's own starts strictly between a {word} and the next.",
                           streaks.droughts(name)))  # fmt: skip
        found.append(_list(f"starts-in-a-row-without-{name}", f"Longest run of starts without a {word}", group, BOTH,
                           "starts", f"One's own consecutive starts without a {word}, anywhere in the career.",
                           streaks.without(name)))  # fmt: skip
    return [
        *found,
        _list("titles-in-a-row", "Championships in a row", group, BOTH, "titles",
              "Championships in consecutive seasons.", streaks.titles_in_a_row),
        _list("wins-in-a-row-at-a-grand-prix", "Wins in a row at one Grand Prix", group, BOTH, "races",
              "Wins at consecutive holdings of a Grand Prix, by its name.", streaks.at_one_grand_prix),
        _list("seasons-in-a-row-with-a-win", "Seasons in a row with a win", group, BOTH, "seasons",
              "Consecutive seasons with at least one win in each.", streaks.seasons_in_a_row("wins")),
        _list("seasons-in-a-row-with-a-pole", "Seasons in a row with a pole", group, BOTH, "seasons",
              "Consecutive seasons with at least one pole position in each.", streaks.seasons_in_a_row("poles")),
    ]  # fmt: skip


_ACTS: tuple[tuple[str, str, str], ...] = (
    ("starter", "to start", "started a race"),
    ("points", "to score", "won points in a race"),
    ("podium", "on the podium", "finished in the first three"),
    ("pole", "on pole", "was on pole position"),
    ("fastest-lap", "with a fastest lap", "drove a race's fastest lap"),
    ("winner", "to win", "won a race"),
)


def _ages() -> list[RecordList]:
    how = "Age on the day of the race, in years and days."
    found: list[RecordList] = []
    for act, title, words in _ACTS:
        found.append(_list(f"youngest-{act}", f"Youngest {title}", "Ages", DRIVERS, "years",
                           f"When one first {words}. {how}", ages.aged(act), least_first=True))  # fmt: skip
        found.append(_list(f"oldest-{act}", f"Oldest {title}", "Ages", DRIVERS, "years",
                           f"When one last {words}. {how}", ages.aged(act, oldest=True)))  # fmt: skip
    decided = "on the day of the race that decided the title."
    return [
        *found,
        _list("youngest-champion", "Youngest champion", "Ages", DRIVERS, "years",
              f"Age at the first title, {decided}", ages.champions(), least_first=True),
        _list("oldest-champion", "Oldest champion", "Ages", DRIVERS, "years",
              f"Age at the last title, {decided}", ages.champions(oldest=True)),
    ]  # fmt: skip


_FIRSTS: tuple[tuple[str, str, str], ...] = (
    ("wins", "win", "a win"),
    ("podiums", "podium", "a podium"),
    ("poles", "pole", "a pole position"),
    ("points-finishes", "points", "points"),
    ("fastest-laps", "fastest lap", "a fastest lap"),
)


def _waits() -> list[RecordList]:
    group = "Waits and spans"
    found: list[RecordList] = []
    for name, word, one in _FIRSTS:
        slug = word.replace(" ", "-")
        first = f"Number of the start at which the first {word} came."
        found += [
            _list(f"starts-to-first-{slug}", f"Most starts to the first {word}", group, BOTH, "starts", first,
                  waits.starts_to_first(name)),
            _list(f"quickest-to-first-{slug}", f"Fewest starts to the first {word}", group, BOTH, "starts",
                  f"{first} 1: in the first race.", waits.starts_to_first(name), least_first=True),
            _list(f"starts-without-{slug}", f"Most starts without {one}", group, BOTH, "starts",
                  f"Starts of those who never had {one}.", waits.starts_without(name)),
        ]  # fmt: skip
    return [
        *found,
        _list("longest-career", "Longest careers", group, BOTH, "years",
              "From the first start to the last, whatever lies between.", waits.span("starts")),
        _list("longest-winning-career", "Longest time from first to last win", group, BOTH, "years",
              "From the first win to the last.", waits.span("wins")),
        _list("longest-pole-career", "Longest time from first to last pole", group, BOTH, "years",
              "From the first pole position to the last.", waits.span("poles")),
    ]  # fmt: skip


def _races() -> list[RecordList]:
    group = "Races"

    def out(entry: Entry) -> bool:
        return entry.started and entry.position_text == "DNF"

    return [
        _list("closest-finishes", "Closest finishes", group, RACES, "s",
              "The second's gap to the winner; timed to 0.1 s in the early years, to 0.001 s since 1982 or so.",
              race_lists.margins(closest=True), least_first=True),
        _list("largest-winning-margins", "Largest winning margins", group, RACES, "s",
              "The second's gap to the winner; whole laps outrank seconds (value: laps times a million).",
              race_lists.margins(closest=False)),
        _list("lowest-winning-grid", "Wins from furthest back", group, RACES, "place",
              "The winner's place on the grid; starts from the pit lane have none.", race_lists.from_the_back(1)),
        _list("lowest-podium-grid", "Podiums from furthest back", group, RACES, "place",
              "The place on the grid of those who finished in the first three.", race_lists.from_the_back(3)),
        _list("biggest-comebacks", "Most places gained", group, RACES, "places",
              "Places between grid and classified finish; starts from the pit lane have no place.",
              race_lists.places_gained),
        _list("fastest-races", "Fastest races", group, RACES, "km/h", "The winner's average speed.",
              race_lists.speeds),
        _list("slowest-races", "Slowest races", group, RACES, "km/h",
              "The winner's average speed, stoppages included where the published time includes them.",
              race_lists.speeds, least_first=True),
        _list("longest-races", "Longest races by time", group, RACES, "s",
              "The winner's time, stoppages included where the published time includes them.", race_lists.durations),
        _list("shortest-races", "Shortest races by time", group, RACES, "s", "The winner's time.",
              race_lists.durations, least_first=True),
        _list("longest-distances", "Longest races by distance", group, RACES, "km", "The distance that was raced.",
              race_lists.distances),
        _list("shortest-distances", "Shortest races by distance", group, RACES, "km", "The distance that was raced.",
              race_lists.distances, least_first=True),
        _list("most-starters", "Most starters", group, RACES, "cars", "Cars that started.",
              race_lists.per_race(lambda e: e.started)),
        _list("fewest-starters", "Fewest starters", group, RACES, "cars", "Cars that started.",
              race_lists.per_race(lambda e: e.started), least_first=True),
        _list("most-finishers", "Most classified finishers", group, RACES, "cars", "Cars that were classified.",
              race_lists.per_race(lambda e: e.position is not None, share=True)),
        _list("fewest-finishers", "Fewest classified finishers", group, RACES, "cars", "Cars that were classified.",
              race_lists.per_race(lambda e: e.position is not None, share=True), least_first=True),
        _list("most-retirements", "Most retirements in a race", group, RACES, "cars", "Cars that retired (DNF).",
              race_lists.per_race(out, share=True)),
    ]  # fmt: skip


def _season_lists() -> list[RecordList]:
    group = "Seasons"
    won, started = TESTS["wins"], TESTS["starts"]
    driver: Callable[[Entry], str | None] = lambda e: e.driver_id  # noqa: E731
    make: Callable[[Entry], str | None] = lambda e: e.constructor_id  # noqa: E731
    of = season_lists.different_in_season
    return [
        _list("most-winners", "Most different winners in a season", group, SEASONS, "drivers",
              "Different drivers who won a race.", of(driver, won)),
        _list("fewest-winners", "Fewest different winners in a season", group, SEASONS, "drivers",
              "Different drivers who won a race.", of(driver, won), least_first=True),
        _list("most-winning-constructors", "Most different winning constructors in a season", group, SEASONS,
              "constructors", "Different constructors that won a race.", of(make, won)),
        _list("most-drivers-on-the-podium", "Most different drivers on the podium in a season", group, SEASONS,
              "drivers", "Different drivers in the first three.", of(driver, TESTS["podiums"])),
        _list("most-drivers-on-pole", "Most different drivers on pole in a season", group, SEASONS, "drivers",
              "Different drivers on pole position.", of(driver, TESTS["poles"])),
        _list("most-drivers-in-a-season", "Most drivers in a season", group, SEASONS, "drivers",
              "Different drivers who started.", of(driver, started)),
        _list("first-time-winners", "Most first-time winners in a season", group, SEASONS, "drivers",
              "Drivers who won for the first time.", season_lists.first_time_winners),
        _list("most-races", "Most races in a season", group, SEASONS, "races", "Races that were run.",
              season_lists.rounds),
        _list("closest-titles", "Closest championships", group, BOTH, "points",
              "Points between first and second in the final table.", season_lists.title_margins, least_first=True),
        _list("clearest-titles", "Clearest championships", group, BOTH, "points",
              "Points between first and second in the final table; the scale of points changed.",
              season_lists.title_margins),
        _list("earliest-titles", "Earliest championships", group, DRIVERS, "races left",
              "Races left when the drivers' title was decided, as the source marks it.",
              season_lists.title_races_left),
        _list("fewest-wins-of-a-champion", "Champions with the fewest wins", group, DRIVERS, "races",
              "Races that the champion won in that season.", season_lists.champions_wins, least_first=True),
    ]  # fmt: skip


CATALOGUE: Mapping[str, RecordList] = {
    found.info.name: found
    for found in (
        *_counts(), *_shares(), *_seasons(), *_streaks(), *_ages(), *_waits(), *_races(), *_season_lists(),
    )
}  # fmt: skip
"""Every list by its name."""
