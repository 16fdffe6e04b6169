"""How Overcut asks other machines over HTTP: one policy of timeouts, retries, sizes and secrets."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from random import Random
from types import TracebackType
from typing import Self, TypeVar, cast
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from overcut.kernel.backoff import BackOff
from overcut.kernel.errors import OvercutError, WrongUsageError
from overcut.kernel.version import __version__

USER_AGENT = f"overcut/{__version__}"
MAX_REDIRECTS = 3
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which the same request may succeed later."""

T = TypeVar("T")


class HttpPolicy(msgspec.Struct, frozen=True):
    """How patient we are.

    Attributes:
        connect_s, read_s: longest wait for a connection, and for the next bytes of an answer.
        attempts: how often a request is tried in all. ``first_s``, ``most_s``: bounds of the waits between.
        max_bytes: longest answer taken.
        breaker_failures: so many failures in a row, over all requests, and for ``breaker_open_s`` nothing is asked.
    """

    connect_s: float = 10.0
    read_s: float = 30.0
    attempts: int = 5
    first_s: float = 0.5
    most_s: float = 20.0
    max_bytes: int = 16 * 2**20
    breaker_failures: int = 8
    breaker_open_s: float = 30.0


class Answer(msgspec.Struct, frozen=True):
    """A whole answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str] = {}


class UnreachableError(OvercutError):
    """The other side could not be reached, or did not answer usefully, in spite of all attempts."""


class TryAgainError(Exception):
    """An attempt failed in a way that a later one may not; ``after_s`` where the other side said when."""

    def __init__(self, why: str, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.after_s = after_s


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_url(url: str, setting: str) -> str:
    """``url``, if it may be asked: https, or http on this machine.

    Raises:
        WrongUsageError: it is neither; ``setting`` says where it came from.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        hint = "the part after the host is a port, 1 to 65535"
        raise WrongUsageError(f"{setting} cannot be {url[:200]!r}", why=str(error), hint=hint) from error
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))):
        if parts.username or parts.password:
            raise WrongUsageError(f"{setting} holds a name or a password", hint="tokens go to `overcut login`")
        if not url.isprintable() or any(sign in url for sign in " ?#"):
            raise WrongUsageError(
                f"{setting} cannot be {url[:200]!r}",
                why="paths are added to it: it can hold no blank, line end, ? or #",
                hint="give the address alone, such as https://livetiming.formula1.com/signalrcore",
            )
        return url
    raise WrongUsageError(
        f"{setting} cannot be {url[:200]!r}",
        why="only https is asked, and http on this machine itself: what we send must not be read on the way",
        hint="give an address such as https://livetiming.formula1.com/… or http://127.0.0.1:8019/…",
    )


