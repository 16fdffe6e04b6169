"""Facts of Formula 1's history that few know by heart: shared cars, half points, Indianapolis, streaks, renamed teams.

Written down, as those of `known`, from general knowledge before Overcut was asked; they end with the season of 2024.
"""

from __future__ import annotations

from tests.facts.known import Fact

_REPORT = "Wikipedia, '{} Grand Prix'"
_LIST = "Wikipedia, 'List of Formula One {} records'"
_TABLE = "fia.com, championship classifications, {}"
_PERSON = "Wikipedia, '{}'"


def _best(
    question: str, answer: str, record: str, source: str = "driver", *, more: str = "", who: str = "driver"
) -> Fact:
    address = f"history/records/{record}?to=2024{more}"
    return Fact(question, answer, address, f"rows/0/{who}/name", _LIST.format(source))


def _value(
    question: str,
    answer: float | str,
    record: str,
    source: str = "driver",
    *,
    more: str = "",
    row: str = "0",
    field: str = "value",
) -> Fact:
    return Fact(
        question, answer, f"history/records/{record}?to=2024{more}", f"rows/{row}/{field}", _LIST.format(source)
    )


def _total(who: str, name: str, words: str, what: str, value: float | None) -> Fact:
    return Fact(f"How many {words} did {name} have?", value, f"history/{who}", f"totals/{what}", _PERSON.format(name))


def _points(year: int, who: str, name: str, points: float, of: str = "drivers") -> Fact:
    kind = of.removesuffix("s")
    return Fact(
        f"How many points counted for {name} in {year}?",
        points,
        f"history/seasons/{year}/standings?of={of}",
        f"rows/{kind}.id={who}/points",
        _TABLE.format(year),
    )


def _place(year: int, who: str, name: str, place: str, of: str = "drivers") -> Fact:
    kind = of.removesuffix("s")
    return Fact(
        f"Where did {name} come in the championship of {year}?",
        place,
        f"history/seasons/{year}/standings?of={of}",
        f"rows/{kind}.id={who}/position_text",
        _TABLE.format(year),
    )


def _duel(a: str, b: str, words: str, pick: str, value: float) -> Fact:
    return Fact(f"{words}: {a} and {b}?", value, f"history/head-to-head?a={a}&b={b}", pick, "Wikipedia, of both")


SHARED = (
    Fact("With whom did Fangio share the victory in France in 1951?", "Luigi Fagioli", "history/seasons/1951",
         "rounds/race.grand_prix.id=france/winners/0/name", _REPORT.format("1951 French")),
    Fact("How many drivers won the 1957 British Grand Prix?", 2, "history/races/1957/5", "#results/position=1",
         _REPORT.format("1957 British")),
    Fact("How many points did Tony Brooks get for his half of that victory?", 4.0, "history/races/1957/5",
         "results/driver.id=tony-brooks/points", _REPORT.format("1957 British")),
    Fact("How many points did Luigi Musso get for his share of the win in Argentina in 1956?", 4.0,
         "history/drivers/luigi-musso/results?season=1956",
         "items/race.grand_prix.id=argentina/result/points", _REPORT.format("1956 Argentine")),
    Fact("How many drivers shared the fastest lap of the 1954 British Grand Prix?", 7,
         "history/races/1954/5", "#fastest_laps/position=1", _REPORT.format("1954 British")),
    _total("drivers/stirling-moss", "Stirling Moss", "fastest laps", "fastest_laps", 19),
    _total("drivers/juan-manuel-fangio", "Juan Manuel Fangio", "fastest laps", "fastest_laps", 23),
    _total("drivers/alberto-ascari", "Alberto Ascari", "fastest laps", "fastest_laps", 12),
    _total("drivers/jose-froilan-gonzalez", "José Froilán González", "fastest laps", "fastest_laps", 6),
    _total("drivers/clay-regazzoni", "Clay Regazzoni", "fastest laps", "fastest_laps", 15),
    _total("drivers/denny-hulme", "Denny Hulme", "fastest laps", "fastest_laps", 9),
    _total("drivers/jack-brabham", "Jack Brabham", "fastest laps", "fastest_laps", 12),
    _total("drivers/luigi-fagioli", "Luigi Fagioli", "wins", "wins", 1),
    _total("drivers/luigi-musso", "Luigi Musso", "wins", "wins", 1),
    _total("drivers/tony-brooks", "Tony Brooks", "wins", "wins", 6),
)  # fmt: skip

