"""Three hundred facts of Formula 1's history: question, answer, where to look it up, and how to ask us.

The answers were written down from general knowledge before Overcut was asked, and none was taken from the data that it
reads. ``source`` names a public place where a reader can check the answer. They end with the season of 2024.

Three that were written down first are not here. Two are counts on which the sources themselves differ: the starts of
Kimi Räikkönen (349 or 350; ours has 350: the first start of Belgium 2001 counts) and of Andrea de Cesaris (208 or 207;
ours has 207: Brazil 1983, where he was excluded before the race, does not). Jim Clark's eight grand slams cannot be
told: who led each lap of the 1960s is in no data that Overcut reads.
"""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """One fact. ``address`` is asked of the API, ``pick`` leads to the answer within it (see `test_facts.picked`)."""

    question: str
    answer: str | float | int
    address: str
    pick: str
    source: str


_RESULTS = "formula1.com, results archive, {}"
_REPORT = "Wikipedia, '{} {} Grand Prix'"
_STANDINGS = "fia.com, championship classifications, {}"
_PERSON = "Wikipedia, '{}'"
_LIST = "Wikipedia, 'List of Formula One {} records'"


def _gp(grand_prix: str) -> str:
    return grand_prix.replace("-", " ").title()


def _winner(year: int, grand_prix: str, name: str) -> Fact:
    return Fact(
        f"Who won the {year} {_gp(grand_prix)} Grand Prix?", name, f"history/seasons/{year}",
        f"rounds/race.grand_prix.id={grand_prix}/winners/0/name", _REPORT.format(year, _gp(grand_prix)),
    )  # fmt: skip


def _pole(year: int, grand_prix: str, name: str) -> Fact:
    return Fact(
        f"Who started the {year} {_gp(grand_prix)} Grand Prix from pole position?", name, f"history/seasons/{year}",
        f"rounds/race.grand_prix.id={grand_prix}/pole/0/name", _REPORT.format(year, _gp(grand_prix)),
    )  # fmt: skip


def _champion(year: int, name: str) -> Fact:
    return Fact(
        f"Who was world champion in {year}?", name, f"history/seasons/{year}", "champion/name",
        _STANDINGS.format(year),
    )  # fmt: skip


def _constructor(year: int, name: str) -> Fact:
    return Fact(
        f"Which constructor was champion in {year}?", name, f"history/seasons/{year}", "constructors_champion/name",
        _STANDINGS.format(year),
    )  # fmt: skip


def _points(year: int, driver: str, name: str, points: float) -> Fact:
    return Fact(
        f"How many points counted for {name} in the championship of {year}?", points,
        f"history/seasons/{year}/standings", f"rows/driver.id={driver}/points", _STANDINGS.format(year),
    )  # fmt: skip


def _career(driver: str, name: str, what: str, words: str, value: int) -> Fact:
    return Fact(
        f"How many {words} did {name} have?", value, f"history/drivers/{driver}", f"totals/{what}",
        _PERSON.format(name),
    )  # fmt: skip


def _titles(driver: str, name: str, years: str) -> Fact:
    return Fact(
        f"In which years was {name} world champion?", years, f"history/drivers/{driver}", "title_years",
        _PERSON.format(name),
    )  # fmt: skip


def _born(driver: str, name: str, day: str) -> Fact:
    return Fact(f"When was {name} born?", day, f"history/drivers/{driver}", "born", _PERSON.format(name))


def _died(driver: str, name: str, day: str) -> Fact:
    return Fact(f"When did {name} die?", day, f"history/drivers/{driver}", "died", _PERSON.format(name))


def _finished(year: int, grand_prix: str, driver: str, name: str, position: str) -> Fact:
    return Fact(
        f"Where did {name} finish in the {year} {_gp(grand_prix)} Grand Prix?", position,
        f"history/drivers/{driver}/results?season={year}",
        f"items/race.grand_prix.id={grand_prix}/result/position_text", _REPORT.format(year, _gp(grand_prix)),
    )  # fmt: skip


