"""How the server comes up and goes down: its socket, its limits, its last words."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Callable

import uvicorn

from overcut.kernel.errors import NotAllowedError, OvercutError, WrongUsageError
from overcut.kernel.settings import Settings
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.lake import lake_of
from overcut.runtime.lake_at_end import LakeAtEnd
from overcut.runtime.live import LiveFeed
from overcut.runtime.sessions import Opening, Sessions
from overcut.server.app import ServerOptions, create_app
from overcut.server.frames import FramesProtocol
from overcut.server.origins import Origins
from overcut.server.web_app import find_web_app

PORTS_TRIED = 20
BACKLOG = 2_048
SEND_BUFFER_BYTES = 256 * 1024
"""What the kernel may hold for one client: little, so that a slow one is noticed, and coalesced, within seconds."""

PING_EVERY_S = 10.0
PONG_WITHIN_S = 20.0
MAX_CLIENT_MESSAGE_BYTES = 4_096
GOODBYE_S = 3


def listen(host: str, port: int, *, exact: bool) -> socket.socket:
    """A listening socket.

    Args:
        host: an address or a name of this machine.
        port: 0 takes any free one.
        exact: whether only this port will do; else the next free one of twenty.

    Raises:
        WrongUsageError: the port is taken, or the host is not this machine's.
        NotAllowedError: the port needs rights that we do not have.
    """
    last = port if exact or port == 0 else min(port + PORTS_TRIED - 1, 65_535)
    for candidate in range(port, last + 1):
        try:
            return _bind(host, candidate)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            if error.errno in (errno.EACCES, errno.EPERM):
                raise NotAllowedError(
                    f"Port {candidate} of {host} may not be used", why=str(error), hint="choose a port above 1023"
                ) from error
            raise WrongUsageError(
                f"Cannot listen on {host}", why=str(error), hint="choose 127.0.0.1, or an address of this machine"
            ) from error
    what = f"Port {port} is taken" if last == port else f"Ports {port} to {last} are taken"
    raise WrongUsageError(what, why="another program listens there", hint="choose another with --port, or --port 0")


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)  # accepted sockets inherit it
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def allow_many_files(wanted: int) -> None:
    """Raise this process's limit of open files towards ``wanted``, as far as the machine lets us."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class _Server(uvicorn.Server):
    """Uvicorn's server, which tells when it listens."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready()


def serve_until_stopped(
    catalogue: Catalogue,
    settings: Settings,
    listener: socket.socket,
    *,
    opening: Opening,
    on_ready: Callable[[], None],
    follow: Callable[[Sessions], LiveFeed] | None = None,
) -> None:
    """Serve the catalogue until Ctrl-C or SIGTERM; then say goodbye to every client and return.

    Args:
        catalogue: what can be watched.
        settings: tick rate, limits, origins, where the web app is.
        listener: where to serve.
        opening: how playbacks begin.
        on_ready: called once, when requests are answered.
        follow: makes the live feed of these sessions, where one is to be followed.

    Raises:
        OvercutError: the server did not start.
    """
    allow_many_files(settings.max_clients * 2 + 256)
    origins = tuple(origin.strip() for origin in settings.allowed_origins.split(",") if origin.strip())
    sessions = Sessions(catalogue, opening=opening, tick_hz=settings.tick_hz)
    at_end = LakeAtEnd(settings)
    sessions.over.append(at_end.over)
    app = create_app(
        sessions,
        ServerOptions(
            web_app=find_web_app(settings.web_dist),
            origins=Origins.of_listener(settings.host, origins),
            max_clients=settings.max_clients,
            stamp=settings.stamp_messages,
        ),
        follow(sessions) if follow else None,
        lake_of(settings),
    )
    server = _Server(server_config(app), on_ready)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn has shut down in good order, then raises the signal again
        server.run(sockets=[listener])
    at_end.leave()
    if not server.started:
        raise OvercutError("The server did not start", hint="the log above says why")


def server_config(app: object) -> uvicorn.Config:
    """How uvicorn runs an app of ours."""
    return uvicorn.Config(
        app,  # pyright: ignore[reportArgumentType] -- any ASGI application
        loop="auto",
        ws=FramesProtocol,
        ws_per_message_deflate=False,  # a compressor for each client costs more than the bandwidth it saves
        ws_max_size=MAX_CLIENT_MESSAGE_BYTES,
        ws_ping_interval=PING_EVERY_S,
        ws_ping_timeout=PONG_WITHIN_S,
        timeout_graceful_shutdown=GOODBYE_S,
        access_log=False,
        log_config=None,
        server_header=False,
    )