INDIANAPOLIS = (
    Fact("Who won the Indianapolis 500 of 1950?", "Johnnie Parsons", "history/grands-prix/indianapolis",
         "races/race.season=1950/winners/0/name", "Wikipedia, '1950 Indianapolis 500'"),
    Fact("Who won the Indianapolis 500 of 1960?", "Jim Rathmann", "history/grands-prix/indianapolis",
         "races/race.season=1960/winners/0/name", "Wikipedia, '1960 Indianapolis 500'"),
    Fact("How many Indianapolis 500s counted for the championship?", 11, "history/grands-prix/indianapolis",
         "#races/race.run=true", "Wikipedia, 'Indianapolis 500'"),
    _total("drivers/bill-vukovich", "Bill Vukovich", "wins", "wins", 2),
    Fact("Whose share of wins is the largest, Indianapolis left out?",
         "Juan Manuel Fangio", "history/records/win-share?to=2024&indianapolis=false", "rows/0/driver/name",
         _LIST.format("driver")),
    _value("How many wins have Americans, Indianapolis left out?", 22, "wins", more="&of=countries&indianapolis=false",
           row="holder.id=united-states-of-america"),
)  # fmt: skip

SCORING = (
    _points(1950, "nino-farina", "Nino Farina", 30.0), _points(1950, "juan-manuel-fangio", "Juan Manuel Fangio", 27.0),
    _points(1951, "juan-manuel-fangio", "Juan Manuel Fangio", 31.0),
    _points(1953, "alberto-ascari", "Alberto Ascari", 34.5),
    _points(1956, "juan-manuel-fangio", "Juan Manuel Fangio", 30.0),
    _points(1957, "stirling-moss", "Stirling Moss", 25.0),
    _points(1961, "phil-hill", "Phil Hill", 34.0), _points(1961, "wolfgang-von-trips", "Wolfgang von Trips", 33.0),
    _points(1963, "jim-clark", "Jim Clark", 54.0), _points(1964, "graham-hill", "Graham Hill", 39.0),
    _points(1964, "john-surtees", "John Surtees", 40.0), _points(1970, "jochen-rindt", "Jochen Rindt", 45.0),
    _points(1970, "jacky-ickx", "Jacky Ickx", 40.0), _points(1975, "niki-lauda", "Niki Lauda", 64.5),
    _points(1979, "jody-scheckter", "Jody Scheckter", 51.0), _points(1982, "keke-rosberg", "Keke Rosberg", 44.0),
    _points(1985, "alain-prost", "Alain Prost", 73.0), _points(1986, "nigel-mansell", "Nigel Mansell", 70.0),
    _points(1990, "ayrton-senna", "Ayrton Senna", 78.0), _points(1992, "nigel-mansell", "Nigel Mansell", 108.0),
    _points(2009, "jenson-button", "Jenson Button", 95.0), _points(2016, "nico-rosberg", "Nico Rosberg", 385.0),
    _points(2016, "lewis-hamilton", "Lewis Hamilton", 380.0),
    _points(1988, "mclaren", "McLaren", 199.0, "constructors"),
    _points(2020, "racing-point", "Racing Point", 195.0, "constructors"),
    _points(2024, "mclaren", "McLaren", 666.0, "constructors"),
    _points(1991, "ayrton-senna", "Ayrton Senna", 96.0),
    Fact("How many points did Jochen Mass get for winning the shortened race in Spain in 1975?", 4.5,
         "history/drivers/jochen-mass/results?season=1975", "items/race.grand_prix.id=spain/result/points",
         _REPORT.format("1975 Spanish")),
    Fact("How many points did Lella Lombardi get in Spain in 1975?", 0.5,
         "history/drivers/lella-lombardi/results?season=1975", "items/race.grand_prix.id=spain/result/points",
         _REPORT.format("1975 Spanish")),
    Fact("How many points did Alain Prost get for winning the shortened race at Monaco in 1984?", 4.5,
         "history/drivers/alain-prost/results?season=1984", "items/race.grand_prix.id=monaco/result/points",
         _REPORT.format("1984 Monaco")),
    Fact("How many points did Lewis Hamilton get for the last race of 2014, which counted double?", 50.0,
         "history/drivers/lewis-hamilton/results?season=2014", "items/race.grand_prix.id=abu-dhabi/result/points",
         _REPORT.format("2014 Abu Dhabi")),
    _place(1984, "ayrton-senna", "Ayrton Senna", "9"), _place(1982, "didier-pironi", "Didier Pironi", "2"),
    _place(2007, "mclaren", "McLaren", "EX", "constructors"),
)  # fmt: skip