def _grid(year: int, grand_prix: str, driver: str, name: str, place: int) -> Fact:
    return Fact(
        f"From which place on the grid did {name} start the {year} {_gp(grand_prix)} Grand Prix?", place,
        f"history/drivers/{driver}/results?season={year}",
        f"items/race.grand_prix.id={grand_prix}/result/grid", _REPORT.format(year, _gp(grand_prix)),
    )  # fmt: skip


def _first_win(driver: str, name: str, year: int, grand_prix: str) -> Fact:
    return Fact(
        f"At which Grand Prix did {name} win for the first time?", f"{year} {grand_prix}", f"history/drivers/{driver}",
        "milestones/kind=first_win/race", _PERSON.format(name),
    )  # fmt: skip


WINNERS = (
    (1950, "great-britain", "Nino Farina"), (1951, "great-britain", "José Froilán González"),
    (1955, "great-britain", "Stirling Moss"), (1957, "germany", "Juan Manuel Fangio"),
    (1958, "argentina", "Stirling Moss"), (1959, "united-states", "Bruce McLaren"),
    (1961, "monaco", "Stirling Moss"), (1961, "italy", "Phil Hill"), (1964, "austria", "Lorenzo Bandini"),
    (1965, "italy", "Jackie Stewart"), (1967, "belgium", "Dan Gurney"), (1967, "south-africa", "Pedro Rodríguez"),
    (1967, "netherlands", "Jim Clark"), (1968, "belgium", "Bruce McLaren"), (1968, "germany", "Jackie Stewart"),
    (1970, "monaco", "Jochen Rindt"), (1971, "italy", "Peter Gethin"), (1972, "monaco", "Jean-Pierre Beltoise"),
    (1975, "spain", "Jochen Mass"), (1975, "brazil", "Carlos Pace"), (1975, "austria", "Vittorio Brambilla"),
    (1976, "japan", "Mario Andretti"), (1976, "austria", "John Watson"), (1977, "austria", "Alan Jones"),
    (1977, "great-britain", "James Hunt"), (1978, "sweden", "Niki Lauda"), (1978, "canada", "Gilles Villeneuve"),
    (1979, "france", "Jean-Pierre Jabouille"), (1979, "great-britain", "Clay Regazzoni"),
    (1981, "spain", "Gilles Villeneuve"), (1982, "monaco", "Riccardo Patrese"), (1982, "austria", "Elio de Angelis"),
    (1982, "switzerland", "Keke Rosberg"), (1983, "monaco", "Keke Rosberg"), (1984, "monaco", "Alain Prost"),
    (1985, "portugal", "Ayrton Senna"), (1986, "mexico", "Gerhard Berger"), (1986, "australia", "Alain Prost"),
    (1987, "great-britain", "Nigel Mansell"), (1988, "italy", "Gerhard Berger"),
    (1989, "japan", "Alessandro Nannini"),
    (1989, "canada", "Thierry Boutsen"), (1991, "brazil", "Ayrton Senna"), (1991, "canada", "Nelson Piquet"),
    (1992, "monaco", "Ayrton Senna"), (1992, "belgium", "Michael Schumacher"), (1993, "europe", "Ayrton Senna"),
    (1993, "hungary", "Damon Hill"), (1994, "san-marino", "Michael Schumacher"), (1995, "canada", "Jean Alesi"),
    (1995, "great-britain", "Johnny Herbert"), (1996, "monaco", "Olivier Panis"),
    (1996, "spain", "Michael Schumacher"),
    (1997, "hungary", "Jacques Villeneuve"), (1997, "europe", "Mika Häkkinen"), (1998, "belgium", "Damon Hill"),
    (1999, "europe", "Johnny Herbert"), (2000, "germany", "Rubens Barrichello"),
    (2001, "italy", "Juan Pablo Montoya"),
    (2002, "austria", "Michael Schumacher"), (2003, "brazil", "Giancarlo Fisichella"),
    (2003, "malaysia", "Kimi Räikkönen"), (2003, "hungary", "Fernando Alonso"), (2004, "monaco", "Jarno Trulli"),
    (2005, "united-states", "Michael Schumacher"), (2005, "japan", "Kimi Räikkönen"),
    (2006, "hungary", "Jenson Button"),
    (2007, "canada", "Lewis Hamilton"), (2008, "canada", "Robert Kubica"), (2008, "italy", "Sebastian Vettel"),
    (2008, "hungary", "Heikki Kovalainen"), (2008, "brazil", "Felipe Massa"), (2009, "belgium", "Kimi Räikkönen"),
    (2009, "germany", "Mark Webber"), (2011, "canada", "Jenson Button"), (2012, "spain", "Pastor Maldonado"),
    (2012, "china", "Nico Rosberg"), (2014, "canada", "Daniel Ricciardo"), (2016, "spain", "Max Verstappen"),
    (2017, "azerbaijan", "Daniel Ricciardo"), (2017, "russia", "Valtteri Bottas"),
    (2018, "azerbaijan", "Lewis Hamilton"),
    (2019, "germany", "Max Verstappen"), (2019, "italy", "Charles Leclerc"), (2020, "italy", "Pierre Gasly"),
    (2020, "sakhir", "Sergio Pérez"), (2021, "hungary", "Esteban Ocon"), (2021, "italy", "Daniel Ricciardo"),
    (2021, "belgium", "Max Verstappen"), (2022, "great-britain", "Carlos Sainz Jr."),
    (2022, "sao-paulo", "George Russell"),
    (2023, "singapore", "Carlos Sainz Jr."), (2024, "monaco", "Charles Leclerc"), (2024, "miami", "Lando Norris"),
    (2024, "hungary", "Oscar Piastri"),
)  # fmt: skip

