/** Homes with a lake of history: the invented championship of the Python tests, or F1DB where shared data is there. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

const PROJECT = resolve("..");
const PYTHON = process.env.OVERCUT_PYTHON ?? join(PROJECT, ".venv/bin/python");
const COMMAND = process.env.OVERCUT_CMD ?? join(PROJECT, ".venv/bin/overcut");
const RESULTS = resolve("test-results");

/** Made anew each time: its layout on disk may have changed since the last run. */
export function syntheticHistory(): string {
  const home = join(RESULTS, "history-synthetic");
  const make = "import shutil, sys; from pathlib import Path; from tests.history_data import lake_with_history; lake = Path(sys.argv[1]); shutil.rmtree(lake, ignore_errors=True); lake_with_history(lake)";
  mkdirSync(home, { recursive: true });
  execFileSync(PYTHON, ["-c", make, join(home, "lake")], { cwd: PROJECT, stdio: ["ignore", "ignore", "inherit"] });
  return home;
}

/** A home with all of F1DB, imported as a user would; null where there is no release to import. */
export function realHistory(): string | null {
  const release = join(process.env.OVERCUT_SHARED ?? join(PROJECT, "../shared"), "data/history/f1db-sqlite.zip");
  if (!existsSync(release)) return null;
  const home = join(RESULTS, "history-f1db");
  mkdirSync(home, { recursive: true });
  execFileSync(COMMAND, ["history", "import", release], { env: { ...process.env, OVERCUT_HOME: home }, stdio: ["ignore", "ignore", "inherit"] });
  return home;
}
