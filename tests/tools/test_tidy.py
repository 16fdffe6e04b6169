"""The tidiness check sees what it is meant to see, and nothing in a clean file."""

from __future__ import annotations

from pathlib import Path

import pytest
import tidy


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("notes.md", "-----BEGIN " + "RSA PRIVATE KEY-----"),
        ("a.py", "key = 'AKIA" + "ABCDEFGHIJKLMNOP'"),
        ("a.py", "pass" + "word = 'correct horse'"),
        ("a.py", "open('/ho" + "me/lewis/laps.txt')"),
        ("a.py", str(tidy.ROOT / "src")),
        ("requirements.lock", "--index-url https://" + "mirror.invalid/simple"),
        ("requirements.lock", "overcut @ file:" + "///somewhere"),
        ("package-lock.json", '"reso' + 'lved": "https://mirror.invalid/a.tgz"'),
    ],
)
def test_breach_is_found_on_its_line(name: str, line: str) -> None:
    assert [n for n, _ in tidy.findings(Path(name), f"fine\n{line}\nfine")][:1] == [2]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "see https://github.com/f1db/f1db and ~/.local/share/overcut"),
        ("requirements.lock", "click==8.5.1 \\\n    --hash=sha256:00\n    # via typer"),
        ("a.py", "password = os.environ['OVERCUT_TOKEN']"),
    ],
)
def test_clean_file_has_no_findings(name: str, text: str) -> None:
    assert list(tidy.findings(Path(name), text)) == []
