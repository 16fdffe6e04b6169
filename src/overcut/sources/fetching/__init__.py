"""How archived sessions come onto this machine, once, and stay."""

from overcut.sources.fetching.fetch import Fetched, Fetcher, Progress

__all__ = ["Fetched", "Fetcher", "Progress"]