POLES = (
    (1984, "belgium", "Michele Alboreto"), (1994, "brazil", "Ayrton Senna"), (1994, "belgium", "Rubens Barrichello"),
    (1997, "europe", "Jacques Villeneuve"), (2009, "belgium", "Giancarlo Fisichella"),
    (2010, "brazil", "Nico Hülkenberg"),
    (2008, "italy", "Sebastian Vettel"), (2020, "turkey", "Lance Stroll"), (2021, "russia", "Lando Norris"),
    (2022, "miami", "Charles Leclerc"), (2023, "hungary", "Lewis Hamilton"), (2018, "australia", "Lewis Hamilton"),
)  # fmt: skip

CHAMPIONS = (
    (1950, "Nino Farina"), (1952, "Alberto Ascari"), (1958, "Mike Hawthorn"), (1959, "Jack Brabham"),
    (1961, "Phil Hill"), (1962, "Graham Hill"), (1964, "John Surtees"), (1967, "Denny Hulme"), (1970, "Jochen Rindt"),
    (1974, "Emerson Fittipaldi"), (1976, "James Hunt"), (1978, "Mario Andretti"), (1979, "Jody Scheckter"),
    (1980, "Alan Jones"), (1982, "Keke Rosberg"), (1984, "Niki Lauda"), (1987, "Nelson Piquet"),
    (1992, "Nigel Mansell"), (1996, "Damon Hill"), (1997, "Jacques Villeneuve"), (1999, "Mika Häkkinen"),
    (2005, "Fernando Alonso"), (2007, "Kimi Räikkönen"), (2009, "Jenson Button"), (2010, "Sebastian Vettel"),
    (2016, "Nico Rosberg"), (2021, "Max Verstappen"), (2024, "Max Verstappen"),
)  # fmt: skip

CONSTRUCTORS = (
    (1958, "Vanwall"), (1959, "Cooper"), (1962, "BRM"), (1964, "Ferrari"), (1966, "Brabham"), (1974, "McLaren"),
    (1978, "Lotus"), (1980, "Williams"), (1995, "Benetton"), (1999, "Ferrari"), (2005, "Renault"), (2009, "Brawn"),
    (2010, "Red Bull"), (2014, "Mercedes"), (2024, "McLaren"),
)  # fmt: skip

