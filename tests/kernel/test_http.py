"""How failures to reach another machine are told."""

from __future__ import annotations

import socket

import httpx
import pytest

from overcut.kernel.http import in_words

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