def origin_of(url: str) -> tuple[str, str, int]:
    """(scheme, host, port) of a URL: what a token may be sent to."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


class HttpClient:
    """Asks one origin. A redirect to another one is refused, so that nothing we hold is ever sent elsewhere.

    Args:
        url: any address of the origin; relative ones are resolved against it.
        bearer: a token to send with each request, to this origin only.
        redirect_hosts: hosts to which a redirect may lead none the less, by https; no token goes there.
        policy: how patient to be. ``random``: of the waits' jitter.
        sleep, now_s: for tests.

    Use it as an asynchronous context manager.
    """

    def __init__(
        self,
        url: str,
        *,
        bearer: str | None = None,
        redirect_hosts: Collection[str] = (),
        policy: HttpPolicy | None = None,
        random: Random | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url
        self.policy = policy or HttpPolicy()
        self._bearer = bearer
        self._redirect_hosts = frozenset(redirect_hosts)
        self._random = random or Random()  # noqa: S311 - jitter, not a secret
        self._sleep = sleep
        self._now_s = now_s
        self._failures = 0
        self._open_until_s = 0.0
        self._client = httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT},
            timeout=httpx.Timeout(self.policy.read_s, connect=self.policy.connect_s),
            follow_redirects=False,
            trust_env=not is_loopback(url),  # a proxy has no business between us and this machine
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, max_bytes: int | None = None
    ) -> Answer:
        """The whole answer to a request; the caller judges statuses other than those of `BUSY`.

        Raises:
            UnreachableError: no useful answer in spite of all attempts.
            OvercutError: the answer is too long, or sends us to another host.
        """

        async def once() -> Answer:
            async with self.open(method, path, headers=headers) as response:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > (max_bytes or self.policy.max_bytes):
                        raise too_long(str(response.url), max_bytes or self.policy.max_bytes)
            named = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, named, bytes(body), dict(response.cookies.items()))

        return await self.trying(once, path)

    async def trying(self, once: Callable[[], Awaitable[T]], what: str) -> T:
        """The result of ``once``, tried as often as the policy says.

        Raises:
            UnreachableError: it failed each time, or too much has failed lately to ask at all.
        """
        back_off = BackOff(first_s=self.policy.first_s, most_s=self.policy.most_s, random=self._random)
        while True:
            rest_s = self._open_until_s - self._now_s()
            if rest_s > 0:
                raise self._unreachable(
                    what, f"{self._failures} requests in a row failed; nothing is asked for {rest_s:.0f} s"
                )
            try:
                result = await once()
            except TryAgainError as failed:
                self._failed()
                if back_off.attempt + 1 >= self.policy.attempts:
                    tried = f" ({self.policy.attempts} attempts)" if self.policy.attempts > 1 else ""
                    raise self._unreachable(what, f"{failed.why}{tried}") from failed
                await self._sleep(max(back_off.next_s(), min(failed.after_s, self.policy.most_s)))
                continue
            self._failures = 0
            return result

    @asynccontextmanager
    async def open(
        self, method: str, path: str, *, headers: dict[str, str] | None = None
    ) -> AsyncGenerator[httpx.Response, None]:
        """One attempt at a request; the answer's body is read by the caller, inside.

        Raises:
            TryAgainError: a later attempt may succeed.
            OvercutError: it sends us to another host, or round in circles.
        """
        url = urljoin(self.url, path)
        for _ in range(MAX_REDIRECTS + 1):
            self._check_origin(url)
            request = self._client.build_request(method, url, headers=self._headers(url, headers))
            try:
                response = await self._client.send(request, stream=True)
                try:
                    if response.status_code in BUSY:
                        raise TryAgainError(f"it answered {response.status_code}", _retry_after_s(response))
                    if not response.has_redirect_location:
                        yield response
                        return
                    url = urljoin(url, response.headers["location"])
                finally:
                    await response.aclose()
            except (httpx.TransportError, httpx.DecodingError, ssl.SSLError) as error:
                raise TryAgainError(in_words(error, self.url)) from error
        raise OvercutError(f"{urlsplit(self.url).hostname} sends us round in circles", why=f"redirects of {path}")

    def _headers(self, url: str, more: dict[str, str] | None) -> dict[str, str]:
        ours = origin_of(url) == origin_of(self.url)
        bearer = {"Authorization": f"Bearer {self._bearer}"} if self._bearer and ours else {}
        return {**(more or {}), **bearer}

    def _check_origin(self, url: str) -> None:
        allowed = urlsplit(url).scheme == "https" and urlsplit(url).hostname in self._redirect_hosts
        if origin_of(url) != origin_of(self.url) and not allowed:
            raise OvercutError(
                f"{urlsplit(self.url).hostname} sends us to another host, {urlsplit(url).hostname}",
                why="nothing is asked of hosts that are not in the settings, and no token goes there",
                hint="if that host is right, name it in the setting that this address came from (overcut config show)",
            )

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= self.policy.breaker_failures:
            self._open_until_s = self._now_s() + self.policy.breaker_open_s

    def _unreachable(self, what: str, why: str) -> UnreachableError:
        return UnreachableError(
            f"{urlsplit(self.url).netloc} did not give {what}",
            why=why,
            hint="check the connection, and try again later",
        )


def in_words(error: Exception, url: str) -> str:
    """What a failed attempt to reach ``url`` means, for people."""
    host = urlsplit(url).netloc
    causes = [error, *_causes(error)]
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return f"{urlsplit(url).hostname} is not known here: is there a network?"
    if any(isinstance(cause, httpx.TimeoutException | TimeoutError) for cause in causes):
        return f"{host} did not answer in time"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return f"nothing answers at {host}"
    return str(error) or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What lies behind an error, the members of groups included."""
    inner = cast("BaseExceptionGroup[BaseException]", error).exceptions if isinstance(error, BaseExceptionGroup) else ()
    for cause in (error.__cause__, error.__context__, *inner):
        if cause is not None:
            yield cause
            yield from _causes(cause)


def too_long(what: str, most: int) -> OvercutError:
    """What to say of an answer longer than any that is expected."""
    return OvercutError(f"The answer of {what} is longer than {most / 2**20:.0f} MiB", why="nothing of it was kept")


def _retry_after_s(response: httpx.Response) -> float:
    text = response.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0
