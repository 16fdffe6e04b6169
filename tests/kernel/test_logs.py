"""What a log line holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from overcut.kernel.logs import configure_logs, request_id


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leave the process's logging as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("uvicorn").setLevel(logging.NOTSET)
    structlog.reset_defaults()


def test_our_lines_and_libraries_lines_are_json_on_standard_error_with_the_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("INFO", as_json=True)
    token = request_id.set("abc")
    structlog.stdlib.get_logger("overcut.test").info("opened", session="2018-04-R")
    logging.getLogger("library").warning("slow %s", "disk")
    request_id.reset(token)
    structlog.stdlib.get_logger("overcut.test").debug("unseen")
    out, err = capsys.readouterr()
    first, second = (json.loads(line) for line in err.splitlines())
    assert out == ""
    assert (first["event"], first["session"], first["request_id"], first["level"]) == (
        "opened", "2018-04-R", "abc", "info",
    )  # fmt: skip
    assert (second["event"], second["logger"], second["request_id"]) == ("slow disk", "library", "abc")
    assert first["timestamp"].endswith("Z")


def test_failure_is_logged_with_its_traceback_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", as_json=True)
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError as error:
        structlog.stdlib.get_logger("overcut.test").error("failed", exc_info=error)
    (line,) = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError: by zero" in json.loads(line)["exception"]


def test_server_library_is_quiet_unless_debugging() -> None:
    configure_logs("INFO")
    assert not logging.getLogger("uvicorn.error").isEnabledFor(logging.INFO)
    configure_logs("DEBUG")
    assert logging.getLogger("uvicorn.error").isEnabledFor(logging.INFO)


def test_failure_is_told_without_what_the_variables_held(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")
    secret = "".join(["hunt", "er2"])
    try:
        raise ZeroDivisionError(len(secret))
    except ZeroDivisionError as error:
        structlog.stdlib.get_logger("overcut.test").error("failed", exc_info=error)
    told = capsys.readouterr().err
    assert "ZeroDivisionError: 7" in told
    assert "hunter2" not in told
