"""What each race of a season is called, and by which words people mean it.

Source: F1DB (https://github.com/f1db/f1db, CC BY 4.0): names of the Grands Prix, circuits, places and countries.
"""

from __future__ import annotations

import unicodedata

import msgspec

from overcut.domain.calendar import RACES


class Race(msgspec.Struct, frozen=True):
    """One race weekend of a season.

    Attributes:
        name: the Grand Prix, "Belgian Grand Prix". ``day``: of the race, ``YYYY-MM-DD``, local.
        circuit_id: the F1DB id of the circuit.
        titles: plain words that name the Grand Prix. ``places``: those of its circuit and town. ``country``.
    """

    season: int
    round_number: int
    name: str
    day: str
    circuit_id: str
    titles: tuple[str, ...]
    places: tuple[str, ...]
    country: str


class _Venue(msgspec.Struct, frozen=True):
    """A circuit's country, places, and its usual Grand Prix: adjective first, then what else it is called."""

    country: str
    places: tuple[str, ...]
    titles: tuple[str, ...]


def _venue(country: str, places: str, titles: str) -> _Venue:
    return _Venue(country, tuple(places.split("|")), tuple(titles.split("|")))


_VENUES: dict[str, _Venue] = {
    "austin": _venue("United States", "austin|cota|circuit of the americas|texas", "United States|usa|us|america"),
    "bahrain": _venue("Bahrain", "sakhir|bahrain international circuit", "Bahrain"),
    "baku": _venue("Azerbaijan", "baku|baku city circuit", "Azerbaijan|azerbaijani"),
    "catalunya": _venue("Spain", "catalunya|barcelona|catalonia|montmelo", "Spanish|spain"),
    "hockenheimring": _venue("Germany", "hockenheimring|hockenheim", "German|germany"),
    "hungaroring": _venue("Hungary", "hungaroring|budapest|mogyorod", "Hungarian|hungary"),
    "imola": _venue("Italy", "imola|enzo e dino ferrari", "Emilia Romagna"),
    "interlagos": _venue("Brazil", "interlagos|jose carlos pace|brazil|brasil", "São Paulo"),
    "istanbul": _venue("Turkey", "istanbul|istanbul park", "Turkish|turkey|turkiye"),
    "jeddah": _venue("Saudi Arabia", "jeddah|jeddah corniche circuit", "Saudi Arabian|saudi arabia|saudi"),
    "las-vegas": _venue("United States", "las vegas|vegas|nevada", "Las Vegas"),
    "lusail": _venue("Qatar", "lusail|losail|doha", "Qatar"),
    "madring": _venue("Spain", "madring|madrid", "Spanish|spain"),
    "marina-bay": _venue("Singapore", "marina bay", "Singapore"),
    "melbourne": _venue("Australia", "melbourne|albert park", "Australian|australia"),
    "mexico-city": _venue("Mexico", "hermanos rodriguez", "Mexico City|mexico|mexican"),
    "miami": _venue("United States", "miami|miami gardens|florida", "Miami"),
    "monaco": _venue("Monaco", "monte carlo", "Monaco"),
    "montreal": _venue("Canada", "montreal|gilles villeneuve", "Canadian|canada"),
    "monza": _venue("Italy", "monza|autodromo nazionale", "Italian|italy"),
    "mugello": _venue("Italy", "mugello|scarperia", "Tuscan|tuscany"),
    "nurburgring": _venue("Germany", "nurburgring|nuerburgring|nurburg", "Eifel"),
    "paul-ricard": _venue("France", "paul ricard|le castellet", "French|france"),
    "portimao": _venue("Portugal", "portimao|algarve", "Portuguese|portugal"),
    "sepang": _venue("Malaysia", "sepang", "Bahrain"),
    "shanghai": _venue("China", "shanghai", "Chinese|china"),
    "silverstone": _venue("United Kingdom", "silverstone|uk", "British|great britain|britain"),
    "sochi": _venue("Russia", "sochi|sochi autodrom", "Russian|russia"),
    "spa-francorchamps": _venue("Belgium", "spa francorchamps|spa|francorchamps", "Belgian|belgium"),
    "spielberg": _venue("Austria", "spielberg|red bull ring", "Austrian|austria"),
    "suzuka": _venue("Japan", "suzuka", "Japanese|japan"),
    "yas-marina": _venue("United Arab Emirates", "yas marina|yas island|uae", "Abu Dhabi"),
    "zandvoort": _venue("Netherlands", "zandvoort|holland", "Dutch|netherlands"),
}

_RENAMED: dict[tuple[int, int], tuple[str, ...]] = {
    (2018, 19): ("Mexican", "mexico"),
    (2018, 20): ("Brazilian", "brazil"),
    (2019, 18): ("Mexican", "mexico"),
    (2019, 20): ("Brazilian", "brazil"),
    (2020, 2): ("Styrian", "styria"),
    (2020, 5): ("70th Anniversary", "anniversary"),
    (2020, 16): ("Sakhir",),
    (2021, 8): ("Styrian", "styria"),
    (2026, 7): ("Barcelona-Catalunya",),
}
"""Races whose Grand Prix is not the usual one of its circuit."""


def plain(text: str) -> str:
    """Lower case, no accents, single spaces for punctuation: "São-Paulo " gives "sao paulo"."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare.lower()).split())


def races_of(season: int) -> tuple[Race, ...]:
    """The races of a season in order of rounds; none for a season that is not known."""
    return tuple(_race(season, index + 1, day, circuit) for index, (day, circuit) in enumerate(RACES.get(season, ())))


def race_of(season: int, round_number: int) -> Race | None:
    """One race; None when there is none."""
    races = RACES.get(season, ())
    if not 1 <= round_number <= len(races):
        return None
    return _race(season, round_number, *races[round_number - 1])


def _race(season: int, round_number: int, day: str, circuit_id: str) -> Race:
    venue = _VENUES[circuit_id]
    titles = _RENAMED.get((season, round_number), venue.titles)
    return Race(
        season=season,
        round_number=round_number,
        name=f"{titles[0]} Grand Prix",
        day=f"{season}-{day}",
        circuit_id=circuit_id,
        titles=tuple(plain(title) for title in titles),
        places=tuple(dict.fromkeys((plain(circuit_id), *venue.places))),
        country=plain(venue.country),
    )
