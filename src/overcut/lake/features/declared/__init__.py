"""The features, declared one function each; importing this package declares them all, in this order."""
# ruff: noqa: I001 -- the order of imports is that of the catalogue

from __future__ import annotations

from overcut.lake.features.declared import pace
from overcut.lake.features.declared import tyres
from overcut.lake.features.declared import gaps
from overcut.lake.features.declared import rivals
from overcut.lake.features.declared import field
from overcut.lake.features.declared import track
from overcut.lake.features.declared import pairs
from overcut.lake.features.declared import leaders
from overcut.lake.features.declared import form
from overcut.lake.features.declared import places

__all__ = ["field", "form", "gaps", "leaders", "pace", "pairs", "places", "rivals", "track", "tyres"]
