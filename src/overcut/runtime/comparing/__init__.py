"""On which values the lake's sources differ, and who is right."""

from overcut.runtime.comparing.report import Comparison, compare, disagreements, store

__all__ = ["Comparison", "compare", "disagreements", "store"]
