"""Which driver, team, circuit or Grand Prix is meant by a name, a code, a nickname, a number, or nearly one of them.

One resolver for the whole platform: whoever holds a list of names makes a `Register` of it and asks that. It knows no
names itself but the nicknames, which no source tells.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

EXACT = 1.0
WORD = 0.9
"""Score of a word that is a name's whole word; whole names and ids score `EXACT`."""
PREFIX = 0.75
FUZZY = 0.6
LEAST_ALIKE = 0.78
"""Likeness (`difflib.SequenceMatcher.ratio`) from which a misspelt word is taken for a name's."""
LEAST_LETTERS = 4
"""Shorter words are not taken for misspelt ones."""
SHARED_PAIRS = 0.4
"""Part of the longer word's pairs of letters that two words must share to be compared at all."""

_TURNED = str.maketrans(
    {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "ss", "æ": "ae", "Æ": "ae", "đ": "d", "\u0131": "i"}
)
"""Letters that Unicode does not take apart into a plain one and an accent."""

DRIVER_NICKNAMES: Mapping[str, tuple[str, ...]] = {
    "alain-prost": ("the professor", "professor", "le professeur"),
    "alberto-ascari": ("ciccio",),
    "alexander-albon": ("alex albon",),
    "carlos-sainz-jr": ("carlos sainz", "smooth operator", "chilli"),
    "daniel-ricciardo": ("honey badger", "danny ric"),
    "emerson-fittipaldi": ("emmo",),
    "fernando-alonso": ("nando",),
    "gilles-villeneuve": ("gilles",),
    "jack-brabham": ("black jack",),
    "jackie-stewart": ("flying scot", "sir jackie"),
    "james-hunt": ("hunt the shunt", "the shunt"),
    "jenson-button": ("jb",),
    "jim-clark": ("jimmy clark", "james clark"),
    "juan-manuel-fangio": ("el maestro", "maestro", "el chueco"),
    "keke-rosberg": ("flying finn",),
    "kimi-antonelli": ("andrea kimi antonelli",),
    "kimi-raikkonen": ("iceman", "ice man", "kimi"),
    "lewis-hamilton": ("sir lewis",),
    "max-verstappen": ("super max", "mad max"),
    "michael-schumacher": ("schumi", "schumacher", "red baron"),
    "mika-hakkinen": ("flying finn",),
    "nelson-piquet": ("piquet",),
    "nigel-mansell": ("il leone", "our nige"),
    "nico-hulkenberg": ("hulk", "the hulk", "nico huelkenberg"),
    "niki-lauda": ("the rat", "andreas nikolaus lauda"),
    "rubens-barrichello": ("rubinho",),
    "ayrton-senna": ("magic", "beco"),
    "sebastian-vettel": ("seb", "baby schumi"),
    "sergio-perez": ("checo",),
    "stirling-moss": ("mr motor racing",),
}
"""What drivers are called besides their names; by F1DB id."""

CONSTRUCTOR_NICKNAMES: Mapping[str, tuple[str, ...]] = {
    "aston-martin": ("amr",),
    "ferrari": ("scuderia", "scuderia ferrari", "prancing horse", "maranello"),
    "mclaren": ("woking", "papaya"),
    "mercedes": ("silver arrows", "amg", "brackley"),
    "racing-bulls": ("rb", "vcarb", "visa cash app"),
    "red-bull": ("rbr", "milton keynes", "bulls"),
    "sauber": ("hinwil",),
    "toro-rosso": ("str", "faenza"),
    "williams": ("grove",),
}

CIRCUIT_NICKNAMES: Mapping[str, tuple[str, ...]] = {
    "austin": ("cota", "circuit of the americas"),
    "catalunya": ("barcelona", "montmelo"),
    "imola": ("enzo e dino ferrari",),
    "indianapolis": ("brickyard", "indy", "ims"),
    "interlagos": ("sao paulo", "jose carlos pace"),
    "monaco": ("monte carlo", "principality"),
    "montreal": ("gilles villeneuve circuit", "ile notre dame"),
    "monza": ("temple of speed", "parco"),
    "nurburgring": ("green hell", "nordschleife", "nuerburgring"),
    "spa-francorchamps": ("spa", "francorchamps"),
    "spielberg": ("red bull ring", "a1 ring", "osterreichring", "oesterreichring"),
    "yas-marina": ("abu dhabi",),
}

GRAND_PRIX_NICKNAMES: Mapping[str, tuple[str, ...]] = {
    "brazil": ("brazilian",),
    "great-britain": ("british", "britain", "uk", "england"),
    "indianapolis": ("indy 500", "indy", "indianapolis 500"),
    "italy": ("italian",),
    "mexico": ("mexico city",),
    "netherlands": ("dutch", "holland"),
    "sao-paulo": ("brazil", "interlagos"),
    "united-states": ("us", "usa", "american", "america"),
}


class Named(msgspec.Struct, frozen=True):
    """Something that can be meant.

    Attributes:
        id: F1DB id. name: as shown.
        codes: short words that mean it exactly: a three-letter code, a racing number.
        names: everything else that it is called: full name, family name, earlier names, nicknames, demonyms.
        weight: how likely it is meant when names are equal, 0 to 1: races, or wins, against the most.
    """

    id: str
    name: str
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    weight: float = 0.0


class Match(msgspec.Struct, frozen=True):
    """One that fits, and how well: 0 to 1."""

    named: Named
    score: float


