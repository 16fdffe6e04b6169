"""Where does each thing stand in the arrays that the kernel works on?

The kernel takes few, long arrays, since each one that is handed from function to function costs compiling time:
``T`` (float32) and ``N`` (int32) hold what a scenario fixes, ``F`` and ``I`` what changes from lap to lap, for one
block of `BLOCK` races. A field of the latter has a row of `BLOCK` numbers for each car; the odd row keeps the fields
of one car out of each other's cache sets. `overcut.strategy.simulator.packing` fills the first two.
"""

from __future__ import annotations

from overcut.strategy.simulator.lanes import BLOCK

ROWS = 33
FIELD = ROWS * BLOCK
NEVER = 10_000
"""A lap that is not reached."""
OUT_MS = 40_000_000
"""Times from here on are those of retired cars: in the order of their distance, later laps first."""
NOBODY_MS = -60_000_000
"""The car in front of the first."""
DEVIATES = 1024
BINS = 512
"""Equal parts of the distribution of the next stop."""

# T, float32: what a scenario fixes
NORMAL = 0
LOGISTIC = NORMAL + DEVIATES
EXPONENTIAL = LOGISTIC + DEVIATES
EXCESS = EXPONENTIAL + DEVIATES
LASTS = EXCESS + DEVIATES
SECONDS = LASTS + 2 * DEVIATES
WATER = SECONDS + DEVIATES
WATER_ROW = 260
LOG_CHANCE = WATER + 4 * WATER_ROW
STOP_AGE = LOG_CHANCE + 1024
CAUTION = STOP_AGE + 8 * 256
STOP_REMAINING = CAUTION + 5 * 8 * 256
FIGURE = STOP_REMAINING + 2 * 128
CAR_FIGURE = FIGURE + 64
LAP_MS = CAR_FIGURE + 32 * 8
LAP_WEAR = LAP_MS + 32 * 128
FORCED_RAIN = LAP_WEAR + 32 * 128
MEAN = FORCED_RAIN + 128
DEVIATION = MEAN + 128
LEAST = DEVIATION + 128
CHOICE = LEAST + 128
"""From here on: (2**K masks, 128 laps, 8 compounds)."""

# N, int32: what a scenario fixes
SIZE = 0
ORDER = 32
CAR = 64
KIND = CAR + 32 * 16
FORCED = KIND + 8
MATES = FORCED + 128
PLAN_LAP = MATES + 32 * 32
PLAN_TYRE = PLAN_LAP + 32 * 16
DEALT = PLAN_TYRE + 32 * 16
"""A lap's noise in 1/2048 of the car's deviation (low 16 bits) and its luck in passing, in 1/128 of log-odds (12 bits
from bit 20 on)."""
PAIRS = DEALT + DEVIATES
"""From here on: how many comparisons sort the field, then their places, two by two."""

# F, float32: what changes; a field each, then rows of one number per race
LEVEL = 0 * FIELD
DRIFT = 1 * FIELD
AGE = 2 * FIELD
LINEAR = 3 * FIELD
CURVED = 4 * FIELD
LIFE = 5 * FIELD
CLIFF = 6 * FIELD
EXTRA = 7 * FIELD
ADDED = 8 * FIELD
PENALTY = 9 * FIELD
LANE_F = 10 * FIELD
BASE = LANE_F
INVERSE = LANE_F + 1 * BLOCK
WET_NOISE = LANE_F + 2 * BLOCK
DIRTY = LANE_F + 3 * BLOCK
WETNESS = LANE_F + 4 * BLOCK
INTENSITY = LANE_F + 5 * BLOCK
DRAWN = LANE_F + 6 * BLOCK
"""From here on a row for each estimate."""
F_SIZE = DRAWN + 128 * BLOCK

# I, int32: the same
EVENT = 0 * FIELD
FLAG = 1 * FIELD
WORD = 2 * FIELD
STOP_LAP = 3 * FIELD
RETIRE_LAP = 4 * FIELD
PENALTY_LAP = 5 * FIELD
TYRE = 6 * FIELD
FITTED = 7 * FIELD
USED = 8 * FIELD
MADE = 9 * FIELD
PLAN_AT = 10 * FIELD
WATER_FOR = 11 * FIELD
STOPPING = 12 * FIELD
RIVAL_LAP = 13 * FIELD
NEEDS = 14 * FIELD
KEYS = 15 * FIELD
NEXT = 16 * FIELD
AT = 17 * FIELD
WAS_AT = 18 * FIELD
LANE_I = 19 * FIELD
LUCK = LANE_I
LUCK_2 = LANE_I + 1 * BLOCK
STATUS = LANE_I + 2 * BLOCK
LEFT = LANE_I + 3 * BLOCK
SINCE = LANE_I + 4 * BLOCK
RAINING = LANE_I + 5 * BLOCK
GREEN = LANE_I + 6 * BLOCK
PENDING = LANE_I + 7 * BLOCK
RUNNING = LANE_I + 8 * BLOCK
NEUTRAL = LANE_I + 9 * BLOCK
RACING = LANE_I + 10 * BLOCK
HELP_GAP = LANE_I + 11 * BLOCK
LEAD_COST = LANE_I + 12 * BLOCK
STANDING = LANE_I + 13 * BLOCK
ON_WATER = LANE_I + 14 * BLOCK
CHANCES = LANE_I + 15 * BLOCK
LISTS = LANE_I + 17 * BLOCK
"""Lists of car * BLOCK + lane: those who stop, rivals of the lap before, rivals of this lap; the counts first."""
LIST = 32 * BLOCK + 8
STOPS = LISTS
RIVALS = LISTS + LIST
FRESH_RIVALS = LISTS + 3 * LIST
I_SIZE = LISTS + 5 * LIST
