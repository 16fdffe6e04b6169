"""Does a damaged feed give the same session: every cell whose frames arrived, real and simulated?

Without the recordings (``OVERCUT_SHARED`` or ``../shared``) simulated sessions alone are damaged.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from random import Random

from chaos_oracle import KEY, Clean, Verdict
from chaos_storms import STORMS, Storm
from overcut.domain.frame import Frame
from overcut.domain.session import SessionKind
from overcut.sources.archive import ArchiveSource
from overcut.sources.simulated.weekend import simulate_weekend
from overcut.timing.rewind import Rewinding

ROOT = Path(__file__).resolve().parents[1]
ARCHIVE = "data/livetiming/static"
SESSIONS = {
    "race_2018": "2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race",
    "qualifying_2024": "2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying",
    "sprint_2023": "2023/2023-04-30_Azerbaijan_Grand_Prix/2023-04-29_Sprint",
    "qualifying_2025": "2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying",
}
SEEDS = 2
SHOWN = 8


def weathered(storm: Storm) -> Rewinding:
    """A run over what arrived."""
    run = Rewinding(KEY, storm.arrivals[0].source)
    for frame in storm.arrivals:
        run.advance(frame)
    return run


def sessions(home: Path) -> dict[str, list[Frame]]:
    """What is damaged, by name."""
    shared = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared") / ARCHIVE
    found = {name: shared / path for name, path in SESSIONS.items() if (shared / path).is_dir()}
    kinds = [SessionKind.QUALIFYING, SessionKind.RACE]
    found |= {
        f"simulated_{folder.name[11:].lower()}": folder
        for folder in simulate_weekend(2025, "monza", 5, home, kinds, telemetry=False)
    }
    return {name: list(ArchiveSource(folder).frames()) for name, folder in found.items()}


def judged(clean: Clean, seeds: int = SEEDS) -> dict[str, Verdict]:
    """Every storm over one session, with each seed."""
    verdicts: dict[str, Verdict] = {}
    for name, storm in STORMS.items():
        wrong: list[str] = []
        compared = cells = 0
        for seed in range(seeds):
            damaged = storm(clean.frames, Random(seed))  # noqa: S311 -- the same damage every time
            verdict = clean.judge(weathered(damaged), damaged.arrived)
            wrong += [f"seed {seed}: {one}" for one in verdict.wrong]
            compared, cells = compared + verdict.compared, cells + verdict.cells
        verdicts[name] = Verdict(wrong, compared, cells)
    return verdicts


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--only", metavar="NAME", help="one session")
    chosen = parser.parse_args()
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as home:
        for session, frames in sessions(Path(home)).items():
            if chosen.only and chosen.only != session:
                continue
            for storm, verdict in judged(Clean(frames)).items():
                share = verdict.compared / max(1, verdict.cells)
                note = f"of {verdict.compared:,} compared, {share:.0%} of all"
                results[f"{session}_{storm}"] = {
                    "value": len(verdict.wrong),
                    "unit": "cells",
                    "bar": 0,
                    "note": note,
                }
                print(f"{session} {storm}: {len(verdict.wrong)} wrong {note}", file=sys.stderr, flush=True)
                for one in verdict.wrong[:SHOWN]:
                    print(f"  {one}", file=sys.stderr)
    print(json.dumps({"bench": "chaos", "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
