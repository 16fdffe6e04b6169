"""Merge patches: what RFC 7396 promises, and what it does not."""

from __future__ import annotations

import copy
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.server.merge_patch import Document, Json, apply, difference, without_nulls

names = st.sampled_from(["a", "b", "c", "gap", "44"])
leaves = st.none() | st.integers(2, 9) | st.text(max_size=2)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4))
documents = st.dictionaries(names, values, max_size=4).map(without_nulls)


@given(old=documents, new=documents)
def test_patch_turns_the_old_document_into_the_new_one(old: Document, new: Document) -> None:
    before, after = copy.deepcopy(old), copy.deepcopy(new)
    patch = difference(old, new)
    assert apply(old, patch) == after
    assert old == before
    assert new == after
    assert (patch == {}) == (before == after)


@given(history=st.lists(documents, min_size=2, max_size=6))
def test_one_patch_from_any_past_document_equals_all_patches_in_between(history: list[Document]) -> None:
    stepped: Json = history[0]
    for old, new in pairwise(history):
        stepped = apply(stepped, difference(old, new))
    assert stepped == apply(history[0], difference(history[0], history[-1])) == history[-1]


def test_patches_themselves_do_not_compose() -> None:
    """Why a reader who fell behind gets a difference of documents: the last patch alone would leave ``laps``."""
    lapped: Document = {"gap": {"laps": 1}}
    unknown: Document = {}
    timed: Document = {"gap": {"ms": 500}}
    last = difference(unknown, timed)
    assert apply(lapped, last) == {"gap": {"laps": 1, "ms": 500}}
    assert apply(lapped, difference(lapped, timed)) == timed


def test_equal_members_are_shared_with_the_old_document() -> None:
    old: Document = {"cars": {"44": {"laps": 1}, "16": {"laps": 1}}}
    new: Document = {"cars": {"44": {"laps": 2}, "16": {"laps": 1}}}
    difference(old, new)
    assert new["cars"]["16"] is old["cars"]["16"]  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("original", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_examples_of_the_rfc(original: Json, patch: Json, result: Json) -> None:
    assert apply(original, patch) == result
