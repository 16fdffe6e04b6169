"""Where the user's token is kept: one file for its owner alone, and which host it may be sent to."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from overcut.kernel.errors import NotAllowedError, OvercutError
from overcut.kernel.settings import Settings
from overcut.sources.live.token import Token, now_utc_ms, read_token

FOLDER, FILE = "credentials", "livetiming.json"
FOLDER_MODE, FILE_MODE = 0o700, 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Kept(msgspec.Struct, frozen=True):
    """What the file holds: the token, and the one host that it is for."""

    host: str
    token: str
    version: int = 1

    def __repr__(self) -> str:
        return f"Kept(host={self.host!r}, …)"


def credentials_file(home: Path) -> Path:
    """``<home>/credentials/livetiming.json``."""
    return home / FOLDER / FILE


def keep_token(home: Path, token: Token, url: str) -> Path:
    """Keep ``token`` for the host of ``url``, readable by its owner alone; what was kept before is replaced.

    Raises:
        OvercutError: the file cannot be written.
    """
    file = credentials_file(home)
    kept = Kept(host=_host(url), token=token.text)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.parent.chmod(FOLDER_MODE)
        fd, name = tempfile.mkstemp(prefix=".new-", dir=file.parent)  # made with mode 0600
        try:
            with os.fdopen(fd, "wb") as stream:
                stream.write(msgspec.json.encode(kept))
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(FILE_MODE)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OvercutError(
            f"The token cannot be kept in {file}",
            why=error.strerror or str(error),
            hint="set OVERCUT_HOME to a folder that you may write to, or give the token as OVERCUT_TOKEN",
        ) from error
    return file


def forget_token(home: Path) -> bool:
    """Remove what is kept; whether there was anything."""
    file = credentials_file(home)
    there = file.exists()
    file.unlink(missing_ok=True)
    return there


def kept_token(home: Path, url: str) -> Token | None:
    """The token kept for the host of ``url``; None where there is none, or one for another host.

    Raises:
        NotAllowedError: others may read the file, or it is damaged.
    """
    file = credentials_file(home)
    try:
        mode, data = file.stat().st_mode, file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotAllowedError(f"{file} cannot be read", why=error.strerror or str(error)) from error
    if sys.platform != "win32" and mode & OTHERS:
        raise NotAllowedError(
            f"The token in {file} is not used",
            why=f"others may read the file (mode {stat.S_IMODE(mode):o})",
            hint=f"chmod 600 {file}; if they did read it, sign out at formula1.com and `overcut login` again",
        )
    try:
        kept = msgspec.json.decode(data, type=Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotAllowedError(f"{file} is damaged", hint="`overcut login` writes it anew") from error
    return read_token(kept.token, f"{file}") if kept.host == _host(url) else None


def held_token(settings: Settings, url: str) -> Token | None:
    """The token for ``url``: that of the environment (``OVERCUT_TOKEN``) first, then the one that login kept.

    Raises:
        NotAllowedError: it has ended, or the kept one cannot be used.
        WrongUsageError: what the environment holds is no token.
    """
    if settings.token is not None:
        token: Token | None = read_token(settings.token.get_secret_value(), "OVERCUT_TOKEN")
    else:
        token = kept_token(settings.home, url)
    if token is not None and (token.left_ms(now_utc_ms()) or 1) <= 0:
        raise NotAllowedError(
            "The token has ended",
            why=f"tokens last about four days; this one is from {token.origin}",
            hint="`overcut login` takes a new one; --anonymous goes on without (no car data, no positions)",
        )
    return token


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
