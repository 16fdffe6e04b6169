"""Which parameters does Overcut come with?"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from overcut.strategy.parameters.parameter_set import ParameterSet, decoded

FILE = "shipped.json"


@lru_cache(maxsize=1)
def shipped() -> ParameterSet:
    """The parameters that were fitted on every race known when this version was made.

    Raises:
        BadParametersError: the installation is damaged.
    """
    resource = files("overcut.strategy.parameters").joinpath(FILE)
    if not resource.is_file():
        return ParameterSet()
    return decoded(resource.read_bytes(), FILE)
