"""How a server in Ergast's shape (Jolpica is the one that lives) is asked, and its pages become tables."""

from overcut.sources.history.jolpica.seasons import JolpicaSeasons, Want, ask_seasons

__all__ = ["JolpicaSeasons", "Want", "ask_seasons"]
