"""How the built web app is served."""

from __future__ import annotations

import base64
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Sessions
from overcut.server.app import ServerOptions, create_app
from overcut.server.web_app import find_web_app

SCRIPT = "document.documentElement.dataset.theme = 'dark'"
PAGE = f'<!doctype html><script>{SCRIPT}</script><script type="module" src="/assets/app-1a2b.js"></script>'


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "app-1a2b.js").write_text("run()")
    return folder


@pytest.fixture
def app(built: Path) -> TestClient:
    return TestClient(create_app(Sessions(Catalogue()), ServerOptions(web_app=built)))


def test_hashed_files_are_kept_for_ever_and_the_page_is_not(app: TestClient) -> None:
    asset = app.get("/assets/app-1a2b.js")
    assert (asset.text, asset.headers["cache-control"]) == ("run()", "public, max-age=31536000, immutable")
    assert asset.headers["content-type"].startswith("text/javascript")
    assert app.get("/favicon.svg").headers["cache-control"] == "no-cache"
    assert app.get("/").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/s/2018-04-R",
        "/deep/er/route",
        "/history",
        "/history/1996/6",
        "/history/drivers/anna-brandt",
    ],
)
def test_addresses_of_the_app_s_own_get_the_page(app: TestClient, path: str) -> None:
    assert app.get(path).text == PAGE


@pytest.mark.parametrize("path", ["/assets/old-9f.js", "/assets/route", "/missing.js", "/api/v1/absent", "/api/x"])
def test_missing_file_or_address_is_not_answered_with_the_page(app: TestClient, path: str) -> None:
    answer = app.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd"]
)
def test_nothing_outside_the_folder_is_served(app: TestClient, path: str) -> None:
    assert "secret" not in app.get(path).text
    assert "root:" not in app.get(path).text


def test_link_that_leads_outside_is_not_followed(app: TestClient, built: Path) -> None:
    (built / "link.txt").symlink_to(built.parent / "secret.txt")
    assert app.get("/link.txt").status_code == 404


def test_page_may_run_its_own_inline_script_and_no_other(app: TestClient) -> None:
    policy = app.get("/").headers["content-security-policy"]
    digest = base64.b64encode(sha256(SCRIPT.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]


def test_only_reading_is_possible(app: TestClient) -> None:
    assert app.post("/").status_code == 405
    assert app.head("/").status_code == 200


def test_app_that_is_not_built_says_how_to_build_it() -> None:
    answer = TestClient(create_app(Sessions(Catalogue()))).get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text


def test_named_folder_wins_and_must_hold_a_page(built: Path, tmp_path: Path) -> None:
    assert find_web_app(built) == built
    assert find_web_app(tmp_path) is None


@pytest.mark.parametrize("path", ["/" + "a" * 300, "/" + "a/" * 3_000, "/%00", "/%ff"])
def test_name_that_no_file_can_have_is_an_address_like_any_other(app: TestClient, path: str) -> None:
    assert app.get(path).text == PAGE
