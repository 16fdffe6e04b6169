"""``overcut openapi``: the server's interface as a document, for clients to be generated from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def openapi(
    out: Annotated[
        Path | None, typer.Option(help="File to write; standard output when not given.", show_default=False)
    ] = None,
) -> None:
    """Print the server's OpenAPI document.

    The same as GET /api/v1/openapi.json; the web app's client is generated from it.
    """
    import msgspec

    from overcut.kernel.errors import NotAllowedError
    from overcut.runtime.catalogue import Catalogue
    from overcut.runtime.sessions import Sessions
    from overcut.server.app import create_app

    document = create_app(Sessions(Catalogue())).openapi()
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise NotAllowedError(f"Cannot write {out}", why=error.strerror or "", hint="choose another file") from error
