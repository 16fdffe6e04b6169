"""Which famous strategy questions must the what-if answer, and what did people who were there say would have happened?

Written, and committed, before the first of them was run; no parameter is changed for one of them. A question names one
decision of one car. Everything else is as it was: the other cars make the stops they made (but for those in ``held``,
which they made only because of the answer), the safety cars and the rain come when they came, and nothing else
neutralises the race. Luck is left: lap times, passes, slow stops, retirements.

How a question is judged, with 10,000 paired races of seed 2021:

- BETTER, WORSE: the share of paired races in which the car, had it done ``instead``, finishes further up (further down)
  than with what it ``did``; in the same place, the race time decides;
- AHEAD, BEHIND: the share of the races with ``instead`` in which it finishes ahead of (behind) ``rival``.

At least one half is right, less is a miss. Compounds are named as they were at the race. Rain has three strengths, in
wetness gained a lap: a DRIZZLE keeps the track as wet as it is, a SHOWER brings intermediates within three laps, a
DOWNPOUR within one or two. Dates without a day: the page gives none, so the month of the race.

The stops and neutralisations are those of the recorded timing but for two of its errors: Hamilton's last tyres in
Hungary 2019 were mediums (the feed kept saying hards), and in the Netherlands in 2022 the whole field followed the
safety car through the pit lane on lap 57, which the feed shows as a stop of every car.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

SEED = 2021
RACES = 10_000

DRIZZLE = 0.001
SHOWER = 0.1
DOWNPOUR = 0.2


class Side(StrEnum):
    """What is expected of the alternative."""

    BETTER = "better"
    WORSE = "worse"
    AHEAD = "ahead"
    BEHIND = "behind"


class Stop(NamedTuple):
    """A stop at the end of ``lap`` for ``compound``, by its name at the race."""

    lap: int
    compound: str


class Neutralised(NamedTuple):
    """SC, VSC or RED from ``lap`` on, for ``laps`` laps."""

    kind: str
    lap: int
    laps: int


class Wet(NamedTuple):
    """Rain from ``lap`` on, for ``laps`` laps."""

    lap: int
    laps: int
    intensity: float


class Source(NamedTuple):
    """Where the expected side was published."""

    title: str
    publisher: str
    date: str


class Famous(NamedTuple):
    """One question.

    Attributes:
        name: unique. ``question``: in words.
        session: key of the race. ``lap``: the last lap completed before the decision, by the leader.
        driver: three-letter code. ``did``: its stops after ``lap`` as they were; ``instead``: the alternative's.
        side: the expected answer; ``rival`` for AHEAD and BEHIND. ``source``: who says so.
        neutralised, rain: after ``lap``, as they were.
        without: the alternative's race is not neutralised.
        held: stops of other cars in both versions, in place of those that they made.
    """

    name: str
    question: str
    session: str
    lap: int
    driver: str
    did: tuple[Stop, ...]
    instead: tuple[Stop, ...]
    side: Side
    source: Source
    rival: str = ""
    neutralised: tuple[Neutralised, ...] = ()
    rain: tuple[Wet, ...] = ()
    without: bool = False
    held: tuple[tuple[str, tuple[Stop, ...]], ...] = ()


FAMOUS: tuple[Famous, ...] = (
    Famous(
        "australia-2018-vsc",
        "Without the virtual safety car, does Vettel's later stop get him past Hamilton?",
        "2018-01-R", 25, "VET", (Stop(26, "SOFT"),), (Stop(27, "SOFT"),), Side.BEHIND,
        Source("Mercedes explain computer error that cost Lewis Hamilton Australian GP victory", "Sky Sports",
               "2018-03"),
        rival="HAM", neutralised=(Neutralised("VSC", 26, 2), Neutralised("SC", 28, 4)), without=True,
    ),
    Famous(
        "austria-2018-vsc",
        "What if Hamilton had stopped under the virtual safety car as the others did?",
        "2018-09-R", 14, "HAM", (Stop(25, "SOFT"), Stop(52, "SUPERSOFT")), (Stop(15, "SOFT"),), Side.AHEAD,
        Source("Toto Wolff defends Mercedes' lead strategist after Austrian GP blunder", "ESPN", "2018-07"),
        rival="VER", neutralised=(Neutralised("VSC", 15, 2),),
    ),
    Famous(
        "hungary-2019-second-stop",
        "What if Hamilton had stayed behind Verstappen instead of stopping again?",
        "2019-12-R", 47, "HAM", (Stop(48, "MEDIUM"),), (), Side.WORSE,
        Source("Hamilton brilliantly hunts down Verstappen to snatch Hungary victory", "Formula1.com", "2019-08-04"),
        held=(("VER", ()),),
    ),
    Famous(
        "singapore-2019-undercut",
        "What if Vettel had stopped a lap after Leclerc instead of a lap before him?",
        "2019-15-R", 18, "VET", (Stop(19, "HARD"),), (Stop(21, "HARD"),), Side.BEHIND,
        Source("2019 F1 Singapore Grand Prix report: Vettel nabs victory from outstanding Leclerc", "Motor Sport",
               "2019-09"),
        rival="LEC",
        neutralised=(Neutralised("SC", 36, 5), Neutralised("SC", 44, 4), Neutralised("SC", 50, 2)),
    ),
    Famous(
        "singapore-2019-stayed-out",
        "What if Hamilton had stopped with Vettel instead of seven laps later?",
        "2019-15-R", 18, "HAM", (Stop(26, "HARD"),), (Stop(19, "HARD"),), Side.BETTER,
        Source("Mercedes apologise to Hamilton after strategy error proves crucial in Singapore", "Press Association",
               "2019-09-22"),
        neutralised=(Neutralised("SC", 36, 5), Neutralised("SC", 44, 4), Neutralised("SC", 50, 2)),
    ),
    Famous(
        "spain-2021-second-stop",
        "What if Hamilton had not made his second stop?",
        "2021-04-R", 41, "HAM", (Stop(42, "MEDIUM"),), (), Side.WORSE,
        Source("Spanish GP report and analysis", "Autosport", "2021-05-13"),
        held=(("VER", ()),),
    ),
    Famous(
        "france-2021-second-stop",
        "What if Verstappen had stayed out in the lead instead of stopping again?",
        "2021-07-R", 31, "VER", (Stop(32, "MEDIUM"),), (), Side.WORSE,
        Source("Max Verstappen beats Lewis Hamilton to French Grand Prix victory in thrilling finish",
               "Evening Standard", "2021-06-20"),
    ),
    Famous(
        "hungary-2021-restart",
        "What if Hamilton had come in for slicks with all the others before the restart?",
        "2021-11-R", 2, "HAM", (Stop(4, "MEDIUM"), Stop(19, "HARD"), Stop(47, "MEDIUM")),
        (Stop(3, "MEDIUM"), Stop(37, "HARD")), Side.BETTER,
        Source("Hungarian GP race results: Ocon wins", "Motorsport.com", "2021-08-01"),
        neutralised=(Neutralised("RED", 3, 1),),
    ),
    Famous(
        "russia-2021-rain",
        "What if Norris had taken intermediates when Hamilton did?",
        "2021-15-R", 46, "NOR", (Stop(51, "INTERMEDIATE"),), (Stop(49, "INTERMEDIATE"),), Side.BETTER,
        Source("How a late rain shower led to hundredth win for Hamilton and heartbreak for Norris", "RaceFans",
               "2021-09-27"),
        rain=(Wet(47, 7, SHOWER),),
    ),
    Famous(
        "turkey-2021-no-stop",
        "What if Hamilton had gone to the end on his first intermediates?",
        "2021-16-R", 49, "HAM", (Stop(50, "INTERMEDIATE"),), (), Side.WORSE,
        Source("Mercedes 'certain' Hamilton would have lost places without late F1 pit stop", "Crash.net", "2021-10"),
        rain=(Wet(50, 9, DRIZZLE),),
    ),
    Famous(
        "abu-dhabi-2021-last-lap",
        "What if Verstappen had not stopped under the late safety car?",
        "2021-22-R", 52, "VER", (Stop(53, "SOFT"),), (), Side.BEHIND,
        Source("Mark Hughes: a random piece of luck settled F1's 2021 title fight", "The Race", "2021-12"),
        rival="HAM", neutralised=(Neutralised("SC", 53, 5),),
    ),
    Famous(
        "monaco-2022-intermediates",
        "What if Leclerc had stayed on wets and gone straight to slicks?",
        "2022-07-R", 17, "LEC", (Stop(18, "INTERMEDIATE"), Stop(21, "HARD"), Stop(30, "HARD")),
        (Stop(21, "HARD"), Stop(30, "HARD")), Side.BETTER,
        Source("Ferrari detail mistakes that cost Charles Leclerc victory at Monaco Grand Prix", "The Independent",
               "2022-05-30"),
        neutralised=(Neutralised("SC", 27, 3), Neutralised("RED", 30, 1)),
    ),
    Famous(
        "britain-2022-safety-car",
        "What if Leclerc had taken new softs under the safety car?",
        "2022-10-R", 38, "LEC", (), (Stop(39, "SOFT"),), Side.BETTER,
        Source("Ferrari's Silverstone strategy call that cost Charles Leclerc", "Motor Sport", "2022-09"),
        neutralised=(Neutralised("SC", 39, 4),),
    ),
    Famous(
        "hungary-2022-hards",
        "What if Leclerc had kept his mediums and finished on softs instead of taking hards?",
        "2022-13-R", 38, "LEC", (Stop(39, "HARD"), Stop(54, "SOFT")), (Stop(50, "SOFT"),), Side.BETTER,
        Source("Why Ferrari didn't realise hard tyre was disastrous when F1 rivals did: Hungarian GP analysis",
               "Motor Sport", "2022-08"),
        neutralised=(Neutralised("VSC", 68, 2),),
    ),
    Famous(
        "netherlands-2022-safety-car",
        "What if Hamilton had taken softs under the safety car as Russell did?",
        "2022-15-R", 56, "HAM", (), (Stop(57, "SOFT"),), Side.BETTER,
        Source("'I'd rather take the risk to win' says Wolff as he defends Mercedes' Safety Car strategy in Zandvoort",
               "Formula1.com", "2022-09"),
        neutralised=(Neutralised("SC", 57, 4),),
    ),
    Famous(
        "monaco-2023-mediums",
        "What if Alonso had taken intermediates at once instead of new mediums?",
        "2023-06-R", 53, "ALO", (Stop(54, "MEDIUM"), Stop(55, "INTERMEDIATE")), (Stop(54, "INTERMEDIATE"),),
        Side.BETTER,
        Source("This is how Alonso could indeed have won the Monaco Grand Prix", "GPblog", "2023-05-29"),
        rain=(Wet(54, 12, SHOWER),),
    ),
    Famous(
        "miami-2024-safety-car",
        "What if Norris had stopped with his team mate, just before the safety car?",
        "2024-06-R", 26, "NOR", (Stop(29, "HARD"),), (Stop(27, "HARD"),), Side.BEHIND,
        Source("Frustrated Norris says pit stop mistake cost McLaren race 'we should have won' (on Miami too)",
               "RaceFans", "2024-06-10"),
        rival="VER", neutralised=(Neutralised("SC", 28, 5),),
    ),
    Famous(
        "canada-2024-safety-car",
        "What if Norris had come in as soon as the safety car was called?",
        "2024-09-R", 24, "NOR", (Stop(26, "INTERMEDIATE"), Stop(47, "MEDIUM")),
        (Stop(25, "INTERMEDIATE"), Stop(47, "MEDIUM")), Side.BETTER,
        Source("Lando Norris admits McLaren made costly Canadian GP strategy error", "Sky Sports", "2024-06-09"),
        neutralised=(Neutralised("SC", 25, 5), Neutralised("SC", 54, 5)), rain=(Wet(28, 9, DRIZZLE),),
    ),
    Famous(
        "britain-2024-double-stack",
        "What if McLaren had stopped Piastri with Norris when the rain came?",
        "2024-12-R", 26, "PIA", (Stop(28, "INTERMEDIATE"), Stop(38, "MEDIUM")),
        (Stop(27, "INTERMEDIATE"), Stop(38, "MEDIUM")), Side.BETTER,
        Source("McLaren boss admits critical errors cost British GP win chance", "Speedcafe", "2024-07-08"),
        rain=(Wet(27, 8, SHOWER),),
    ),
    Famous(
        "britain-2024-softs",
        "What if Norris had come in a lap earlier, for mediums?",
        "2024-12-R", 37, "NOR", (Stop(39, "SOFT"),), (Stop(38, "MEDIUM"),), Side.BETTER,
        Source("Analysis: how McLaren and Norris made the wrong tyre choice Horner called 'baffling'", "RaceFans",
               "2024-07-07"),
    ),
    Famous(
        "italy-2024-one-stop",
        "What if Leclerc had stopped a second time as the McLarens did?",
        "2024-16-R", 37, "LEC", (), (Stop(38, "HARD"),), Side.BEHIND,
        Source("How Ferrari outfoxed McLaren in Monza to take ecstatic home win", "Motor Sport", "2024-09"),
        rival="PIA",
    ),
    Famous(
        "sao-paulo-2024-red-flag",
        "What if Russell had stayed out until the red flag?",
        "2024-21-R", 27, "RUS", (Stop(28, "INTERMEDIATE"), Stop(32, "INTERMEDIATE")), (Stop(32, "INTERMEDIATE"),),
        Side.BETTER,
        Source("Sao Paulo GP: Max Verstappen wins wet thriller with stunning comeback drive", "Sky Sports",
               "2024-11-04"),
        neutralised=(Neutralised("VSC", 28, 2), Neutralised("SC", 30, 2), Neutralised("RED", 32, 2),
                     Neutralised("SC", 39, 4)),
        rain=(Wet(28, 6, SHOWER), Wet(34, 12, DRIZZLE)),
    ),
    Famous(
        "australia-2025-rain",
        "What if Leclerc had taken intermediates when the leader did?",
        "2025-01-R", 43, "LEC", (Stop(47, "INTERMEDIATE"),), (Stop(44, "INTERMEDIATE"),), Side.BETTER,
        Source("Ferrari boss accepts blame for Lewis Hamilton's Australian GP tyre woes", "Hindustan Times",
               "2025-03-17"),
        neutralised=(Neutralised("SC", 47, 5),), rain=(Wet(44, 5, SHOWER),),
    ),
    Famous(
        "imola-2025-early-stop",
        "What if Piastri had stayed out until the virtual safety car?",
        "2025-07-R", 12, "PIA", (Stop(13, "HARD"), Stop(30, "HARD")), (Stop(29, "HARD"), Stop(46, "HARD")),
        Side.BETTER,
        Source("Piastri suggests early pit stop was strategic misstep by McLaren", "F1i", "2025-05"),
        neutralised=(Neutralised("VSC", 29, 3), Neutralised("SC", 46, 8)),
    ),
)  # fmt: skip
"""Twenty-four questions about twenty-two races."""
