"""The laws of docs/architecture.md that no linter knows, read off the syntax tree of every module."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "overcut"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = {
    "domain", "kernel", "sources", "timing", "lake", "strategy", "forecast", "insights", "llm", "pulse", "analyst",
    "ops", "accounts", "runtime", "server", "cli",
}  # fmt: skip
LONGEST = 400
WORN_NAMES = {"utils", "helpers", "manager", "base", "common"}
IMPURE_MODULES = {
    "time",
    "random",
    "secrets",
    "uuid",
    "os",
    "io",
    "socket",
    "pathlib",
    "shutil",
    "subprocess",
    "threading",
}
CLOCK_READINGS = {"now", "utcnow", "today"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "PCG64", "Philox", "BitGenerator"}


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[str]:
    return (dotted(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def broad_handlers(tree: ast.AST) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or any(isinstance(n, ast.Name) and n.id in {"Exception", "BaseException"} for n in ast.walk(node.type))
        )
    ]


def unsafe(tree: ast.AST) -> list[str]:
    found = [name for name in calls(tree) if name in {"eval", "exec", "compile", "__import__"}]
    return found + sorted(imported(tree) & {"pickle", "marshal", "shelve", "dill", "cloudpickle"})


def impurities(tree: ast.AST) -> list[str]:
    """Reads of the wall clock, of a global random state, of files, of the network."""
    found = sorted(name for name in imported(tree) if name.split(".")[0] in IMPURE_MODULES)
    for name in calls(tree):
        head, _, last = name.rpartition(".")
        clock = last in CLOCK_READINGS and ("date" in head or "time" in head)
        if name in {"open", "print", "input"} or clock or unseeded(name):
            found.append(name)
    return found


def unseeded(call: str) -> bool:
    """A call of the global random state: ``random.x(…)``, ``np.random.x(…)``; a generator built from a seed is fine."""
    head, _, last = call.rpartition(".")
    return (head == "random" and last != "Random") or (head in {"np.random", "numpy.random"} and last not in SEEDED)


def left_to_chance(tree: ast.AST) -> list[str]:
    """Draws that no seed decides: the global state, a function imported from it, a generator built without a seed."""
    found = [name for name in calls(tree) if unseeded(name)]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "random":
            found += [f"random.{alias.name}" for alias in node.names if alias.name != "Random"]
        if isinstance(node, ast.Call) and not node.args and not node.keywords:
            found += [name for name in [dotted(node.func)] if name.rpartition(".")[2] in {"Random", "default_rng"}]
    return found


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


every_module = pytest.mark.parametrize("path", MODULES, ids=named)
pure_module = pytest.mark.parametrize("path", [p for p in MODULES if room(p) in {"domain", "timing"}], ids=named)
simulated_module = pytest.mark.parametrize("path", [p for p in MODULES if "simulated" in p.parts], ids=named)
domain_module = pytest.mark.parametrize("path", [p for p in MODULES if room(p) == "domain"], ids=named)


def test_folders_of_the_package_are_the_rooms_of_the_table() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= ROOMS


@every_module
def test_module_says_first_which_question_it_answers(path: Path) -> None:
    docstring = ast.get_docstring(tree_of(path))
    assert docstring, "no docstring"
    assert docstring.splitlines()[0].rstrip()[-1] in ".?:", "the first line is a whole sentence"


@every_module
def test_module_fits_on_a_few_screens_and_has_a_name_of_its_own(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert path.stem not in WORN_NAMES


@every_module
def test_no_module_swallows_every_error(path: Path) -> None:
    assert broad_handlers(tree_of(path)) == []


@every_module
def test_no_module_runs_text_as_code_or_unpickles(path: Path) -> None:
    assert unsafe(tree_of(path)) == []


@pure_module
def test_engine_and_vocabulary_read_no_clock_no_chance_no_disk(path: Path) -> None:
    assert impurities(tree_of(path)) == []


@simulated_module
def test_simulated_weekend_draws_only_from_its_seed(path: Path) -> None:
    assert left_to_chance(tree_of(path)) == []


@domain_module
def test_vocabulary_needs_only_msgspec_and_the_standard_library(path: Path) -> None:
    outside = {name.split(".")[0] for name in imported(tree_of(path))} - set(sys.stdlib_module_names)
    assert outside <= {"msgspec", "overcut"}


@pytest.mark.parametrize(
    ("breach", "detector"),
    [
        ("try:\n    pass\nexcept:\n    pass", broad_handlers),
        ("try:\n    pass\nexcept (ValueError, Exception):\n    pass", broad_handlers),
        ("eval('1')", unsafe),
        ("from pickle import loads", unsafe),
        ("import time", impurities),
        ("from pathlib import Path", impurities),
        ("import datetime\ndatetime.datetime.now()", impurities),
        ("open('x')", impurities),
        ("import numpy as np\nnp.random.normal()", impurities),
        ("import random\nrandom.choice([1])", left_to_chance),
        ("from random import choice", left_to_chance),
        ("from random import Random\nRandom()", left_to_chance),
    ],
)
def test_each_detector_sees_its_breach(breach: str, detector: object) -> None:
    assert callable(detector)
    assert detector(ast.parse(breach))


@pytest.mark.parametrize(
    "fine",
    [
        "import numpy as np\nrng = np.random.default_rng(7)\nrng.normal()",
        "import random\nrandom.Random(7).choice([1])",
    ],
)
def test_generator_with_a_seed_is_no_breach(fine: str) -> None:
    assert left_to_chance(ast.parse(fine)) == []
