"""How failures to reach another machine are told."""

from __future__ import annotations

import socket

import httpx
import pytest

from overcut.kernel.errors import OvercutError
from overcut.kernel.http import HttpClient, in_words

URL = "https://feed.example.org/signalrcore"


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            caused(httpx.ConnectError("x"), socket.gaierror(-2, "Name or service not known")),
            "feed.example.org is not known",
        ),
        (caused(httpx.ConnectError("x"), ConnectionRefusedError(111, "x")), "nothing answers at feed.example.org"),
        (
            caused(httpx.ConnectError("x"), ExceptionGroup("both", [OSError("y"), ConnectionRefusedError(111, "x")])),
            "nothing answers at feed.example.org",
        ),
        (httpx.ReadTimeout(""), "feed.example.org did not answer in time"),
        (TimeoutError(), "feed.example.org did not answer in time"),
        (httpx.RemoteProtocolError("half an answer"), "half an answer"),
        (EOFError(), "EOFError"),
    ],
)
def test_failure_to_reach_a_machine_is_told_in_plain_words(error: Exception, words: str) -> None:
    assert in_words(error, URL).startswith(words)


def test_a_named_host_may_be_redirected_to_but_by_https_only_and_without_the_token() -> None:
    client = HttpClient("https://a.example.org/", bearer="secret", redirect_hosts=["files.example.org"])
    assert client._headers("https://a.example.org/x", None) == {"Authorization": "Bearer secret"}
    assert client._headers("https://files.example.org/x", None) == {}
    client._check_origin("https://files.example.org/x")
    for stranger in ("http://files.example.org/x", "https://other.example.org/x"):
        with pytest.raises(OvercutError, match="another host"):
            client._check_origin(stranger)