RECORDS = (
    _best("Who has the most second places?", "Lewis Hamilton", "second-places"),
    _value("How often was Alain Prost second in the championship?", 4, "runner-up", row="driver.id=alain-prost"),
    _value("How often was Stirling Moss second in the championship?", 4, "runner-up",
           row="driver.id=stirling-moss"),
    _best("Who started most races without winning one?", "Nico Hülkenberg", "starts-without-win"),
    _best("Who started most races without a podium?", "Nico Hülkenberg", "starts-without-podium"),
    _best("Who needed the most starts to win first?", "Sergio Pérez", "starts-to-first-win"),
    _value("At which start did Sergio Pérez win first?", 190, "starts-to-first-win"),
    _best("Who finished in the points most often in a row?", "Lewis Hamilton", "points-finishes-in-a-row"),
    _value("How many races in a row did Lewis Hamilton finish in the points?", 48, "points-finishes-in-a-row"),
    _value("How many wins in a row did Alberto Ascari have, Indianapolis left out?", 9, "wins-in-a-row",
           more="&indianapolis=false", row="driver.id=alberto-ascari"),
    _value("How many wins in a row did Sebastian Vettel have in 2013?", 9, "wins-in-a-row",
           row="driver.id=sebastian-vettel"),
    _value("How many races in a row did McLaren win in 1988?", 11, "wins-in-a-row", more="&of=constructors",
           row="constructor.id=mclaren"),
    _value("How many races in a row did Red Bull win in 2022 and 2023?", 15, "wins-in-a-row",
           more="&of=constructors"),
    _best("Which constructor has won the most races?", "Ferrari", "wins", "constructor", more="&of=constructors",
          who="constructor"),
    _value("How many races has Ferrari won to the end of 2024?", 248, "wins", "constructor", more="&of=constructors"),
    _value("How many races had McLaren won to the end of 2024?", 189, "wins", "constructor", more="&of=constructors",
           row="constructor.id=mclaren"),
    _value("How many races have Mercedes won to the end of 2024?", 129, "wins", "constructor",
           more="&of=constructors", row="constructor.id=mercedes"),
    _value("How many races has Williams won?", 114, "wins", "constructor", more="&of=constructors",
           row="constructor.id=williams"),
    _value("How many races has Lotus won (as Team Lotus)?", 79, "wins", "constructor", more="&of=constructors",
           row="constructor.id=lotus"),
    _value("How many races had Red Bull won to the end of 2024?", 122, "wins", "constructor",
           more="&of=constructors", row="constructor.id=red-bull"),
    _value("How many races did Brabham win?", 35, "wins", "constructor", more="&of=constructors",
           row="constructor.id=brabham"),
    _value("How many races did Tyrrell win?", 23, "wins", "constructor", more="&of=constructors",
           row="constructor.id=tyrrell"),
    _value("How many races did BRM win?", 17, "wins", "constructor", more="&of=constructors", row="constructor.id=brm"),
    _value("How many races did Cooper win?", 16, "wins", "constructor", more="&of=constructors",
           row="constructor.id=cooper"),
    _value("How many races did Brawn win?", 8, "wins", "constructor", more="&of=constructors",
           row="constructor.id=brawn"),
    _value("How many races did cars with Ford engines win?", 176, "wins", "engine", more="&of=engines",
           row="holder.id=ford"),
    _value("How many races did cars on Goodyear's tyres win?", 368, "wins", "tyre", more="&of=tyres",
           row="holder.id=goodyear"),
    _value("How many races did cars on Michelin's tyres win?", 102, "wins", "tyre", more="&of=tyres",
           row="holder.id=michelin"),
    _value("How many championships did British drivers win?", 20, "titles", more="&of=countries",
           row="holder.id=united-kingdom"),
    _value("How many championships did Finnish drivers win?", 4, "titles", more="&of=countries",
           row="holder.id=finland"),
    _best("Who is the oldest driver who ever started?", "Louis Chiron", "oldest-starter"),
    _best("Who is the youngest driver who ever started?", "Max Verstappen", "youngest-starter"),
    _best("Who is the youngest driver with pole position?", "Sebastian Vettel", "youngest-pole"),
    _best("Who is the youngest driver on the podium?", "Max Verstappen", "youngest-podium"),
    _best("Who was the oldest driver on the podium?", "Luigi Fagioli", "oldest-podium"),
    _best("Who was the oldest driver in the points?", "Philippe Étancelin", "oldest-points"),
    _best("Who was the first to drive ten fastest laps in one season?", "Michael Schumacher",
          "fastest-laps-in-a-season"),
    _value("How many fastest laps did Kimi Räikkönen have in 2005?", 10, "fastest-laps-in-a-season"),
    _value("How many podiums did Max Verstappen have in 2023?", 21, "podiums-in-a-season"),
    _value("How many races did Michael Schumacher finish on the podium in 2002?", 17, "podiums-in-a-season",
           row="season=2002"),
    _best("Who started most races between two wins?", "Kimi Räikkönen", "starts-between-wins"),
    _best("Who has the longest career?", "Fernando Alonso", "longest-career"),
    _best("Who won one Grand Prix most often?", "Lewis Hamilton", "wins", more="&grand_prix=great-britain"),
    _value("How often did Lewis Hamilton win the British Grand Prix?", 9, "wins", more="&grand_prix=great-britain"),
    _value("How often did Michael Schumacher win the French Grand Prix?", 8, "wins", more="&grand_prix=france"),
    _value("How often did Ayrton Senna start from pole at Imola?", 8, "poles", more="&circuit=imola"),
    _best("Who won the most sprints?", "Max Verstappen", "sprint-wins"),
    _value("How many sprints did Max Verstappen win to the end of 2024?", 11, "sprint-wins"),
    _value("How many cars started the race with the most starters?", 34, "most-starters", "race"),
    Fact("Which race had the most starters?", "1953 germany", "history/records/most-starters?to=2024", "rows/0/race",
         _LIST.format("race")),
)  # fmt: skip

