"""Waits grow, stay below their bound, and are the same for the same seed."""

from __future__ import annotations

from random import Random

from overcut.kernel.backoff import BackOff


def waits(seed: int, count: int = 12) -> list[float]:
    back_off = BackOff(first_s=1.0, most_s=30.0, random=Random(seed))  # noqa: S311
    return [back_off.next_s() for _ in range(count)]


def test_each_wait_lies_between_nothing_and_a_bound_that_doubles() -> None:
    for seed in range(200):
        assert all(0 <= wait <= min(30.0, 2.0**n) for n, wait in enumerate(waits(seed)))
    late = sorted(waits(seed)[-1] for seed in range(200))
    assert late[10] < 5.0
    assert late[-10] > 25.0  # full jitter: spread over all of the bound


def test_the_same_seed_waits_the_same_and_success_begins_anew() -> None:
    assert waits(7) == waits(7) != waits(8)
    back_off = BackOff(first_s=1.0, most_s=30.0, random=Random(7))  # noqa: S311
    for _ in range(10):
        back_off.next_s()
    back_off.reset()
    assert back_off.next_s() <= 1.0
