"""How logs look: structured, on standard error, each line with the request's correlation id."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar

import structlog
from structlog.typing import EventDict, WrappedLogger

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The correlation id of the request that the present task works for."""


def configure_logs(level: str = "INFO", *, as_json: bool = False) -> None:
    """Send every log, ours and the libraries', to standard error in one form.

    Args:
        level: DEBUG, INFO, WARNING or ERROR; an unknown name counts as INFO.
        as_json: one JSON object a line instead of text for people.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_request_id,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        # plain tracebacks: the default one prints local variables (requests' headers among them), and takes seconds
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    lowest = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    root.setLevel(lowest)
    # libraries tell what they do at INFO; that is our DEBUG
    for library in ("uvicorn", "httpx"):
        logging.getLogger(library).setLevel(lowest if lowest <= logging.DEBUG else max(lowest, logging.WARNING))


def add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the correlation id where there is one."""
    current = request_id.get()
    if current is not None:
        event["request_id"] = current
    return event