PEOPLE = (
    _total("drivers/graham-hill", "Graham Hill", "starts", "starts", 176),
    _total("drivers/jack-brabham", "Jack Brabham", "wins", "wins", 14),
    _total("drivers/jacky-ickx", "Jacky Ickx", "wins", "wins", 8),
    _total("drivers/ronnie-peterson", "Ronnie Peterson", "wins", "wins", 10),
    _total("drivers/ronnie-peterson", "Ronnie Peterson", "pole positions", "poles", 14),
    _total("drivers/rene-arnoux", "René Arnoux", "pole positions", "poles", 18),
    _total("drivers/jean-alesi", "Jean Alesi", "wins", "wins", 1),
    _total("drivers/jean-alesi", "Jean Alesi", "podiums", "podiums", 32),
    _total("drivers/juan-pablo-montoya", "Juan Pablo Montoya", "pole positions", "poles", 13),
    _total("drivers/robert-kubica", "Robert Kubica", "podiums", "podiums", 12),
    _total("drivers/nick-heidfeld", "Nick Heidfeld", "podiums", "podiums", 13),
    _total("drivers/nick-heidfeld", "Nick Heidfeld", "wins", "wins", 0),
    _total("drivers/stefan-johansson", "Stefan Johansson", "podiums", "podiums", 12),
    _total("drivers/valtteri-bottas", "Valtteri Bottas", "wins", "wins", 10),
    _total("drivers/valtteri-bottas", "Valtteri Bottas", "pole positions", "poles", 20),
    _total("drivers/luca-badoer", "Luca Badoer", "points", "points", 0.0),
    _total("drivers/jochen-rindt", "Jochen Rindt", "starts", "starts", 60),
    _total("drivers/giancarlo-baghetti", "Giancarlo Baghetti", "wins", "wins", 1),
    _total("drivers/markus-winkelhock", "Markus Winkelhock", "starts", "starts", 1),
    _total("drivers/lella-lombardi", "Lella Lombardi", "starts", "starts", 12),
    _total("drivers/jim-clark", "Jim Clark", "grand slams", "grand_slams", None),
    _total("drivers/gabriele-tarquini", "Gabriele Tarquini", "starts", "starts", 38),
    _value("How often did Gabriele Tarquini fail to qualify or pre-qualify?", 40, "not-qualified"),
    Fact("Which race did Giancarlo Baghetti win, his first?", "1961 france", "history/drivers/giancarlo-baghetti",
         "milestones/kind=first_win/race", _PERSON.format("Giancarlo Baghetti")),
    Fact("Whose son is Jacques Villeneuve?", "Gilles Villeneuve", "history/drivers/jacques-villeneuve",
         "relatives/relation=PARENT/driver/name", _PERSON.format("Jacques Villeneuve")),
    Fact("At which Grand Prix did Niki Lauda win for the last time?", "1985 netherlands",
         "history/records/wins?of=drivers", "rows/driver.id=niki-lauda/last", _PERSON.format("Niki Lauda")),
)  # fmt: skip