POINTS = (
    (1984, "niki-lauda", "Niki Lauda", 72.0), (1984, "alain-prost", "Alain Prost", 71.5),
    (1988, "ayrton-senna", "Ayrton Senna", 90.0), (1988, "alain-prost", "Alain Prost", 87.0),
    (1976, "james-hunt", "James Hunt", 69.0), (1976, "niki-lauda", "Niki Lauda", 68.0),
    (1994, "michael-schumacher", "Michael Schumacher", 92.0), (1994, "damon-hill", "Damon Hill", 91.0),
    (1958, "mike-hawthorn", "Mike Hawthorn", 42.0), (1958, "stirling-moss", "Stirling Moss", 41.0),
    (1999, "eddie-irvine", "Eddie Irvine", 74.0), (2002, "michael-schumacher", "Michael Schumacher", 144.0),
    (2007, "kimi-raikkonen", "Kimi Räikkönen", 110.0), (2007, "lewis-hamilton", "Lewis Hamilton", 109.0),
    (2008, "lewis-hamilton", "Lewis Hamilton", 98.0), (2008, "felipe-massa", "Felipe Massa", 97.0),
    (2010, "sebastian-vettel", "Sebastian Vettel", 256.0), (2010, "fernando-alonso", "Fernando Alonso", 252.0),
    (2012, "sebastian-vettel", "Sebastian Vettel", 281.0), (2012, "fernando-alonso", "Fernando Alonso", 278.0),
    (2021, "max-verstappen", "Max Verstappen", 395.5), (2021, "lewis-hamilton", "Lewis Hamilton", 387.5),
    (2023, "max-verstappen", "Max Verstappen", 575.0), (2024, "max-verstappen", "Max Verstappen", 437.0),
    (2024, "lando-norris", "Lando Norris", 374.0),
)  # fmt: skip

CAREERS = (
    ("michael-schumacher", "Michael Schumacher", "wins", "wins", 91),
    ("michael-schumacher", "Michael Schumacher", "poles", "pole positions", 68),
    ("michael-schumacher", "Michael Schumacher", "podiums", "podiums", 155),
    ("michael-schumacher", "Michael Schumacher", "fastest_laps", "fastest laps", 77),
    ("michael-schumacher", "Michael Schumacher", "hat_tricks", "hat-tricks", 22),
    ("ayrton-senna", "Ayrton Senna", "wins", "wins", 41),
    ("ayrton-senna", "Ayrton Senna", "poles", "pole positions", 65),
    ("ayrton-senna", "Ayrton Senna", "podiums", "podiums", 80),
    ("ayrton-senna", "Ayrton Senna", "starts", "starts", 161),
    ("alain-prost", "Alain Prost", "wins", "wins", 51),
    ("alain-prost", "Alain Prost", "podiums", "podiums", 106),
    ("alain-prost", "Alain Prost", "poles", "pole positions", 33),
    ("alain-prost", "Alain Prost", "fastest_laps", "fastest laps", 41),
    ("jim-clark", "Jim Clark", "wins", "wins", 25), ("jim-clark", "Jim Clark", "poles", "pole positions", 33),
    ("jim-clark", "Jim Clark", "starts", "starts", 72),
    ("juan-manuel-fangio", "Juan Manuel Fangio", "wins", "wins", 24),
    ("juan-manuel-fangio", "Juan Manuel Fangio", "starts", "starts", 51),
    ("juan-manuel-fangio", "Juan Manuel Fangio", "poles", "pole positions", 29),
    ("jackie-stewart", "Jackie Stewart", "wins", "wins", 27),
    ("jackie-stewart", "Jackie Stewart", "starts", "starts", 99),
    ("nigel-mansell", "Nigel Mansell", "wins", "wins", 31),
    ("nigel-mansell", "Nigel Mansell", "poles", "pole positions", 32),
    ("niki-lauda", "Niki Lauda", "wins", "wins", 25), ("nelson-piquet", "Nelson Piquet", "wins", "wins", 23),
    ("damon-hill", "Damon Hill", "wins", "wins", 22), ("mika-hakkinen", "Mika Häkkinen", "wins", "wins", 20),
    ("mika-hakkinen", "Mika Häkkinen", "poles", "pole positions", 26),
    ("stirling-moss", "Stirling Moss", "wins", "wins", 16), ("graham-hill", "Graham Hill", "wins", "wins", 14),
    ("alberto-ascari", "Alberto Ascari", "wins", "wins", 13),
    ("gilles-villeneuve", "Gilles Villeneuve", "wins", "wins", 6),
    ("jenson-button", "Jenson Button", "wins", "wins", 15), ("nico-rosberg", "Nico Rosberg", "wins", "wins", 23),
    ("nico-rosberg", "Nico Rosberg", "poles", "pole positions", 30),
    ("sebastian-vettel", "Sebastian Vettel", "wins", "wins", 53),
    ("sebastian-vettel", "Sebastian Vettel", "poles", "pole positions", 57),
    ("sebastian-vettel", "Sebastian Vettel", "podiums", "podiums", 122),
    ("kimi-raikkonen", "Kimi Räikkönen", "wins", "wins", 21),
    ("kimi-raikkonen", "Kimi Räikkönen", "fastest_laps", "fastest laps", 46),
    ("kimi-raikkonen", "Kimi Räikkönen", "podiums", "podiums", 103),
    ("rubens-barrichello", "Rubens Barrichello", "starts", "starts", 322),
    ("rubens-barrichello", "Rubens Barrichello", "wins", "wins", 11),
    ("riccardo-patrese", "Riccardo Patrese", "starts", "starts", 256),
    ("mark-webber", "Mark Webber", "wins", "wins", 9), ("felipe-massa", "Felipe Massa", "wins", "wins", 11),
    ("jochen-rindt", "Jochen Rindt", "wins", "wins", 6), ("chris-amon", "Chris Amon", "wins", "wins", 0),
    ("chris-amon", "Chris Amon", "poles", "pole positions", 5),
    ("andrea-de-cesaris", "Andrea de Cesaris", "wins", "wins", 0),
    ("daniel-ricciardo", "Daniel Ricciardo", "wins", "wins", 8),
)  # fmt: skip

