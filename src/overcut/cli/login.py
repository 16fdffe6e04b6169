"""``overcut login``: keep the token of an F1TV account, for the live feed's host alone."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from overcut.kernel.errors import DataMissingError


def login(
    status: Annotated[bool, typer.Option("--status", help="Say whether a token is held, and when it ends.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Remove the token that is kept.")] = False,
) -> None:
    """Keep the access token of your F1TV account, for the live feed and its archive.

    Sign in at formula1.com, copy the cookie `login-session` (or the subscriptionToken in it) from your browser, and
    paste it here, or pipe it in. It is kept in a file that only you can read and sent to the feed's host alone. Tokens
    last about four days. OVERCUT_TOKEN, where it is set, is used instead.
    """
    from overcut.kernel.settings import load_settings
    from overcut.sources.live.credentials import forget_token, held_token, keep_token
    from overcut.sources.live.token import now_utc_ms, read_token, time_left

    settings = load_settings()
    if forget:
        typer.echo("forgotten" if forget_token(settings.home) else "there was no token", err=True)
        return
    if status:
        token = held_token(settings, settings.live_url)
        if token is None:
            raise DataMissingError(
                "No token is held", hint="`overcut login` takes one; without it car data is withheld"
            )
        typer.echo(f"token from {token.origin}: {time_left(token, now_utc_ms())}")
        return
    token = read_token(_given())
    left = token.left_ms(now_utc_ms())
    if left is not None and left <= 0:
        raise DataMissingError(
            "This token is over already", why=time_left(token, now_utc_ms()), hint="sign in again, and copy it anew"
        )
    file = keep_token(settings.home, token, settings.live_url)
    typer.echo(f"kept in {file}; {time_left(token, now_utc_ms())}", err=True)


def _given() -> str:
    """What was piped in, or is typed where nobody sees it."""
    if not sys.stdin.isatty():
        return sys.stdin.read(65_536)
    import getpass

    return getpass.getpass("login-session cookie or token (it is not shown): ")
