"""What each figure of a career means, in words: shown beside it, and the same for every list."""

from __future__ import annotations

from collections.abc import Mapping

DEFINITIONS: Mapping[str, str] = {
    "entries": "Races for which a driver was entered and for which there is a line in the result, started or not.",
    "starts": "Races begun. Not counted: did not start, did not qualify or pre-qualify, did not practise, excluded "
    "before the race. Counted: a driver who retired on the first lap, took over another's car, or was disqualified.",
    "wins": "Races won. Both drivers of a shared winning car have a win (1951 France, 1956 Argentina, 1957 Britain).",
    "podiums": "Races finished in the first three. Of a constructor: cars in the first three.",
    "poles": "Races in which the first place of the grid was theirs, by the official grid, penalties included; where "
    "the fastest qualifier could not start and nobody was given the place, the fastest qualifier's (1996 France, "
    "2021 Monaco).",
    "fastest_laps": "Races in which they drove the fastest lap; each of them where several shared it.",
    "front_rows": "Races begun from the first or second place of the grid.",
    "points": "Points won in races and sprints, all of them.",
    "championship_points": "Points that counted for the championship: after dropped scores, from the tables.",
    "points_finishes": "Races in which they won points.",
    "finishes": "Races begun in which they were classified.",
    "retirements": "Races begun in which they retired (DNF).",
    "laps": "Laps driven in races.",
    "titles": "World championships won, by the final table; a running season counts when it is over.",
    "hat_tricks": "Races with pole position, win and fastest lap.",
    "grand_slams": "Hat-tricks with every lap led: as the source marks them, else by the laps in the lake. Not known "
    "(null) where there is a hat-trick in a race whose laps are not in the lake.",
    "one_twos": "Races in which a constructor's cars were first and second.",
    "indianapolis": "The Indianapolis 500 of 1950 to 1960 counts: it was a round of the championship.",
    "sprints": "Sprints count apart: for points only.",
}
"""Words for each figure, by the name of its field."""
