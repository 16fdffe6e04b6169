"""Which lines of F1DB's tables after single rounds differ from ours, and why; no final table has any."""

from __future__ import annotations

Line = tuple[int, str, int, str]
"""Season, championship, round, entrant."""

NOT_LISTED: frozenset[Line] = frozenset(
    {
        (1954, "drivers", 5, "jean-behra"),
        (1984, "constructors", 16, "tyrrell/ford"),
        (2018, "constructors", 13, "force-india/mercedes"),
        (2018, "constructors", 14, "force-india/mercedes"),
        (2018, "constructors", 15, "force-india/mercedes"),
        (2018, "constructors", 16, "force-india/mercedes"),
        (2018, "constructors", 17, "force-india/mercedes"),
        (2018, "constructors", 18, "force-india/mercedes"),
        (2018, "constructors", 19, "force-india/mercedes"),
        (2018, "constructors", 20, "force-india/mercedes"),
        (2018, "constructors", 21, "force-india/mercedes"),
    }
)
"""One of the two leaves the line out: who was struck is in our table from the round on at which it was decided, in
F1DB's final one only; and F1DB leaves out Behra, who had a seventh of the point for the fastest lap at Silverstone in
1954."""

POINTS: frozenset[Line] = frozenset(
    {
        (1959, "drivers", 5, "jo-bonnier"),
        (1959, "drivers", 5, "rodger-ward"),
        (1978, "constructors", 3, "tyrrell/ford"),
    }
)
"""Slips in the source: its own tables of the rounds before and after have our points."""

POSITION: frozenset[Line] = frozenset(
    {
        (1974, "constructors", 13, "mclaren/ford"),
        (1977, "constructors", 12, "wolf/ford"),
        (2007, "constructors", 6, "bmw-sauber/bmw"),
        (2007, "constructors", 6, "ferrari/ferrari"),
        (2007, "constructors", 6, "renault/renault"),
        (2007, "constructors", 6, "toyota/toyota"),
        (2007, "constructors", 6, "williams/toyota"),
    }
)
"""Slips in the source: nobody else has the same points, and its table leaves a position empty."""

