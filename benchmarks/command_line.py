"""How long does the command line take to answer: CPU seconds of ``overcut --help`` and ``--version``, best of five."""

from __future__ import annotations

import json
import resource
import subprocess
import sys


def cpu_s(*arguments: str) -> float:
    """CPU seconds (user and system) of one run of ``overcut``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 -- our own command
        [sys.executable, "-m", "overcut.cli.main", *arguments], check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Print the report."""
    results = {
        name: {"value": round(min(cpu_s(flag) for _ in range(5)), 3), "unit": "s CPU", "bar": 0.5}
        for name, flag in (("help", "--help"), ("version", "--version"))
    }
    print(json.dumps({"bench": "command_line", "results": results}))


if __name__ == "__main__":
    main()
