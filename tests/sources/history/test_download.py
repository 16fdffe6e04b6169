"""A release is downloaded whole, once; what broke off is completed, and what is no release is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.kernel.http import HttpPolicy, UnreachableError
from overcut.sources.history.downloading import download_release, kept_release
from overcut.sources.history.f1db import open_release
from tests.history_data import write_f1db
from tests.sources.fetching.archive_server import ArchiveServer

pytestmark = pytest.mark.anyio

QUICK = HttpPolicy(connect_s=2, read_s=2, attempts=4, first_s=0.001, most_s=0.002)
ONCE = HttpPolicy(connect_s=2, read_s=2, attempts=1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("served")
    write_f1db(root / "f1db.db", seasons=(2019,))
    with zipfile.ZipFile(root / "f1db-sqlite.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(root / "f1db.db", "f1db.db")
    (root / "page.zip").write_bytes(b"PK is how a zip begins, this is none")
    return root


def nobody(_count: int) -> None:
    """Nobody watches."""


async def test_a_release_is_downloaded_once_and_then_only_asked_about(served: Path, tmp_path: Path) -> None:
    async with ArchiveServer(served) as server:
        url = f"{server.url}f1db-sqlite.zip"
        kept = await download_release(url, tmp_path, nobody, QUICK)
        sent = server.sent
        again = await download_release(url, tmp_path, nobody, QUICK)
    assert kept.file.read_bytes() == (served / "f1db-sqlite.zip").read_bytes()
    assert server.sent == sent
    assert again.fetched == kept.fetched
    assert kept_release(tmp_path) == again
    with open_release(kept.file) as release:
        assert len(release.sha256) == 64
        assert release.sha256[:16] in release.origin


async def test_what_broke_off_is_completed(served: Path, tmp_path: Path) -> None:
    size = (served / "f1db-sqlite.zip").stat().st_size
    async with ArchiveServer(served) as server:
        server.cut["f1db-sqlite.zip"] = [size // 3]
        with pytest.raises(UnreachableError):
            await download_release(f"{server.url}f1db-sqlite.zip", tmp_path, nobody, ONCE)
        await download_release(f"{server.url}f1db-sqlite.zip", tmp_path, nobody, ONCE)
        assert server.sent == size
    assert zipfile.is_zipfile(tmp_path / "f1db-sqlite.zip")


async def test_a_server_that_fails_at_first_is_asked_again(served: Path, tmp_path: Path) -> None:
    async with ArchiveServer(served) as server:
        server.fail["f1db-sqlite.zip"] = 2
        await download_release(f"{server.url}f1db-sqlite.zip", tmp_path, nobody, QUICK)
    assert zipfile.is_zipfile(tmp_path / "f1db-sqlite.zip")


async def test_what_is_no_zip_and_what_is_not_there_is_refused(served: Path, tmp_path: Path) -> None:
    async with ArchiveServer(served) as server:
        with pytest.raises(OvercutError, match="no zip"):
            await download_release(f"{server.url}page.zip", tmp_path, nobody, QUICK)
        with pytest.raises(DataMissingError, match="absent"):
            await download_release(f"{server.url}none.zip", tmp_path, nobody, QUICK)
    assert kept_release(tmp_path) is None


async def test_a_redirect_to_a_stranger_is_refused(served: Path, tmp_path: Path) -> None:
    async with ArchiveServer(served) as server:
        server.move = "https://files.example.org/"
        with pytest.raises(OvercutError, match="another host"):
            await download_release(f"{server.url}f1db-sqlite.zip", tmp_path, nobody, QUICK)
