"""How a source that Overcut does not know is plugged in: an entry point of the group ``overcut.sources``.

A package that brings one says in its ``pyproject.toml``::

    [project.entry-points."overcut.sources"]
    karting = "our_package.overcut_plugin:open_session"

and ``karting:<anything>`` is a session wherever one can be named: ``overcut replay karting:2025-05-04``,
``overcut lake add karting:2025-05-04``, ``overcut.load("karting:2025-05-04")``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from overcut.kernel.errors import OvercutError
from overcut.sources.source import Source

if TYPE_CHECKING:
    from overcut.sources.imported import ImportedSession

GROUP = "overcut.sources"
_NAMED = re.compile(r"^([A-Za-z][A-Za-z0-9_.-]+):(?!//)(.+)$", re.DOTALL)
_SOURCE_PARTS = ("key", "kind", "simulated", "defects", "frames")


@runtime_checkable
class SourcePlugin(Protocol):
    """What the entry point names: a callable from what stands behind the colon to a session.

    It gives a `Source`, whose frames the engine reads as it does any recording's, or an `ImportedSession`, which is
    tables; None where it knows no such session. It says what is wrong by an `OvercutError`. It is called when a session
    is named, not before, and may take its time; its frames are read on the caller's thread.
    """

    def __call__(self, name: str, /) -> Source | ImportedSession | None:
        """The session called ``name``."""
        ...


class PluginError(OvercutError):
    """A plug-in cannot be loaded, or does not keep to the protocol."""


def plugged_in(points: Iterable[EntryPoint] | None = None) -> dict[str, EntryPoint]:
    """The installed plug-ins by name; of two of one name the first by package counts."""
    found = entry_points(group=GROUP) if points is None else points
    return {point.name: point for point in sorted(found, key=lambda point: (point.name, point.value), reverse=True)}


def open_plugged(text: str, points: Iterable[EntryPoint] | None = None) -> Source | ImportedSession | None:
    """The session that ``text`` names by a plug-in; None where it names no plug-in's.

    Raises:
        PluginError: the plug-in cannot be loaded, gives something else, or knows no such session.
    """
    match = _NAMED.match(text)
    if match is None:
        return None
    point = plugged_in(points).get(match[1])
    if point is None:
        return None
    from overcut.sources.imported import ImportedSession  # noqa: PLC0415 -- Polars takes half a second

    given = _loaded(point)(match[2])
    if given is None:
        raise PluginError(f"{point.name} knows no session {match[2][:80]!r}", hint=f"see what {point.value} documents")
    if isinstance(given, ImportedSession) or all(hasattr(given, part) for part in _SOURCE_PARTS):
        return given
    raise PluginError(
        f"The source plug-in {point.name} gave a {type(given).__name__}",
        why="a plug-in gives a Source or an ImportedSession",
        hint="docs/how-to/bring-your-own-data.md has an example",
    )


def _loaded(point: EntryPoint) -> SourcePlugin:
    try:
        plugin: object = point.load()
    except (ImportError, AttributeError) as error:
        raise PluginError(
            f"The source plug-in {point.name} cannot be loaded", why=str(error), hint=f"it is {point.value}"
        ) from error
    if not callable(plugin):
        raise PluginError(f"The source plug-in {point.name} is no callable", why=f"{point.value} is {plugin!r}"[:200])
    return cast(SourcePlugin, plugin)
