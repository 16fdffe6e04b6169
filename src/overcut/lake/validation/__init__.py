"""The one validation layer: every row passes it on its way into the lake; nothing is dropped in silence."""

from overcut.lake.validation.checked import Checked, checked
from overcut.lake.validation.intake import Intake
from overcut.lake.validation.wrong_rows import WrongRowsError

__all__ = ["Checked", "Intake", "WrongRowsError", "checked"]
