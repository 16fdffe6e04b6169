"""Numba's cache must not outlive the sources it was made of: `REVISION` in the kernel changes with each of them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from overcut.strategy import simulator
from overcut.strategy.simulator.kernel import REVISION

FOLDER = Path(simulator.__file__).parent
IMPORTED = re.compile(r"^from overcut\.strategy\.simulator(?:\.(\w+) import| import (\w+) as)", re.MULTILINE)


def _compiled_with(name: str, found: set[str]) -> set[str]:
    for module, alias in IMPORTED.findall((FOLDER / f"{name}.py").read_text(encoding="utf-8")):
        if (part := module or alias) not in found | {"kernel"}:
            found.add(part)
            _compiled_with(part, found)
    return found


def test_kernel_s_revision_is_that_of_the_modules_that_it_compiles() -> None:
    parts = sorted(_compiled_with("kernel", set()))
    assert {"conditions", "stops", "racing", "lanes", "layout"} <= set(parts)
    sources = b"".join((FOLDER / f"{part}.py").read_bytes() for part in parts)
    now = hashlib.sha256(sources).hexdigest()[:12]
    assert now == REVISION, f'stale machine code would be used: set REVISION = "{now}" in kernel.py'