TITLES = (
    ("michael-schumacher", "Michael Schumacher", "1994 1995 2000 2001 2002 2003 2004"),
    ("lewis-hamilton", "Lewis Hamilton", "2008 2014 2015 2017 2018 2019 2020"),
    ("juan-manuel-fangio", "Juan Manuel Fangio", "1951 1954 1955 1956 1957"),
    ("alain-prost", "Alain Prost", "1985 1986 1989 1993"),
    ("sebastian-vettel", "Sebastian Vettel", "2010 2011 2012 2013"),
    ("jack-brabham", "Jack Brabham", "1959 1960 1966"), ("jackie-stewart", "Jackie Stewart", "1969 1971 1973"),
    ("niki-lauda", "Niki Lauda", "1975 1977 1984"), ("nelson-piquet", "Nelson Piquet", "1981 1983 1987"),
    ("ayrton-senna", "Ayrton Senna", "1988 1990 1991"), ("jim-clark", "Jim Clark", "1963 1965"),
    ("emerson-fittipaldi", "Emerson Fittipaldi", "1972 1974"), ("mika-hakkinen", "Mika Häkkinen", "1998 1999"),
    ("fernando-alonso", "Fernando Alonso", "2005 2006"), ("stirling-moss", "Stirling Moss", ""),
)  # fmt: skip

BORN = (
    ("ayrton-senna", "Ayrton Senna", "1960-03-21"), ("michael-schumacher", "Michael Schumacher", "1969-01-03"),
    ("lewis-hamilton", "Lewis Hamilton", "1985-01-07"), ("max-verstappen", "Max Verstappen", "1997-09-30"),
    ("juan-manuel-fangio", "Juan Manuel Fangio", "1911-06-24"), ("fernando-alonso", "Fernando Alonso", "1981-07-29"),
)  # fmt: skip

DIED = (
    ("ayrton-senna", "Ayrton Senna", "1994-05-01"), ("jim-clark", "Jim Clark", "1968-04-07"),
    ("gilles-villeneuve", "Gilles Villeneuve", "1982-05-08"), ("jochen-rindt", "Jochen Rindt", "1970-09-05"),
    ("james-hunt", "James Hunt", "1993-06-15"), ("niki-lauda", "Niki Lauda", "2019-05-20"),
    ("jules-bianchi", "Jules Bianchi", "2015-07-17"),
)  # fmt: skip

