"""Which car someone means who names a driver: by racing number, code or name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from overcut.domain.state import CarState
from overcut.kernel.errors import DataMissingError, WrongUsageError


def driver_called(wanted: str, cars: Sequence[CarState]) -> CarState:
    """The car of a driver: a racing number, a code or (part of) a name, in any case.

    Raises:
        DataMissingError: nobody is called so.
        WrongUsageError: several are.
    """
    text = wanted.strip().casefold()
    exact = [car for car in cars if text in (car.number, car.code.casefold(), car.name.casefold())]
    found = exact or [car for car in cars if text and text in car.name.casefold()]
    choices = ", ".join(f"{car.code or '?'} ({car.number})" for car in cars)
    if not found:
        raise DataMissingError(f"Nobody in this session is called {wanted!r}", hint=f"choose from {choices}")
    if len(found) > 1:
        names = ", ".join(f"{car.name} ({car.number})" for car in found)
        raise WrongUsageError(f"{wanted!r} may mean {names}", hint="give the code or the number")
    return found[0]


def drivers_called(given: Iterable[str], cars: Sequence[CarState]) -> list[CarState]:
    """The cars that a repeated ``--driver`` option names, each once; one value may name several, with commas.

    Raises:
        DataMissingError: nobody is called so.
        WrongUsageError: several are, or no name is given.
    """
    names = [name for entry in given for name in entry.split(",") if name.strip()]
    if not names:
        raise WrongUsageError("--driver names nobody", hint="give a code, a number or a name")
    return list({car.number: car for car in (driver_called(name, cars) for name in names)}.values())