PLACES = (
    Fact("How often has the Hungarian Grand Prix been held elsewhere than at the Hungaroring?", 0,
         "history/grands-prix/hungary", "#races/race.circuit.id!=hungaroring", _REPORT.format("Hungarian")),
    Fact("How many championship races were there at the AVUS in Berlin?", 1, "history/circuits/avus",
         "#races/race.run=true", "Wikipedia, 'AVUS'"),
    Fact("How long was the Nürburgring's Nordschleife as Formula 1 last drove it (km)?", 22.835,
         "history/races/1976/10", "lap_km", "Wikipedia, 'Nürburgring'"),
    Fact("Who won the second race in Las Vegas?", "Michele Alboreto", "history/seasons/1982",
         "rounds/race.grand_prix.id=caesars-palace/winners/0/name",
         _REPORT.format("1982 Caesars Palace")),
    Fact("Who won the only race at Mugello?", "Lewis Hamilton", "history/circuits/mugello", "races/0/winners/0/name",
         _REPORT.format("2020 Tuscan")),
    Fact("Which was the fastest race, in km/h, to the end of 2024?", "2003 italy",
         "history/records/fastest-races?to=2024", "rows/0/race", _LIST.format("race")),
    Fact("Which race had the fewest classified finishers?", "1966 monaco", "history/records/fewest-finishers?to=2024",
         "rows/0/race", _LIST.format("race")),
)  # fmt: skip

DUELS = (
    _duel("ayrton-senna", "alain-prost", "How often did the first outqualify the second as team mates",
          "team_mates/qualifying_a", 28),
    _duel("lewis-hamilton", "nico-rosberg", "How many races did the first win as the second's team mate",
          "team_mates/wins_a", 32),
    _duel("lewis-hamilton", "nico-rosberg", "How many races did the second win as team mate", "team_mates/wins_b", 22),
    _duel("lewis-hamilton", "jenson-button", "How many races did the first win in their years together at McLaren",
          "team_mates/wins_a", 10),
    _duel("ayrton-senna", "alain-prost", "How many races did the first win as team mate", "team_mates/wins_a", 14),
    _duel("ayrton-senna", "alain-prost", "How many races did the second win as team mate", "team_mates/wins_b", 11),
    Fact("How many points did Alonso win as Hamilton's team mate in 2007?", 109.0,
         "history/head-to-head?a=fernando-alonso&b=lewis-hamilton", "team_mates/points_a", _TABLE.format(2007)),
)  # fmt: skip

FACTS: tuple[Fact, ...] = (*SHARED, *INDIANAPOLIS, *SCORING, *RECORDS, *PEOPLE, *PLACES, *DUELS)
"""All of them."""