FINISHES = (
    (1984, "monaco", "ayrton-senna", "Ayrton Senna", "2"), (1990, "japan", "ayrton-senna", "Ayrton Senna", "DNF"),
    (1994, "australia", "damon-hill", "Damon Hill", "DNF"),
    (1997, "europe", "michael-schumacher", "Michael Schumacher", "DNF"),
    (1989, "japan", "ayrton-senna", "Ayrton Senna", "DSQ"), (2008, "brazil", "lewis-hamilton", "Lewis Hamilton", "5"),
    (2010, "abu-dhabi", "fernando-alonso", "Fernando Alonso", "7"),
    (1988, "japan", "ayrton-senna", "Ayrton Senna", "1"),
    (2016, "abu-dhabi", "nico-rosberg", "Nico Rosberg", "2"),
    (2021, "abu-dhabi", "lewis-hamilton", "Lewis Hamilton", "2"),
    (1976, "japan", "niki-lauda", "Niki Lauda", "DNF"), (1976, "japan", "james-hunt", "James Hunt", "3"),
    (2012, "brazil", "sebastian-vettel", "Sebastian Vettel", "6"),
    (1991, "canada", "nigel-mansell", "Nigel Mansell", "6"),
    (2009, "hungary", "felipe-massa", "Felipe Massa", "DNS"),
    (2014, "australia", "daniel-ricciardo", "Daniel Ricciardo", "DSQ"),
    (2024, "great-britain", "lewis-hamilton", "Lewis Hamilton", "1"),
    (2019, "brazil", "pierre-gasly", "Pierre Gasly", "2"),
)  # fmt: skip

GRIDS = (
    (1983, "united-states-west", "john-watson", "John Watson", 22),
    (2000, "germany", "rubens-barrichello", "Rubens Barrichello", 18),
    (2005, "japan", "kimi-raikkonen", "Kimi Räikkönen", 17),
    (1995, "belgium", "michael-schumacher", "Michael Schumacher", 16),
    (2006, "hungary", "jenson-button", "Jenson Button", 14), (1996, "monaco", "olivier-panis", "Olivier Panis", 14),
    (2018, "germany", "lewis-hamilton", "Lewis Hamilton", 14),
    (2022, "belgium", "max-verstappen", "Max Verstappen", 14),
    (2024, "sao-paulo", "max-verstappen", "Max Verstappen", 17), (2020, "italy", "pierre-gasly", "Pierre Gasly", 10),
    (2011, "canada", "jenson-button", "Jenson Button", 7),
)  # fmt: skip

FIRST_WINS = (
    ("ayrton-senna", "Ayrton Senna", 1985, "portugal"), ("michael-schumacher", "Michael Schumacher", 1992, "belgium"),
    ("lewis-hamilton", "Lewis Hamilton", 2007, "canada"), ("jenson-button", "Jenson Button", 2006, "hungary"),
    ("mika-hakkinen", "Mika Häkkinen", 1997, "europe"), ("alain-prost", "Alain Prost", 1981, "france"),
    ("nigel-mansell", "Nigel Mansell", 1985, "europe"), ("jim-clark", "Jim Clark", 1962, "belgium"),
    ("charles-leclerc", "Charles Leclerc", 2019, "belgium"), ("nico-rosberg", "Nico Rosberg", 2012, "china"),
)  # fmt: skip

