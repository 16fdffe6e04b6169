"""Who may act on a server from a browser."""

from __future__ import annotations

import pytest

from overcut.server.origins import Origins

LOCAL = Origins.of_listener("127.0.0.1", ("https://board.example.org",))


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "localhost:8018", True),
        ("http://localhost:8018", "localhost:8018", True),
        ("https://localhost:8018", "localhost:8018", True),
        ("http://LOCALHOST:8018", "localhost:8018", True),
        ("http://localhost:8019", "localhost:8018", False),
        ("http://127.0.0.1:8018", "localhost:8018", False),
        ("https://board.example.org", "localhost:8018", True),
        ("http://board.example.org", "localhost:8018", False),
        ("https://board.example.org.evil.example", "localhost:8018", False),
        ("null", "localhost:8018", False),
        ("", "localhost:8018", False),
        ("file://localhost:8018", "localhost:8018", False),
        ("http://[", "[", False),
        ("http://localhost:8018", None, False),
    ],
)
def test_own_and_configured_origins_may_act_and_no_other(origin: str | None, host: str | None, allowed: bool) -> None:
    assert LOCAL.origin_allowed(origin, host) is allowed


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost:8018", True),
        ("127.0.0.1", True),
        ("[::1]:8018", True),
        ("board.example.org", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("[", False),
        ("", False),
        (None, False),
    ],
)
def test_server_on_loopback_answers_to_its_own_names_only(host: str | None, allowed: bool) -> None:
    assert LOCAL.host_allowed(host) is allowed


def test_server_for_others_answers_to_any_name() -> None:
    assert Origins.of_listener("0.0.0.0").host_allowed("anything.example")  # noqa: S104 - a value, nothing listens
