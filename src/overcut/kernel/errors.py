"""How Overcut says that something is wrong: what, why, and what to do next."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line."""

    FINE = 0
    FAILED = 1
    WRONG_USAGE = 2
    DATA_MISSING = 3
    NOT_ALLOWED = 4


class OvercutError(Exception):
    """Any error meant for a person.

    Args:
        what: what went wrong, one sentence.
        why: the cause as far as it is known.
        hint: what the reader can do next.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, what: str, *, why: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.hint = hint

    def __str__(self) -> str:
        parts = [self.what]
        if self.why:
            parts.append(f"Why: {self.why}")
        if self.hint:
            parts.append(f"Try: {self.hint}")
        return "\n".join(parts)


class WrongUsageError(OvercutError):
    """The request itself is not understood."""

    exit_code = ExitCode.WRONG_USAGE


class DataMissingError(OvercutError):
    """What was asked for is not there."""

    exit_code = ExitCode.DATA_MISSING


class NotAllowedError(OvercutError):
    """The caller may not do this."""

    exit_code = ExitCode.NOT_ALLOWED