OTHERS = (
    Fact("Who is the youngest winner of a Grand Prix?", "Max Verstappen", "history/records/youngest-winner",
         "rows/0/driver/name", _LIST.format("driver")),
    Fact("Who is the oldest winner of a Grand Prix?", "Luigi Fagioli", "history/records/oldest-winner",
         "rows/0/driver/name", _LIST.format("driver")),
    Fact("Who is the youngest world champion?", "Sebastian Vettel", "history/records/youngest-champion",
         "rows/0/driver/name", _LIST.format("driver")),
    Fact("Who is the oldest world champion?", "Juan Manuel Fangio", "history/records/oldest-champion",
         "rows/0/driver/name", _LIST.format("driver")),
    Fact("How many races did Max Verstappen win in a row in 2023?", 10, "history/records/wins-in-a-row",
         "rows/0/value", _LIST.format("driver")),
    Fact("Who has won the most races in one season?", "Max Verstappen", "history/records/wins-in-a-season",
         "rows/0/driver/name", _LIST.format("driver")),
    Fact("How many races did Max Verstappen win in 2023?", 19, "history/records/wins-in-a-season", "rows/0/value",
         _LIST.format("driver")),
    Fact("From how low on the grid has a race been won?", 22, "history/records/lowest-winning-grid", "rows/0/value",
         _LIST.format("driver")),
    Fact("Which race had the closest finish?", "1971 italy", "history/records/closest-finishes", "rows/0/race",
         _REPORT.format(1971, "Italian")),
    Fact("By how many milliseconds was the 1971 Italian Grand Prix won?", 10,
         "history/races/1971/9", "results/position_text=2/gap_ms", _REPORT.format(1971, "Italian")),
    Fact("Who won at Monaco most often?", "Ayrton Senna", "history/grands-prix/monaco", "wins/0/driver/name",
         "Wikipedia, 'Monaco Grand Prix'"),
    Fact("How many laps did the 2021 Belgian Grand Prix count?", 1, "history/races/2021/12", "laps",
         _REPORT.format(2021, "Belgian")),
    Fact("How many points did Max Verstappen get for winning the 2021 Belgian Grand Prix?", 12.5,
         "history/races/2021/12", "results/position_text=1/points", _REPORT.format(2021, "Belgian")),
    Fact("How many cars started the 2005 United States Grand Prix's race to its end?", 6, "history/races/2005/9",
         "#results/position!=null", _REPORT.format(2005, "United States")),
    Fact("How many races did McLaren win in 1988?", 15, "history/seasons/1988",
         "#rounds/winning_constructor.id=mclaren", _RESULTS.format(1988)),
    Fact("How many different drivers won a race in 1982?", 11, "history/seasons/1982", "#wins/count!=0",
         _RESULTS.format(1982)),
    Fact("Where was Michael Schumacher in the championship of 1997 after his exclusion?", "DSQ",
         "history/seasons/1997/standings", "rows/driver.id=michael-schumacher/position_text", _STANDINGS.format(1997)),
    Fact("How many Grands Prix were there in 1950?", 7, "history/seasons/1950", "#rounds/race.run=true",
         _RESULTS.format(1950)),
    Fact("How many Grands Prix were there in 2024?", 24, "history/seasons/2024", "#rounds/race.run=true",
         _RESULTS.format(2024)),
    Fact("How often did Lewis Hamilton win in 2014?", 11, "history/seasons/2014",
         "wins/driver.id=lewis-hamilton/count", _RESULTS.format(2014)),
    Fact("How often did Nigel Mansell win in 1992?", 9, "history/seasons/1992", "wins/driver.id=nigel-mansell/count",
         _RESULTS.format(1992)),
    Fact("How often was Nigel Mansell on pole in 1992?", 14, "history/seasons/1992",
         "poles/driver.id=nigel-mansell/count", _RESULTS.format(1992)),
    Fact("How often did Sebastian Vettel win in 2013?", 13, "history/seasons/2013",
         "wins/driver.id=sebastian-vettel/count", _RESULTS.format(2013)),
    Fact("How often was Sebastian Vettel on pole in 2011?", 15, "history/seasons/2011",
         "poles/driver.id=sebastian-vettel/count", _RESULTS.format(2011)),
    Fact("What is Damon Hill's father?", "Graham Hill", "history/drivers/damon-hill",
         "relatives/relation=PARENT/driver/name", _PERSON.format("Damon Hill")),
    Fact("How many races did Nico Rosberg win in 2016?", 9, "history/seasons/2016",
         "wins/driver.id=nico-rosberg/count", _RESULTS.format(2016)),
    Fact("How often did Ayrton Senna win at Monaco?", 6, "history/grands-prix/monaco",
         "wins/driver.id=ayrton-senna/count", "Wikipedia, 'Monaco Grand Prix'"),
    Fact("How many races did Ayrton Senna start from pole in a row?", 8, "history/records/poles-in-a-row",
         "rows/0/value", _LIST.format("driver")),
    Fact("How many podiums in a row did Michael Schumacher have in 2001 and 2002?", 19,
         "history/records/podiums-in-a-row", "rows/0/value", _LIST.format("driver")),
    Fact("By how many points was the closest championship decided?", 0.5, "history/records/closest-titles",
         "rows/0/value", _STANDINGS.format(1984)),
    Fact("Which season had the closest championship?", 1984, "history/records/closest-titles", "rows/0/season",
         _STANDINGS.format(1984)),
    Fact("Which season had the most different winners?", 1982, "history/records/most-winners", "rows/0/season",
         _RESULTS.format(1982)),
    Fact("How old was Sebastian Vettel when he first won (years and days)?", "21 y 73 d",
         "history/records/youngest-winner", "rows/driver.id=sebastian-vettel/text", _LIST.format("driver")),
    Fact("Which race was the longest in time?", "2011 canada", "history/records/longest-races", "rows/0/race",
         _REPORT.format(2011, "Canadian")),
    Fact("How often did Alberto Ascari win in 1952?", 6, "history/seasons/1952",
         "wins/driver.id=alberto-ascari/count", _RESULTS.format(1952)),
    Fact("How often did Jim Clark win in 1963?", 7, "history/seasons/1963", "wins/driver.id=jim-clark/count",
         _RESULTS.format(1963)),
    Fact("How many wins did Keke Rosberg need for the title of 1982?", 1,
         "history/records/fewest-wins-of-a-champion", "rows/season=1982/value", _RESULTS.format(1982)),
    Fact("Who passed the most cars' places to win: from the grid of Long Beach in 1983?", "John Watson",
         "history/races/1983/2", "results/position_text=1/driver/name", _REPORT.format(1983, "United States West")),
    Fact("On which circuit was the Portuguese Grand Prix of 2020?", "Portimão", "history/seasons/2020",
         "rounds/race.grand_prix.id=portugal/race/circuit/name", _REPORT.format(2020, "Portuguese")),
    Fact("How many laps had the 2021 Abu Dhabi Grand Prix?", 58, "history/races/2021/22", "laps",
         _REPORT.format(2021, "Abu Dhabi")),
    Fact("With which constructor did Jordan's first win come, in Belgium in 1998?", "Jordan", "history/seasons/1998",
         "rounds/race.grand_prix.id=belgium/winning_constructor/name", _REPORT.format(1998, "Belgian")),
    Fact("Which constructor won the 2008 Italian Grand Prix?", "Toro Rosso", "history/seasons/2008",
         "rounds/race.grand_prix.id=italy/winning_constructor/name", _REPORT.format(2008, "Italian")),
    Fact("Who won the first sprint, at Silverstone in 2021?", "Max Verstappen", "history/seasons/2021",
         "rounds/race.grand_prix.id=great-britain/sprint_winner/name", _REPORT.format(2021, "British")),
    Fact("How many points did Ferrari win in 2007 after McLaren was excluded?", 204.0,
         "history/seasons/2007/standings?of=constructors", "rows/constructor.id=ferrari/points",
         _STANDINGS.format(2007)),
    Fact("How many points did Red Bull win in 2023?", 860.0, "history/seasons/2023/standings?of=constructors",
         "rows/constructor.id=red-bull/points", _STANDINGS.format(2023)),
)  # fmt: skip

FACTS: tuple[Fact, ...] = (
    *(_winner(*fact) for fact in WINNERS),
    *(_pole(*fact) for fact in POLES),
    *(_champion(*fact) for fact in CHAMPIONS),
    *(_constructor(*fact) for fact in CONSTRUCTORS),
    *(_points(*fact) for fact in POINTS),
    *(_career(*fact) for fact in CAREERS),
    *(_titles(*fact) for fact in TITLES),
    *(_born(*fact) for fact in BORN),
    *(_died(*fact) for fact in DIED),
    *(_finished(*fact) for fact in FINISHES),
    *(_grid(*fact) for fact in GRIDS),
    *(_first_win(*fact) for fact in FIRST_WINS),
    *OTHERS,
)
"""All of them."""
