"""Whatever somebody types, the page that they mean comes first."""

from __future__ import annotations

import pytest

from overcut.domain import naming
from overcut.kernel.errors import DataMissingError
from overcut.lake.history.book import Book
from overcut.lake.history.names import resolved
from overcut.lake.history.search import search

SMALL = (
    ("anna", "/history/drivers/anna-brandt"),
    ("BRA", "/history/drivers/anna-brandt"),
    ("bjorn aalto", "/history/drivers/bjorn-aalto"),
    ("Bjørn", "/history/drivers/bjorn-aalto"),
    ("ines", "/history/drivers/ines-duarte"),
    ("skara", "/history/drivers/jon-skarra"),
    ("aurora", "/history/constructors/aurora"),
    ("2005", "/history/2005"),
    ("season 2005", "/history/2005"),
    ("2005 round 4", "/history/2005/4"),
    ("citta nova 2019", "/history/2019/6"),
    ("brandt 2019 saltmarsh", "/history/2019/4"),
    ("saltmarsh 2019 brandt", "/history/2019/4"),
    ("brandt vs aalto", "/history/head-to-head/anna-brandt/bjorn-aalto"),
    ("anna brandt bjorn aalto", "/history/head-to-head/anna-brandt/bjorn-aalto"),
    ("youngest to win", "/history/records/youngest-winner"),
    ("most wins", "/history/records/wins"),
    ("eras", "/history/eras"),
)


@pytest.mark.parametrize(("words", "path"), SMALL)
def test_the_page_that_is_meant_comes_first(small: Book, words: str, path: str) -> None:
    assert search(small, words)[0].path == path


def test_hits_are_scored_and_named_once(small: Book) -> None:
    for words, _ in SMALL:
        hits = search(small, words, 50)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert len({hit.path for hit in hits}) == len(hits)
        assert all(0 < hit.score <= 1 for hit in hits)
    assert len(search(small, "ricci", 1)) == 1


@pytest.mark.parametrize("words", ["", "   ", "?!", "zzzzzz", "1800", "vs"])
def test_nothing_is_found_where_nothing_fits(small: Book, words: str) -> None:
    assert search(small, words) == []


REAL = (
    ("verstappen 2021 spa", "/history/2021/12"),
    ("monaco 1996", "/history/1996/6"),
    ("1996 monaco", "/history/1996/6"),
    ("british grand prix 2008", "/history/2008/9"),
    ("brazil 2008", "/history/2008/18"),
    ("senna vs prost", "/history/head-to-head/ayrton-senna/alain-prost"),
    ("senna prost", "/history/head-to-head/ayrton-senna/alain-prost"),
    ("schumi", "/history/drivers/michael-schumacher"),
    ("schumacher", "/history/drivers/michael-schumacher"),
    ("iceman", "/history/drivers/kimi-raikkonen"),
    ("raikkonen", "/history/drivers/kimi-raikkonen"),
    ("Räikkönen", "/history/drivers/kimi-raikkonen"),
    ("hulkenburg", "/history/drivers/nico-hulkenberg"),
    ("verstapen", "/history/drivers/max-verstappen"),
    ("HAM", "/history/drivers/lewis-hamilton"),
    ("44", "/history/drivers/lewis-hamilton"),
    ("checo", "/history/drivers/sergio-perez"),
    ("ferari", "/history/constructors/ferrari"),
    ("silver arrows", "/history/constructors/mercedes"),
    ("red bull", "/history/constructors/red-bull"),
    ("red bull ring", "/history/circuits/spielberg"),
    ("spa", "/history/circuits/spa-francorchamps"),
    ("nurburgring", "/history/circuits/nurburgring"),
    ("1982", "/history/1982"),
    ("champion 1982", "/history/1982"),
    ("poles", "/history/records/poles"),
    ("wins in a row", "/history/records/wins-in-a-row"),
)


@pytest.mark.shared
@pytest.mark.parametrize(("words", "path"), REAL)
def test_what_people_type_leads_where_they_mean(whole: Book, words: str, path: str) -> None:
    assert search(whole, words)[0].path == path


@pytest.mark.shared
def test_every_nickname_is_of_somebody(whole: Book) -> None:
    for nicknames, known in (
        (naming.DRIVER_NICKNAMES, whole.drivers),
        (naming.CONSTRUCTOR_NICKNAMES, whole.constructors),
        (naming.CIRCUIT_NICKNAMES, whole.circuits),
        (naming.GRAND_PRIX_NICKNAMES, whole.grands_prix),
    ):
        assert set(nicknames) <= set(known)


@pytest.mark.shared
def test_every_driver_is_found_by_id_and_by_name(whole: Book) -> None:
    for person in list(whole.drivers.values())[::7]:
        assert resolved(whole, "driver", person.id) == person.id
        assert person.id in {hit.id for hit in search(whole, person.name, 50)}


def test_a_name_is_resolved_or_refused(small: Book) -> None:
    assert resolved(small, "driver", "aalto") == "bjorn-aalto"
    assert resolved(small, "constructor", "Bolt") == "bolt-racing"
    assert resolved(small, "circuit", "old port") == "harbour-ring"
    with pytest.raises(DataMissingError, match="No driver"):
        resolved(small, "driver", "xqxqxq")