def folded(text: str) -> str:
    """Lower case without accents, one space for everything that is no letter or digit: "Hülkenberg" is "hulkenberg"."""
    turned = unicodedata.normalize("NFKD", text.translate(_TURNED))
    bare = "".join(letter for letter in turned if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare.lower()).split())


class Register:
    """Names of one kind of thing, to be asked which one is meant.

    Args:
        names: everything that can be meant.
    """

    def __init__(self, names: Iterable[Named]) -> None:
        self._all = tuple(names)
        self._by_id = {named.id: named for named in self._all}
        self._whole: defaultdict[str, list[Named]] = defaultdict(list)
        self._codes: defaultdict[str, list[Named]] = defaultdict(list)
        self._words: defaultdict[str, list[Named]] = defaultdict(list)
        self._joined: list[tuple[Named, str]] = []
        for named in self._all:
            self._enter(named)
        self._pairs: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for pair in _pairs(word):
                self._pairs[pair].append(word)
        self._joined_pairs: defaultdict[str, list[int]] = defaultdict(list)
        for place, (_, text) in enumerate(self._joined):
            for pair in _pairs(text):
                self._joined_pairs[pair].append(place)

    def _enter(self, named: Named) -> None:
        called = tuple(dict.fromkeys(folded(text) for text in (named.id, named.name, *named.names) if folded(text)))
        for text in called:
            self._whole[text].append(named)
        self._joined += [(named, text.replace(" ", "")) for text in called]
        for code in dict.fromkeys(folded(code) for code in named.codes if code):
            self._codes[code].append(named)
        for word in dict.fromkeys(word for text in called for word in text.split()):
            self._words[word].append(named)

    def get(self, key: str) -> Named | None:
        """The one with exactly this id."""
        return self._by_id.get(key)

    def matches(self, text: str, limit: int = 10) -> list[Match]:
        """Those that may be meant, the likeliest first; none for empty text.

        An id, a name or a code scores 1; each word of a name 0.9, the beginning of one 0.75, a misspelt one 0.6 times
        its likeness, and a text of several words their mean: all of them must fit. Weight decides between equals.
        """
        asked = folded(text)
        if not asked:
            return []
        scores: dict[str, float] = {}
        for named in (*self._whole.get(asked, ()), *self._codes.get(asked, ())):
            scores[named.id] = EXACT
        for key, score in self._by_words(asked.split()).items():
            scores[key] = max(score, scores.get(key, 0.0))
        if not scores:
            scores = self._misspelt(asked)
        found = [Match(self._by_id[key], min(EXACT, score)) for key, score in scores.items()]
        found.sort(key=lambda match: (-match.score, -match.named.weight, match.named.id))
        return found[:limit]

    def _by_words(self, words: Sequence[str]) -> dict[str, float]:
        """Those of which every word fits one of theirs."""
        sums: dict[str, float] | None = None
        for word in words:
            fits = self._one_word(word)
            sums = fits if sums is None else {key: sums[key] + fits[key] for key in sums.keys() & fits.keys()}
            if not sums:
                return {}
        return {key: total / len(words) for key, total in (sums or {}).items()}

    def _one_word(self, word: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for known, those in self._words.items():
            if known == word:
                score = WORD
            elif len(word) > 1 and known.startswith(word):
                score = PREFIX * (0.5 + 0.5 * len(word) / len(known))
            else:
                continue
            for named in those:
                found[named.id] = max(score, found.get(named.id, 0.0))
        for named in self._codes.get(word, ()):
            found[named.id] = max(WORD, found.get(named.id, 0.0))
        return found or self._alike(word)

    def _alike(self, word: str) -> dict[str, float]:
        """Those with a word that one may have meant to write."""
        if len(word) < LEAST_LETTERS:
            return {}
        found: dict[str, float] = {}
        for known in self._near(word):
            likeness = _likeness(word, known)
            if likeness >= LEAST_ALIKE:
                for named in self._words[known]:
                    found[named.id] = max(FUZZY * likeness, found.get(named.id, 0.0))
        return found

    def _near(self, word: str) -> list[str]:
        """Known words that share a good part of their pairs of letters with this one: few, and quickly found."""
        shared = Counter(known for pair in _pairs(word) for known in self._pairs.get(pair, ()))
        return [known for known, count in shared.items() if count >= SHARED_PAIRS * max(len(word), len(known))]

    def _misspelt(self, asked: str) -> dict[str, float]:
        """Those whose whole name, words run together, is nearly what was written."""
        joined = asked.replace(" ", "")
        shared = Counter(place for pair in _pairs(joined) for place in self._joined_pairs.get(pair, ()))
        found: dict[str, float] = {}
        for place, count in shared.items():
            named, text = self._joined[place]
            if count >= SHARED_PAIRS * max(len(joined), len(text)):
                likeness = _likeness(joined, text)
                if likeness >= LEAST_ALIKE:
                    found[named.id] = max(FUZZY * likeness, found.get(named.id, 0.0))
        return found

    def one(self, text: str) -> Named | None:
        """The one that is meant; None where nothing fits, or two fit equally well and weigh the same."""
        found = self.matches(text, 2)
        if not found:
            return None
        if len(found) > 1 and found[0].score == found[1].score and found[0].named.weight == found[1].named.weight:
            return None
        return found[0].named


def _likeness(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()


def _pairs(word: str) -> set[str]:
    """The pairs of neighbouring letters, ends included."""
    padded = f" {word} "
    return {padded[place : place + 2] for place in range(len(padded) - 1)}
