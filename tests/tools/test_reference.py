"""The reference pages agree with the code, and the code leaves nothing undocumented."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import figures
import msgspec
import pytest
import reference
import typer.main

from overcut.cli.main import COMMANDS, build

ROOT = Path(__file__).resolve().parents[2]
PROSE = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMAND = re.compile(r"^\$? ?(?:\.venv/bin/)?(overcut .*?)(?:  +.*|\s+#.*)?$")
TARGET = re.compile(r"^\$? ?make ((?:[a-z][a-z0-9-]*)(?: [a-z][a-z0-9-]*)*)")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def fenced(text: str, language: str) -> list[str]:
    """Lines of the fenced blocks in one language."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_pages_say_what_the_code_says() -> None:
    assert reference.stale() == [], "run `make docs`"


def test_changed_page_counts_as_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("no figures here\n")
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    monkeypatch.setattr(figures, "README", readme)
    assert reference.stale() == list(reference.PAGES)
    reference.main([])
    assert reference.stale() == []
    (tmp_path / "events.md").write_text("old")
    assert reference.stale() == ["events.md"]


@pytest.mark.parametrize("event", reference.event_types(), ids=lambda event: event.__name__)
def test_event_says_what_happened_and_is_in_the_reference(event: type[msgspec.Struct]) -> None:
    assert reference.first_line(event.__doc__).endswith(".")
    assert not (event.__doc__ or "").startswith(event.__name__), "a docstring of its own"
    assert f"## `{event.__name__}`" in reference.render("events.md")


@pytest.mark.parametrize("struct", reference.STATE_STRUCTS, ids=lambda struct: struct.__name__)
def test_state_struct_is_described(struct: type[msgspec.Struct]) -> None:
    assert reference.first_line(struct.__doc__)
    assert not (struct.__doc__ or "").startswith(f"{struct.__name__}("), "a docstring of its own"


def test_every_command_has_its_section() -> None:
    page = reference.render("commands.md")
    assert [entry.name for entry in COMMANDS if f"## `overcut {entry.name}`" not in page] == []


@pytest.mark.parametrize("page", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_shown_in_the_documentation_exist(page: Path) -> None:
    """Every `overcut …` and `make …` line of a console block names a command, a target and options that there are."""
    text = page.read_text(encoding="utf-8")
    root = typer.main.get_command(build())
    assert isinstance(root, typer.core.TyperGroup)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in fenced(text, "console"):
        if shown := TARGET.match(line):
            for target in shown[1].split():
                assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), line
        if shown := COMMAND.match(line):
            check_command(root, shlex.split(shown[1])[1:], line)


def check_command(root: typer.core.TyperGroup, words: list[str], line: str) -> None:
    """The words name a command and use only options that it has."""
    command: typer.core.TyperCommand | typer.core.TyperGroup = root
    while words and isinstance(command, typer.core.TyperGroup) and not words[0].startswith("-"):
        name = words.pop(0)
        if name == "COMMAND":
            return
        assert name in command.commands, line
        command = command.commands[name]  # type: ignore[assignment]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used <= known | {"--help"}, line


@pytest.mark.parametrize("page", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = [
        t for t in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in t and not t.startswith("mailto:")
    ]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_shown_in_the_documentation_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = "\n".join(fenced(page.read_text(encoding="utf-8"), "python"))
    exec(compile(code, str(page), "exec"), {"__name__": "documentation"})  # noqa: S102


def test_figures_of_the_readme_are_those_of_the_measurements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bars = tmp_path / "bars.json"
    bars.write_text(
        '{"machine": {"cores": 2, "processor": "P", "system": "S", "python": "3.11.7"}, "measurements": {'
        '"replay": {"results": {"cpu": {"value": 0.742, "unit": "s CPU", "bar": 2.0, "passed": true}, '
        '"quiet": {"value": 1, "unit": "s"}, "late": {"value": 3, "unit": "s", "bar": 2, "passed": false}}},'
        '"load": {"failed": "not done after 9 s"}}}'
    )
    monkeypatch.setattr(figures, "BARS", bars)
    readme = "before\n<!-- figures: x -->\nold\n<!-- /figures -->\nafter\n"
    written = figures.with_figures(readme)
    assert "| replay: cpu | 0.742 s CPU | at most 2 | passed |" in written
    assert "not measured: not done after 9 s" in written
    assert "2 cores, P, S, Python 3.11.7." in written
    assert "old" not in written
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    assert figures.with_figures(written) == written
    assert "| replay: late | 3 s | at most 2 | **missed** |" in written
    assert "quiet" not in written
    assert "| replay: quiet | 1 s |" in figures.figures_page()
