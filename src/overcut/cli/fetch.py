"""``overcut fetch``: an archived session onto this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overcut.kernel.errors import OvercutError, WrongUsageError

if TYPE_CHECKING:
    from overcut.domain.session import SessionKey
    from overcut.kernel.settings import Settings
    from overcut.sources.fetching import Fetched, Progress
    from overcut.sources.live.token import Token

ARCHIVE_FOLDER = "archive"


def fetch(
    session: Annotated[
        list[str], typer.Argument(help="Which: 2025 monaco R, a key, an archive URL.", show_default=False)
    ],
    topics: Annotated[
        str, typer.Option(help="Topics to download, separated by commas.", show_default="all that there are")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder of archived sessions.", show_default="archive in Overcut's home")
    ] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Send no token, even where one is held.")] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask the archive again, even for what is here.")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="What was fetched as one JSON object.")] = False,
) -> None:
    """Download a session of the archive, once; after that it plays without a network.

    \b
    overcut fetch 2025 monaco R
    overcut fetch 2018-04-R --topics TimingData,TimingAppData,SessionInfo
    """
    import asyncio

    from rich.console import Console
    from rich.markup import escape
    from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn

    from overcut.kernel.http import checked_url
    from overcut.kernel.settings import load_settings
    from overcut.sources.live.credentials import held_token

    settings = load_settings()
    url = checked_url(settings.archive_url, "the setting archive_url")
    wanted = wanted_session(" ".join(session), url)
    chosen = [topic.strip() for topic in topics.split(",") if topic.strip()]
    root = out or settings.home / ARCHIVE_FOLDER
    token = None if anonymous else held_token(settings, url)
    console = Console(stderr=True, highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("asking the archive", total=None)

        def progress(name: str, count: int) -> None:
            shown.update(task, description=escape(name), advance=count)

        found = asyncio.run(_fetch(settings, wanted, chosen, root, token, progress, refresh=refresh))
    if json_output:
        import msgspec

        typer.echo(msgspec.json.encode(found, enc_hook=str).decode())
    console.print(f"[green]{found.key}[/] {escape(str(found.folder))}  [dim]{describe(found)}[/]")


def wanted_session(text: str, archive_url: str) -> SessionKey | str:
    """The key of the session that ``text`` names, or the path that an archive URL has below the archive's address.

    Raises:
        WrongUsageError: it names none, or none that the archive could have.
    """
    from urllib.parse import unquote, urlsplit

    from overcut.domain.session_names import UnknownSessionNameError, official_parts, read_session_name

    if text.startswith(("http://", "https://")):
        if urlsplit(text).hostname != urlsplit(archive_url).hostname:
            raise WrongUsageError(
                f"{urlsplit(text).hostname} is not the archive",
                why=f"the archive is {archive_url}",
                hint="name the session instead: 2025 monaco R",
            )
        parts = [part for part in unquote(urlsplit(text).path).split("/") if part]
        years = [index for index, part in enumerate(parts) if part.isdigit() and len(part) == 4]
        return "/".join(parts[years[0] : years[0] + 3]) if years else "/".join(parts)
    try:
        key = read_session_name(text)
    except UnknownSessionNameError as unknown:
        near = ", ".join(unknown.suggestions[:4])
        raise WrongUsageError(unknown.what, hint=f"did you mean {near}?" if near else "2025 monaco R") from unknown
    if official_parts(key) is None:
        raise WrongUsageError(f"{key} is not in the archive", hint="name an official session: 2025 monaco R, 2018-04-R")
    return key


async def _fetch(
    settings: Settings,
    wanted: SessionKey | str,
    topics: list[str],
    root: Path,
    token: Token | None,
    progress: Progress,
    *,
    refresh: bool,
) -> Fetched:
    from overcut.kernel.http import HttpClient
    from overcut.sources.fetching import Fetcher

    async with HttpClient(settings.archive_url, bearer=token.text if token else None) as client:
        try:
            return await Fetcher(client, root, progress=progress).fetch(wanted, topics=topics, refresh=refresh)
        except OSError as error:
            raise OvercutError(f"{root} cannot be written", why=error.strerror or str(error)) from error


def describe(found: Fetched) -> str:
    """One line: what came, what was here, what the archive does not have or withholds."""
    parts = [f"{found.fetched} files, {found.bytes / 1e6:.1f} MB"] if found.fetched else []
    if found.kept:
        parts.append(f"{found.kept} files were here")
    if found.absent:
        parts.append(f"the archive has no {', '.join(found.absent[:6])}{' …' * (len(found.absent) > 6)}")
    if found.withheld:
        parts.append(f"withheld without a token: {', '.join(found.withheld)}")
    if found.stale:
        parts.append(f"the archive could not be asked for more ({found.stale})")
    return "; ".join(parts) or "nothing new"
