"""How long does a race's fair pace take, and how often do its intervals hold what a simulation really did?

Run: python benchmarks/pace.py --json [--circuits monza,yas-marina] [--seeds 1] [--first-seed 1]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from overcut.domain.circuits import CIRCUITS
from overcut.domain.session import SessionKind
from overcut.domain.tyres import Compound
from overcut.insights.pace.report import Estimate
from overcut.insights.pace.summary import race_report
from overcut.kernel.errors import DataMissingError
from overcut.runtime.pace import laps_of_source, race_pace
from overcut.sources.opening import open_source
from overcut.sources.simulated.form import weekend_form
from overcut.sources.simulated.lap_model import lap_profile
from overcut.sources.simulated.tyres import MODELS, SLICKS
from overcut.sources.simulated.weekend import simulate_weekend

SEASON = 2025
USUAL = "monza,bahrain,catalunya,silverstone,suzuka,yas-marina,austin,shanghai"


class Tally:
    """What was seen over all races."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.drivers: list[bool] = []
        self.wear: list[bool] = []
        self.errors: list[float] = []
        self.ranks: list[float] = []
        self.without: list[str] = []

    def race(self, circuit_id: str, seed: int) -> None:
        """Simulate a race, fit it, and compare."""
        circuit = CIRCUITS[circuit_id]
        lap_s = float(lap_profile(circuit, SEASON).lap_time_s)
        forms = {form.entry.number: form for form in weekend_form(SEASON, circuit_id, seed)}
        with tempfile.TemporaryDirectory() as out:
            folder = simulate_weekend(SEASON, circuit_id, seed, Path(out), [SessionKind.RACE], telemetry=False)[0]
            laps = laps_of_source(open_source(folder))
        began = time.process_time()
        try:
            report = race_report(race_pace(laps))
        except DataMissingError as error:  # too wet, or neutralised nearly throughout: said, not left out in silence
            self.without.append(f"{circuit_id} {seed}: {error}")
            return
        self.seconds.append(time.process_time() - began)
        wear = {c.value: MODELS[c].wear_s * circuit.tyre_wear * lap_s / 90.0 for c in SLICKS}
        at = report.conditions
        truth = np.array(
            [
                forms[one.driver_number].race * lap_s + wear[at.compound] * forms[one.driver_number].wear * at.age_laps
                for one in report.drivers
            ]
        )
        truth -= truth.mean()
        found = np.array([one.to_field_s.value for one in report.drivers])
        self.errors += np.abs(found - truth).tolist()
        ours, true = (np.argsort(np.argsort(values)).astype(np.float64) for values in (found, truth))
        self.ranks.append(float(np.corrcoef(ours, true)[0, 1]))
        self.drivers += [holds(one.to_field_s, float(t)) for one, t in zip(report.drivers, truth, strict=True)]
        slicks = [one for one in report.compounds if Compound(one.compound) in SLICKS]
        self.wear += [holds(one.wear_s_per_lap, wear[one.compound]) for one in slicks]


def holds(found: Estimate, truth: float) -> bool:
    """Whether the interval holds the truth."""
    return found.low <= truth <= found.high


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--circuits", default=USUAL)
    parser.add_argument("--seeds", type=int, default=1, help="how many of each circuit")
    parser.add_argument("--first-seed", type=int, default=1)
    chosen = parser.parse_args()
    tally = Tally()
    for circuit in chosen.circuits.split(","):
        for seed in range(chosen.first_seed, chosen.first_seed + chosen.seeds):
            tally.race(circuit, seed)
    races = f"{len(tally.seconds)} simulated races"
    results = {
        "fit": {
            "value": round(float(np.median(tally.seconds)), 3),
            "unit": "s CPU",
            "bar": 1.0,
            "note": f"median of {races}, worst {max(tally.seconds):.2f} s",
        },
        "drivers_within_90_interval": {
            "value": round(100 * float(np.mean(tally.drivers)), 1),
            "unit": "%",
            "bar": 80.0,
            "at_most": False,
            "note": f"{len(tally.drivers)} drivers; 90 is right",
        },
        "wear_within_90_interval": {
            "value": round(100 * float(np.mean(tally.wear)), 1),
            "unit": "%",
            "bar": 75.0,
            "at_most": False,
            "note": f"{len(tally.wear)} compounds; 90 is right",
        },
        "driver_error": {
            "value": round(float(np.mean(tally.errors)), 3),
            "unit": "s a lap",
            "bar": 0.15,
            "note": f"mean absolute; rank correlation {np.mean(tally.ranks):.2f}",
        },
    }
    for told in tally.without:
        print(f"no pace: {told}", file=sys.stderr)
    print(json.dumps({"bench": "pace", "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
