"""How findings are put into words: cars, laps, counts and times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

MOST_NAMED = 6


def at(t_ms: int) -> str:
    """A moment of the session, ``1:02:33``."""
    seconds = max(0, t_ms) // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def lasting(ms: int) -> str:
    """A duration: ``4.2 s``, ``3 min 20 s``."""
    if ms < 60_000:
        return f"{ms / 1000:.1f} s" if ms < 10_000 else f"{ms / 1000:.0f} s"
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"


def count_of(count: int, one: str, many: str | None = None) -> str:
    """``1 lap``, ``3 laps``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: Sequence[str]) -> str:
    """``4, 16 and 81``; of a long list the first few and how many more."""
    if len(items) > MOST_NAMED + 1:
        return f"{', '.join(items[:MOST_NAMED])} and {len(items) - MOST_NAMED} more"
    return " and ".join(part for part in (", ".join(items[:-1]), items[-1] if items else "") if part)


def car_words(numbers: Sequence[str], codes: Mapping[str, str]) -> str:
    """``car 33 (VER)``, ``cars 4 (NOR) and 81 (PIA)``."""
    named = [f"{number} ({codes[number]})" if codes.get(number) else number for number in numbers]
    return f"car{'s' if len(named) != 1 else ''} {listed(named)}"


def lap_words(laps: Iterable[int]) -> str:
    """``lap 24``, ``laps 3-7 and 12``: runs are drawn together."""
    runs: list[list[int]] = []
    every = sorted(set(laps))
    for lap in every:
        if runs and lap == runs[-1][-1] + 1:
            runs[-1].append(lap)
        else:
            runs.append([lap])
    named = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return f"lap{'s' if len(every) != 1 else ''} {listed(named)}"


def by_number(numbers: set[str] | Sequence[str]) -> tuple[str, ...]:
    """Racing numbers in order."""
    return tuple(sorted(set(numbers), key=lambda number: number.zfill(3)))


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
