"""The user's token: read in any form, kept for its owner alone, sent to its host alone, shown to nobody."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from overcut.cli.main import main
from overcut.kernel.errors import NotAllowedError, WrongUsageError
from overcut.kernel.http import checked_url
from overcut.kernel.settings import explain_settings, load_settings
from overcut.sources.live.credentials import credentials_file, forget_token, held_token, keep_token, kept_token
from overcut.sources.live.token import now_utc_ms, read_token, time_left
from tests.sources.live.tokens import HOUR_MS, cookie, token

URL = "https://livetiming.formula1.com/signalrcore"


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path))
    monkeypatch.delenv("OVERCUT_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_token_is_found_bare_in_a_cookie_and_in_a_named_cookie() -> None:
    text = token()
    plain = json.dumps({"subscriptionToken": text})
    for given in (text, f"  {text}\n", cookie(text), f"login-session={cookie(text)};", plain):
        assert read_token(given).text == text


@pytest.mark.parametrize(
    "given",
    [
        "",
        "hello",
        "a.b",
        "a.b.c",
        "{}",
        "%7B%7D",
        '{"data":5}',
        "x" * 20_000,
        "eyJhIjoxfQ.eyJhIjoxfQ.c2ln",
        "[" * 99,
    ],
)
def test_what_is_no_token_is_refused_without_being_repeated(given: str) -> None:
    with pytest.raises(WrongUsageError, match="no token") as refused:
        read_token(given)
    assert len(given) < 6 or given not in str(refused.value)


def test_a_token_says_how_long_it_lasts() -> None:
    now = now_utc_ms()
    assert time_left(read_token(token(left_ms=76 * HOUR_MS + 60_000)), now) == "ends in 3 days 4 hours"
    assert time_left(read_token(token(left_ms=-2 * HOUR_MS)), now).endswith("ago")
    assert time_left(read_token(token(left_ms=None)), now) == "does not say when it ends"


def test_a_kept_token_is_for_its_owner_and_its_host_alone(tmp_path: Path) -> None:
    text = token()
    file = keep_token(tmp_path, read_token(text), URL)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    found = kept_token(tmp_path, URL)
    assert found is not None
    assert found.text == text
    assert kept_token(tmp_path, "http://127.0.0.1:8019/signalrcore") is None
    assert kept_token(tmp_path, "https://livetiming.formula1.com.evil.example/x") is None
    assert forget_token(tmp_path)
    assert kept_token(tmp_path, URL) is None
    assert not forget_token(tmp_path)


def test_a_file_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    file = keep_token(tmp_path, read_token(token()), URL)
    file.chmod(0o644)
    with pytest.raises(NotAllowedError, match="not used"):
        kept_token(tmp_path, URL)
    file.chmod(0o600)
    file.write_text("{")
    with pytest.raises(NotAllowedError, match="damaged"):
        kept_token(tmp_path, URL)


def test_the_environment_wins_and_is_masked_wherever_settings_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_token(tmp_path, read_token(token()), URL)
    other = token(who="environment")
    monkeypatch.setenv("OVERCUT_TOKEN", other)
    held = held_token(load_settings(), URL)
    assert held is not None
    assert held.text == other
    shown = {value.name: value.value for value in explain_settings()}
    assert set(str(shown["token"])) == {"*"}
    assert main(["config", "show"]) == 0
    assert main(["config", "show", "--json"]) == 0
    printed = capsys.readouterr()
    assert other not in printed.out.replace("\n", "") + printed.err
    assert other not in repr(held) + str(held) + repr(load_settings())


def test_a_token_that_has_ended_is_not_sent(tmp_path: Path) -> None:
    keep_token(tmp_path, read_token(token(left_ms=-HOUR_MS)), URL)
    with pytest.raises(NotAllowedError, match="has ended") as ended:
        held_token(load_settings(), URL)
    assert "overcut login" in ended.value.hint


class _Pipe:
    def __init__(self, text: str) -> None:
        self._text = text

    def isatty(self) -> bool:
        return False

    def read(self, _size: int) -> str:
        return self._text


def test_login_keeps_shows_and_forgets_a_token_without_printing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = token()
    assert main(["login", "--status"]) == 3
    monkeypatch.setattr("sys.stdin", _Pipe(cookie(text)))
    assert main(["login"]) == 0
    assert credentials_file(tmp_path).is_file()
    assert main(["login", "--status"]) == 0
    assert main(["login", "--forget"]) == 0
    assert not credentials_file(tmp_path).exists()
    printed = capsys.readouterr()
    assert "ends in 3 days" in printed.out
    assert text not in printed.out + printed.err


@pytest.mark.parametrize(("given", "code"), [("hello", 2), (token(left_ms=-HOUR_MS), 3)])
def test_login_keeps_nothing_that_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin", _Pipe(given))
    assert main(["login"]) == code
    assert not credentials_file(tmp_path).exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://formula1.com/x",
        "ftp://127.0.0.1/",
        "https://u:p@host/",
        "host",
        "",
        "http://[::1/x",
        "http://127.0.0.1:99999/x",
        "http://127.0.0.1:abc/x",
        "http://127.0.0.1:1/x?y=1",
        "http://127.0.0.1:1/x\n",
    ],
)
def test_only_https_or_this_machine_is_asked(url: str) -> None:
    with pytest.raises(WrongUsageError):
        checked_url(url, "it")
    assert checked_url("http://127.0.0.1:1/x", "it")
    assert checked_url("https://example.org/x", "it")
