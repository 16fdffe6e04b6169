"""Where a setting's value comes from, and what is said when it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from overcut.kernel.errors import WrongUsageError
from overcut.kernel.settings import Origin, Settings, explain_settings, load_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OVERCUT_{name.upper()}", raising=False)
    return tmp_path


def origin_of(name: str, **flags: object) -> tuple[object, Origin]:
    value = next(value for value in explain_settings(**flags) if value.name == name)
    return value.value, value.origin


def test_later_origins_win_default_file_environment_flag(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert origin_of("port") == (8018, Origin.DEFAULT)
    (folder / "overcut.toml").write_text("port = 1001\n")
    assert origin_of("port") == (1001, Origin.FILE)
    monkeypatch.setenv("OVERCUT_PORT", "1002")
    assert origin_of("port") == (1002, Origin.ENVIRONMENT)
    assert origin_of("port", port=1003) == (1003, Origin.FLAG)
    assert load_settings(port=1003).port == 1003


def test_flag_that_was_not_given_changes_nothing() -> None:
    assert load_settings(port=None) == load_settings()


def test_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERCUT_PORT", "")
    assert origin_of("port") == (8018, Origin.DEFAULT)


def test_unknown_name_in_the_file_is_an_error_that_lists_the_settings(folder: Path) -> None:
    (folder / "overcut.toml").write_text("prot = 1\n")
    with pytest.raises(WrongUsageError, match="prot") as raised:
        load_settings()
    assert all(name in raised.value.hint for name in Settings.model_fields)


def test_file_that_is_not_toml_says_where(folder: Path) -> None:
    (folder / "overcut.toml").write_text("port 1\n")
    with pytest.raises(WrongUsageError, match="not TOML") as raised:
        load_settings()
    assert "line 1" in raised.value.why


@pytest.mark.parametrize(("name", "value"), [("port", 70_000), ("tick_hz", 0), ("log_level", "LOUD")])
def test_value_outside_its_range_names_the_setting_and_its_origin(name: str, value: object) -> None:
    with pytest.raises(WrongUsageError, match=name) as raised:
        load_settings(**{name: value})
    assert "--" + name.replace("_", "-") in raised.value.why


def test_secret_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERCUT_TOKEN", "correct horse")
    value, origin = origin_of("token")
    assert origin is Origin.ENVIRONMENT
    assert "horse" not in str(value)
    assert set(str(value)) == {"*"}


def test_every_setting_is_documented_where_it_stands() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
