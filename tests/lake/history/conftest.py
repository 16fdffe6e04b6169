"""The book of the invented championship, and that of F1DB."""

from __future__ import annotations

import pytest

from overcut.lake import Lake
from overcut.lake.history.book import Book


@pytest.fixture(scope="session")
def small(small_history: Lake) -> Book:
    return Book(small_history)


@pytest.fixture(scope="session")
def whole(shared_history: Lake) -> Book:
    return Book(shared_history)
