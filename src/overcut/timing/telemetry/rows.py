"""What a row of telemetry is: one car at one instant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int16]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CAR_DATA, POSITION = "CarData.z", "Position.z"

MISSING = -(2**31)
"""Stands for null in a column of whole numbers."""

CHANNELS = 6
RPM, SPEED, GEAR, THROTTLE, BRAKE, DRS = range(CHANNELS)
PLACE_FIELDS = 4
X, Y, Z, STATUS = range(PLACE_FIELDS)
ON_TRACK, OFF_TRACK, OTHER_STATUS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in order of arrival, then as sent.

    Attributes:
        utc_ms: (rows,) the instant's own stamp. ``t_ms``: (rows,) the same in session time.
        number: (rows,) the racing number.
        fields: (fields, rows), `MISSING` for null: channels 0, 2, 3, 4, 5 and 45 of `CarData.z` as sent (a truth value
            of the brake is 0 or 100), or X, Y, Z in decimetres and a status (`ON_TRACK` …) of `Position.z`.
    """

    utc_ms: Longs
    t_ms: Longs
    number: Numbers
    fields: Ints

    def __len__(self) -> int:
        return len(self.number)

    def of_car(self, number: int) -> Rows:
        """One car's rows in order of time, one an instant (the last word of several)."""
        mine = np.flatnonzero(self.number == number)
        mine = mine[np.argsort(self.t_ms[mine], kind="stable")]
        if len(mine):
            mine = mine[np.append(np.diff(self.t_ms[mine]) > 0, True)]
        return Rows(self.utc_ms[mine], self.t_ms[mine], self.number[mine], self.fields[:, mine])
