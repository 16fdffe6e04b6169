"""A small server in Ergast's shape on this machine: pages of listings, and every way in which they can fail."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from overcut.lake import Lake

Json = dict[str, object]


class ErgastServer:
    """Serves listings below ``/ergast/f1/``.

    Attributes:
        listings: path to (name of the table in the answer, rows); the server pages them as Jolpica does, cutting a
            round in two where a page ends.
        faults: path to answers that come first: a status, "cut" (half a page), "html", "total" (a total that is one
            too large), "offset" (another page than was asked for).
        retry_after: sent with 429. ``page``: rows a page at most. ``asked``: how often each path was asked for.
    """

    def __init__(self) -> None:
        self.listings: dict[str, tuple[str, list[Json]]] = {}
        self.faults: dict[str, list[int | str]] = {}
        self.retry_after = "0"
        self.page = 100
        self.asked: Counter[str] = Counter()
        self.offsets: list[tuple[str, int]] = []

    @contextmanager
    def running(self) -> Iterator[str]:
        """The server's address, as long as it runs."""
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = owner.answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name that is overridden
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/ergast/f1/"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def answer(self, target: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a request."""
        path = urlsplit(target).path.removeprefix("/ergast/f1/").removesuffix(".json")
        query = parse_qs(urlsplit(target).query)
        offset, limit = int(query["offset"][0]), min(int(query["limit"][0]), self.page)
        self.asked[path] += 1
        self.offsets.append((path, offset))
        fault = self.faults[path].pop(0) if self.faults.get(path) else None
        if isinstance(fault, int):
            return fault, {"Retry-After": self.retry_after} if fault == 429 else {}, b""
        if path not in self.listings:
            return 404, {}, b"{}"
        if fault == "html":
            return 200, {}, b"<html>sign in</html>"
        kind, rows = self.listings[path]
        total = len(rows) + (1 if fault == "total" else 0)
        start = offset + limit if fault == "offset" else offset
        page = _page(kind, rows[start : start + limit], limit, start, total)
        return 200, {"Content-Type": "application/json"}, page[: len(page) // 2] if fault == "cut" else page


def _page(kind: str, rows: list[Json], limit: int, offset: int, total: int) -> bytes:
    """Rows, each ``{"race": …, "row": …}``, gathered by round, as a page of the interface."""
    data: Json = {"limit": str(limit), "offset": str(offset), "total": str(total)}
    if kind in ("DriverStandings", "ConstructorStandings"):
        lists = (
            [{"season": rows[0]["season"], "round": rows[0]["round"], kind: [row["row"] for row in rows]}]
            if rows
            else []
        )
        data["StandingsTable"] = {"StandingsLists": lists}
        return json.dumps({"MRData": data}).encode()
    races: list[dict[str, object]] = []
    for row in rows:
        race = row["race"]
        assert isinstance(race, dict)
        if not races or races[-1]["round"] != race["round"]:
            races.append({**race} | ({} if kind == "Races" else {kind: []}))
        if kind != "Races":
            inside = races[-1][kind]
            assert isinstance(inside, list)
            inside.append(row["row"])
    data["RaceTable"] = {"Races": races}
    return json.dumps({"MRData": data}).encode()


def serve_season(server: ErgastServer, lake: Lake, season: int) -> None:
    """Let the server tell of a season as the lake has it."""
    races = {row["round"]: _race(lake, row) for row in lake.read("races", units=[season]).iter_rows(named=True)}
    drivers = {row["driver_id"]: row for row in lake.read("drivers").iter_rows(named=True)}

    def entry(row: dict[str, object]) -> Json:
        driver = drivers[row["driver_id"]]
        return {
            "number": row["driver_number"],
            "position": str(row["row"]),
            "positionText": {"DNF": "R"}.get(str(row["position_text"]), str(row["position_text"])),
            "Driver": {
                "driverId": str(row["driver_id"]).split("-")[-1],
                "givenName": driver["first_name"],
                "familyName": driver["last_name"],
                "dateOfBirth": str(driver["born"]),
                "code": driver["code"],
            },
            "Constructor": {
                "constructorId": str(row["constructor_id"]).replace("-", "_"),
                "name": str(row["constructor_id"]),
            },
        }

    def raced(row: dict[str, object]) -> Json:
        time_ms = row["time_ms"]
        found = entry(row) | {
            "points": str(row["points"] or 0),
            "grid": str(row["grid"]),
            "laps": str(row["laps"]),
            "status": row["reason_retired"] or "Finished",
        }
        return found | ({"Time": {"millis": str(time_ms), "time": "x"}} if time_ms else {})

    def clock(value: object) -> str:
        return "" if value is None else f"{int(str(value)) // 60_000}:{int(str(value)) % 60_000 / 1000:06.3f}"

    def timed(row: dict[str, object]) -> Json:
        return entry(row) | {f"Q{part}": clock(row[f"q{part}_ms"]) for part in (1, 2, 3)}

    results = lake.read("results", units=[season]).to_dicts()
    qualifying = [row for row in lake.read("qualifying", units=[season]).to_dicts() if row["session"] == "Q"]
    sprints = lake.read("sprints", units=[season]).to_dicts()
    server.listings[f"{season}"] = ("Races", [{"race": race, "row": None} for race in races.values()])
    for path, kind, rows in (
        (f"{season}/results", "Results", [(row, raced(row)) for row in results]),
        (f"{season}/qualifying", "QualifyingResults", [(row, timed(row)) for row in qualifying]),
        (f"{season}/sprint", "SprintResults", [(row, raced(row)) for row in sprints]),
    ):
        server.listings[path] = (kind, [{"race": races[row["round"]], "row": told} for row, told in rows])
    stops = lake.read("history_pit_stops", units=[season]).to_dicts()
    for round_number in {row["round"] for row in stops}:
        server.listings[f"{season}/{round_number}/pitstops"] = ("PitStops", [
            {"race": races[round_number], "row": {
                "driverId": str(row["driver_id"]).split("-")[-1], "stop": str(row["stop"]), "lap": str(row["lap"]),
                "duration": f"{row['time_ms'] / 1000:.3f}",
            }}
            for row in stops if row["round"] == round_number
        ])  # fmt: skip
    standings = lake.read("driver_standings", units=[season]).to_dicts()
    last = max(row["round"] for row in standings)
    server.listings[f"{season}/driverstandings"] = ("DriverStandings", [
        {"season": str(season), "round": str(last), "row": {
            "position": str(row["position"]), "positionText": str(row["position"]), "points": str(row["points"]),
            "Driver": entry(row | {"driver_number": "", "constructor_id": "x"})["Driver"],
        }}
        for row in standings if row["round"] == last
    ])  # fmt: skip


def _race(lake: Lake, row: dict[str, object]) -> Json:
    circuit = next(it for it in lake.read("circuits").iter_rows(named=True) if it["circuit_id"] == row["circuit_id"])
    name = next(
        it for it in lake.read("grands_prix").iter_rows(named=True) if it["grand_prix_id"] == row["grand_prix_id"]
    )
    return {
        "season": str(row["season"]),
        "round": str(row["round"]),
        "raceName": name["full_name"],
        "Circuit": {
            "circuitId": "somewhere_else",
            "circuitName": circuit["name"],
            "Location": {"lat": str(circuit["latitude"] + 0.01), "long": str(circuit["longitude"])},
        },
        "date": str(row["date"]),
        "time": "13:00:00Z",
    } | ({"Sprint": {"date": str(row["date"])}} if row["sprint"] else {})
