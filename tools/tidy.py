"""Does any file of the project carry what must not leave a machine: secrets, its paths, addresses of package indexes?

Prints each finding as ``file:line: what`` and leaves with 1 when there is one.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGEST_BYTES = 1_000_000

RULES: dict[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "an access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[opsu]_[0-9A-Za-z]{36}\b|\bsk-[0-9A-Za-z]{32,}\b"),
    "a signed token": re.compile(r"\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{16,}"),
    "a password": re.compile(r"""(?i)\b(?:password|passwd|secret|api_?key)\s*[:=]\s*["'][^"'<{$]{8,}["']"""),
    "a home folder": re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+)/(?!\.\.\.)[\w.]"),
    "this checkout's path": re.compile(re.escape(str(ROOT)) + r"\b"),
}
LOCK_RULES: dict[str, re.Pattern[str]] = {
    "an address": re.compile(r"\b(?:https?|file)://"),
    "an index or link option": re.compile(r"^\s*--(?:extra-)?(?:index-url|find-links)|^\s*-[if]\s"),
}
NPM_LOCK_RULES: dict[str, re.Pattern[str]] = {"an index address": re.compile(r'"resolved":')}


def project_files() -> Iterator[Path]:
    """Files that git tracks or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return (ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def rules_of(path: Path) -> dict[str, re.Pattern[str]]:
    """What is forbidden in this file: lock files may carry no address at all."""
    if path.name == "package-lock.json":
        return RULES | NPM_LOCK_RULES
    return RULES | LOCK_RULES if path.suffix == ".lock" else RULES


def findings(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Each line that breaks a rule, with the rule's name."""
    for n, line in enumerate(text.splitlines(), start=1):
        for what, pattern in rules_of(path).items():
            if pattern.search(line):
                yield n, what


def main() -> int:
    """Look through every file; 0 when clean."""
    found = 0
    for path in project_files():
        if path.stat().st_size > LARGEST_BYTES:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for n, what in findings(path, text):
            print(f"{path.relative_to(ROOT)}:{n}: {what}")
            found += 1
    print("tidy: no secrets, machine paths or index addresses" if not found else f"tidy: {found} findings")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
