"""How an archive folder (plain files as served) becomes frames."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import msgspec

from overcut.domain.calendar import round_of_race_date
from overcut.domain.defects import count_defect
from overcut.domain.frame import Frame, FrameSource, topic_rank
from overcut.domain.session import SessionKey, SessionKind, kind_of_session_name
from overcut.domain.state import Defect
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.sources.lines import LineDecoder, StampedLine

STREAM_SUFFIX = ".jsonStream"
SIMULATION_FILE = "overcut.json"
_DATED = re.compile(r"^(\d{4}-\d{2}-\d{2})_(.+)$")


class SimulationLabel(msgspec.Struct, frozen=True):
    """What ``overcut.json`` says beside a simulated session's streams."""

    season: Annotated[int, msgspec.Meta(ge=1950, le=9999)]
    circuit: Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,60}$")]
    seed: int
    kind: SessionKind
    simulated: bool = True
    generator: str = ""


class ArchiveSource:
    """A folder of ``<Topic>.jsonStream`` files: an archived session, or a simulated one in the same format.

    Args:
        folder: the session's folder.
        chunk_bytes: how many bytes to hand to the line decoder at once; None hands over whole files. The frames are
            the same for every value.

    Raises:
        DataMissingError: the folder is missing or holds no stream.
    """

    def __init__(self, folder: Path, *, chunk_bytes: int | None = None) -> None:
        self._files = sorted(folder.glob(f"*{STREAM_SUFFIX}")) if folder.is_dir() else []
        if not self._files:
            raise DataMissingError(
                f"No timing streams in {folder}",
                why=f"an archive session is a folder of *{STREAM_SUFFIX} files",
                hint="name the session's own folder, for example …/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race",
            )
        self._chunk_bytes = chunk_bytes
        label = _read_label(folder / SIMULATION_FILE)
        self.simulated = label is not None and label.simulated
        self.kind = FrameSource.SIMULATED if self.simulated else FrameSource.ARCHIVE
        self.key = _key_of_label(label) if label else key_of_folder(folder)
        self.defects: dict[str, Defect] = {}
        self.misplaced: dict[str, int] = {}
        """By topic, how many lines stand after one with a later stamp; filled with ``defects``."""

    def frames(self) -> Iterator[Frame]:
        """All frames by (``t_ms``, fixed order of topics, line number); ties are therefore defined."""
        self.defects.clear()
        self.misplaced.clear()
        order: list[tuple[int, int, int, str, bytes]] = []
        files = sorted((_topic_of(file), file) for file in self._files)
        files.sort(key=lambda item: topic_rank(item[0]))
        for rank, (topic, file) in enumerate(files):
            lines = [(t_ms, rank, line, topic, payload) for t_ms, line, payload in self._lines(topic, file)]
            if (misplaced := sum(later[0] < line[0] for line, later in pairwise(lines))) > 0:
                self.misplaced[topic] = misplaced
            order += lines
        order.sort()  # no two agree in all of the first three
        kind = self.kind
        for t_ms, _, _, topic, payload in order:
            yield Frame(t_ms, topic, payload, kind)

    def _lines(self, topic: str, file: Path) -> Iterator[StampedLine]:
        """The lines of one stream; a file that cannot be read (any more) is counted, and the other topics play."""
        decoder = LineDecoder(topic, self.defects)
        try:
            if not file.is_file():  # a pipe would keep us waiting
                raise OSError(errno.EINVAL, "not a regular file")
            with file.open("rb") as stream:
                while chunk := stream.read(self._chunk_bytes or -1):
                    yield from decoder.feed(chunk)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            count_defect(self.defects, kind="a file that cannot be read", topic=topic, t_ms=0, example=reason)
        yield from decoder.finish()


def _topic_of(file: Path) -> str:
    """The topic that a stream's name says; bytes of it that are no text are shown escaped."""
    return os.fsencode(file.name.removesuffix(STREAM_SUFFIX)).decode("utf-8", "backslashreplace")


def key_of_folder(folder: Path) -> SessionKey:
    """``2018-04-R`` for ``…/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race``; ``rec-…`` where that cannot be told.

    The archive names a meeting by the date of its race, which gives the round (``domain.calendar``).
    """
    folder = folder.resolve()
    meeting, session = _DATED.match(folder.parent.name), _DATED.match(folder.name)
    if meeting and session:
        round_number = round_of_race_date(meeting.group(1))
        kind = kind_of_session_name(session.group(2))
        if round_number and kind:
            return SessionKey.official(int(meeting.group(1)[:4]), round_number, kind)
        return SessionKey.recording(f"{meeting.group(2)} {folder.name}")
    return SessionKey.recording(folder.name)


def _key_of_label(label: SimulationLabel) -> SessionKey:
    return SessionKey.simulated(label.season, label.circuit, label.seed, label.kind)


def _read_label(file: Path) -> SimulationLabel | None:
    if not file.is_file():
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=SimulationLabel)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WrongUsageError(
            f"{file} does not describe a simulated session",
            why=str(error),
            hint="generate the session again with `overcut simulate`, or delete the file to play the folder as real",
        ) from error