TIE: frozenset[Line] = frozenset(
    {
        (1951, "drivers", 4, "alberto-ascari"),
        (1951, "drivers", 5, "alberto-ascari"),
        (1955, "drivers", 2, "luigi-villoresi"),
        (1956, "drivers", 6, "luigi-villoresi"),
        (1956, "drivers", 7, "jean-behra"),
        (1957, "drivers", 1, "jose-froilan-gonzalez"),
        (1957, "drivers", 5, "carlos-menditeguy"),
        (1957, "drivers", 5, "jimmy-bryan"),
        (1957, "drivers", 5, "masten-gregory"),
        (1958, "drivers", 7, "tony-bettenhausen"),
        (1958, "constructors", 5, "lotus/climax"),
        (1960, "drivers", 2, "richie-ginther"),
        (1960, "drivers", 3, "jim-rathmann"),
        (1962, "drivers", 3, "jim-clark"),
        (1962, "drivers", 3, "ricardo-rodriguez"),
        (1963, "constructors", 3, "brabham/climax"),
        (1963, "constructors", 5, "ferrari/ferrari"),
        (1963, "constructors", 6, "brm/brm"),
        (1963, "constructors", 6, "ferrari/ferrari"),
        (1964, "drivers", 9, "jack-brabham"),
        (1964, "drivers", 9, "mike-spence"),
        (1964, "drivers", 9, "trevor-taylor"),
        (1967, "constructors", 2, "lotus/brm"),
        (1968, "constructors", 2, "brabham/repco"),
        (1969, "constructors", 7, "brabham/ford"),
        (1969, "constructors", 7, "lotus/ford"),
        (1971, "constructors", 2, "tyrrell/ford"),
        (1971, "constructors", 4, "march/ford"),
        (1972, "constructors", 4, "lotus/ford"),
        (1972, "constructors", 4, "mclaren/ford"),
        (1974, "drivers", 6, "jean-pierre-jarier"),
        (1976, "constructors", 4, "ligier/matra"),
        (1976, "constructors", 4, "march/ford"),
        (1976, "constructors", 5, "march/ford"),
        (1976, "constructors", 8, "march/ford"),
        (1976, "constructors", 9, "march/ford"),
        (1978, "constructors", 3, "williams/ford"),
        (1978, "constructors", 4, "williams/ford"),
        (1978, "constructors", 5, "williams/ford"),
        (1978, "constructors", 6, "williams/ford"),
        (1979, "drivers", 6, "jody-scheckter"),
        (1979, "drivers", 13, "carlos-reutemann"),
        (1980, "drivers", 2, "alain-prost"),
        (1982, "drivers", 10, "eliseo-salazar"),
        (1982, "drivers", 10, "marc-surer"),
        (1982, "drivers", 11, "marc-surer"),
        (1983, "drivers", 4, "alain-prost"),
        (1986, "drivers", 8, "riccardo-patrese"),
        (1987, "drivers", 9, "jonathan-palmer"),
        (1987, "drivers", 10, "jonathan-palmer"),
        (1989, "drivers", 6, "nelson-piquet"),
        (1991, "constructors", 11, "brabham/yamaha"),
        (1991, "constructors", 15, "brabham/yamaha"),
        (1993, "constructors", 3, "benetton/ford"),
        (1993, "constructors", 11, "sauber/sauber"),
        (1994, "drivers", 6, "andrea-de-cesaris"),
        (1995, "drivers", 9, "aguri-suzuki"),
        (1996, "drivers", 8, "pedro-diniz"),
        (1997, "drivers", 7, "shinji-nakano"),
        (1999, "constructors", 3, "prost/peugeot"),
        (1999, "constructors", 3, "sauber/petronas"),
        (1999, "constructors", 4, "prost/peugeot"),
        (1999, "constructors", 4, "sauber/petronas"),
        (1999, "constructors", 5, "sauber/petronas"),
        (1999, "constructors", 6, "sauber/petronas"),
        (1999, "constructors", 7, "sauber/petronas"),
        (2001, "drivers", 15, "tomas-enge"),
        (2003, "drivers", 4, "olivier-panis"),
        (2004, "drivers", 2, "christian-klien"),
        (2004, "drivers", 12, "antonio-pizzonia"),
        (2004, "drivers", 17, "jacques-villeneuve"),
        (2005, "drivers", 2, "christijan-albers"),
        (2006, "drivers", 2, "christijan-albers"),
        (2006, "drivers", 2, "jacques-villeneuve"),
        (2007, "drivers", 3, "christijan-albers"),
        (2007, "constructors", 6, "honda/honda"),
        (2007, "constructors", 6, "red-bull/renault"),
        (2007, "constructors", 6, "spyker/ferrari"),
        (2007, "constructors", 6, "super-aguri/honda"),
        (2007, "constructors", 6, "toro-rosso/ferrari"),
        (2008, "drivers", 2, "mark-webber"),
        (2008, "drivers", 5, "fernando-alonso"),
        (2010, "drivers", 2, "karun-chandhok"),
        (2012, "drivers", 2, "narain-karthikeyan"),
        (2012, "drivers", 3, "narain-karthikeyan"),
        (2012, "drivers", 4, "narain-karthikeyan"),
        (2012, "drivers", 6, "charles-pic"),
        (2012, "drivers", 6, "narain-karthikeyan"),
        (2012, "drivers", 7, "narain-karthikeyan"),
        (2021, "drivers", 10, "nicholas-latifi"),
        (2021, "drivers", 10, "nikita-mazepin"),
        (2022, "drivers", 2, "pierre-gasly"),
        (2022, "drivers", 6, "daniel-ricciardo"),
        (2022, "drivers", 6, "yuki-tsunoda"),
        (2025, "drivers", 2, "pierre-gasly"),
    }
)
"""Level on points: the countback parts what the source leaves shared or parts otherwise, or leaves shared what
it parts."""
