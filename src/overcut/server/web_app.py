"""How the built web app is served: hashed files for ever, the page always fresh, every other path the page."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

PAGE = "index.html"
HASHED = "assets/"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)

NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Overcut: the board is not built</title>
<main><h1>The board has not been built yet</h1>
<p>The server runs, but there is no web app to show. In the project's folder, run</p>
<pre>make web</pre>
<p>and reload this page. Or name the folder of a built app in <code>OVERCUT_WEB_DIST</code>.
The data is here already: <a href="/api/v1/sessions">sessions</a>.</p></main></html>
"""


def find_web_app(named: Path | None) -> Path | None:
    """The folder of the built app: the one named, else the package's, else a checkout's ``web/dist``; None if none."""
    package = Path(str(files("overcut.server")))
    candidates = [named] if named is not None else [package / "app", package.parents[2] / "web" / "dist"]
    return next((folder for folder in candidates if (folder / PAGE).is_file()), None)


class WebApp:
    """The built app as an ASGI application for every path that no route answers.

    Args:
        folder: where it was built; None serves a page that says how to build it.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            raise HTTPException(404)
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        await self._answer(scope["path"].lstrip("/"))(scope, receive, send)

    def _answer(self, path: str) -> Response:
        if path.startswith("api/"):
            raise HTTPException(404, "No such address")
        if self._folder is None:
            return HTMLResponse(NOT_BUILT, 503, {"Cache-Control": "no-store", "Retry-After": "10"})
        file = self._inside(path)
        if file is None or file.name == PAGE:
            if path.startswith(HASHED) or (file is None and Path(path).suffix):
                raise HTTPException(404, "No such file")  # a missing script must not be answered with a page
            return self._page(self._folder / PAGE)
        caching = FOR_EVER if path.startswith(HASHED) else ASK_FIRST
        return FileResponse(file, headers={"Cache-Control": caching})

    def _inside(self, path: str) -> Path | None:
        """The file that a path names, when it is one of the app's own."""
        assert self._folder is not None  # noqa: S101 - for the type checker; the caller has looked
        if not path or "\0" in path:
            return None
        try:
            file = (self._folder / path).resolve()
            return file if file.is_relative_to(self._folder) and file.is_file() else None
        except OSError:
            return None  # no file system knows such a name (too long)

    def _page(self, page: Path) -> Response:
        headers = {"Cache-Control": ASK_FIRST, "Content-Security-Policy": content_policy(page.read_text("utf-8"))}
        return FileResponse(page, headers=headers)


def content_policy(html: str) -> str:
    """What the page may load: its own files, and the inline scripts that it was built with, by their hashes."""
    hashes = [
        f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(html)
    ]
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())
