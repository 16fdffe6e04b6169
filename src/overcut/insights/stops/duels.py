"""What would the car behind gain on the one ahead by stopping a lap before it, or after it, and why?

The quick form adds up what differs: the two cars' laps with the tyres that each would have, both stops and both
out-laps, up to the end of the later one's. The simulator's figure (`simulated`) counts the same thing in whole races.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from overcut.insights.stops.answers import DuelKind, DuelTerm
from overcut.insights.stops.lap_costs import Floats, LapCosts
from overcut.insights.stops.rivals import Outlook
from overcut.insights.stops.stop_loss import excess_sample
from overcut.insights.stops.traffic import held_up
from overcut.strategy.model import Race, TrackStatus

REACH_S = 5.0
"""A duel is looked at where the car behind is within this: beyond it no stop alone closes the gap."""

UNDERCUT_LAPS = 1
OVERCUT_LAPS = 2
"""By how many laps the second one stops later: the answer to an undercut comes at once, an overcut takes a little."""


class Contest(NamedTuple):
    """Who against whom: indices into the race's cars, the gap, who is first to stop, and what each fits (indices of
    compounds). ``laps``: by how many laps the second one stops later."""

    attacker: int
    rival: int
    gap_s: float
    kind: DuelKind
    laps: int
    attacker_fits: int
    rival_fits: int

    @property
    def first(self) -> int:
        """Who stops first."""
        return self.attacker if self.kind is DuelKind.UNDERCUT else self.rival


class QuickDuel(NamedTuple):
    """The analytic form: gain over the gap, its spread, the chance to be ahead, and what the gain is made of."""

    gain_s: float
    sd_s: float
    chance: float
    terms: tuple[DuelTerm, ...]


def contests(race: Race, fits: dict[int, int], reach_s: float = REACH_S) -> list[Contest]:
    """Every pair on track within reach, as undercut and as overcut, in order of the rival's place.

    Args:
        race: as it stands. ``fits``: for each car that may stop now, the index of the compound it would take.
        reach_s: least gap that is too large.
    """
    found: list[Contest] = []
    order = sorted((car for car, state in enumerate(race.states) if not state.retired),
                   key=lambda car: race.states[car].position)  # fmt: skip
    for rival, attacker in pairwise(order):
        gap = race.states[attacker].behind_s - race.states[rival].behind_s
        if not 0.0 <= gap < reach_s or attacker not in fits or rival not in fits:
            continue
        for kind, laps in ((DuelKind.UNDERCUT, UNDERCUT_LAPS), (DuelKind.OVERCUT, OVERCUT_LAPS)):
            if race.lap + 2 + laps <= race.circuit.laps:
                found.append(Contest(attacker, rival, gap, kind, laps, fits[attacker], fits[rival]))
    return found


def quick_duel(
    race: Race, contest: Contest, costs: LapCosts, ahead: Outlook, losses: Floats, passes: Floats
) -> QuickDuel:
    """The analytic form of one duel.

    With lap costs ``old`` (going on) and ``new`` (fresh set, by its age), ``n`` the last lap driven and ``k`` the laps
    between the stops, an undercut gains, up to the end of lap ``n+2+k``,
    ``sum(old_rival - old_attacker, n+1..n+1+k) + sum(old_attacker - new_attacker, n+2..n+1+k) - warm_up_attacker
    + (new_rival(0) + warm_up_rival - new_attacker(k)) + loss_rival - loss_attacker - traffic``; an overcut is the same
    with the parts exchanged.
    """
    k, first_lap = contest.laps, race.lap + 1
    early, late = contest.first, contest.rival if contest.first == contest.attacker else contest.attacker
    sign = 1.0 if contest.kind is DuelKind.UNDERCUT else -1.0
    early_fits = contest.attacker_fits if sign > 0 else contest.rival_fits
    late_fits = contest.rival_fits if sign > 0 else contest.attacker_fits
    between = np.arange(first_lap + 1, first_lap + 1 + k)
    fresh = _fresh(race, early, early_fits, costs, np.arange(k), between)
    old = ahead.lap_s[early, between]
    pace = float(
        (ahead.lap_s[late, first_lap : first_lap + 1 + k] - ahead.lap_s[early, first_lap : first_lap + 1 + k]).sum()
    )
    last = np.array([first_lap + 1 + k])
    out_lap = float(_fresh(race, late, late_fits, costs, np.zeros(1, np.int64), last)[0])
    calm = 1.0 - float(costs.neutral[last[0]])
    settled = float(_fresh(race, early, early_fits, costs, np.array([k]), last)[0])
    traffic = _traffic(race, early, early_fits, k, costs, ahead, losses, passes, late)
    undercut = contest.kind is DuelKind.UNDERCUT
    terms = (
        DuelTerm("pace on the present tyres", sign * pace),
        DuelTerm("fresh tyre" if undercut else "rival's fresh tyre", sign * float((old - fresh).sum())),
        DuelTerm("warm-up" if undercut else "rival's warm-up", -sign * calm * float(costs.warm_up_s[early_fits])),
        DuelTerm("rival's out-lap" if undercut else "own out-lap",
             sign * (out_lap + calm * float(costs.warm_up_s[late_fits]) - settled)),
        DuelTerm("stops", sign * float(losses[late, first_lap + k] - losses[early, first_lap])),
        DuelTerm("traffic" if undercut else "rival's traffic", -sign * traffic),
    )  # fmt: skip
    gain = sum(term.seconds for term in terms)
    spread = _spread_s(race, contest)
    excess = excess_sample(race.circuit)
    # Both stops' own slowness, each equally likely quantile against each.
    lucky = (excess[None, :] - excess[:, None]).ravel()
    chance = float(ndtr((gain + lucky - contest.gap_s) / spread).mean())
    sd = math.sqrt(spread**2 + 2.0 * float(excess.var()))
    return QuickDuel(gain, sd, chance, tuple(DuelTerm(term.name, round(term.seconds, 3)) for term in terms))


def _fresh(race: Race, car: int, fits: int, costs: LapCosts, ages: np.ndarray, laps: np.ndarray) -> Floats:
    """What laps on a set of that age cost the car, on `Outlook.lap_s`'s scale."""
    own = costs.age_s[car, fits, ages] + costs.water_s[fits, laps] + race.cars[car].pace_s.mean
    return own * (1.0 - costs.neutral[laps])


def _traffic(
    race: Race,
    car: int,
    fits: int,
    laps: int,
    costs: LapCosts,
    ahead: Outlook,
    losses: Floats,
    passes: Floats,
    rival: int,
) -> float:
    """What the one who stops first is expected to lose behind others until the second one has stopped."""
    lap = race.lap + 1
    if race.track.status is not TrackStatus.GREEN or lap + 2 > race.circuit.laps:
        return 0.0
    out = float(_fresh(race, car, fits, costs, np.zeros(1, np.int64), np.array([lap + 1]))[0])
    arrives = float(ahead.line_s[car, lap] + losses[car, lap] + out + costs.warm_up_s[fits])
    own = float(_fresh(race, car, fits, costs, np.ones(1, np.int64), np.array([lap + 2]))[0])
    gaps = arrives - ahead.line_s[:, lap + 1]
    others = [j for j in range(len(race.cars)) if j not in (car, rival) and ahead.running[j] and gaps[j] >= 0.0]
    if not others:
        return 0.0
    front = min(others, key=lambda j: gaps[j])
    quicker = float(ahead.lap_s[front, lap + 2]) - own
    stuck, lost = held_up(
        float(gaps[front]), quicker, float(ahead.stops[front, lap + 2]), passes, race.circuit.traffic.follow_s
    )
    return lost * min(1.0, laps / stuck) if stuck > 0 else 0.0


def _spread_s(race: Race, contest: Contest) -> float:
    """Standard deviation of the gain but for slow stops: lap noise, and what we do not know of pace and tyres."""
    laps, circuit = contest.laps + 2, race.circuit
    noise = laps * sum(race.cars[car].noise_s ** 2 for car in (contest.attacker, contest.rival))
    pace = sum(race.cars[car].pace_s.sd ** 2 for car in (contest.attacker, contest.rival)) * (contest.laps + 1) ** 2
    fits = {circuit.tyres[contest.attacker_fits].compound, circuit.tyres[contest.rival_fits].compound}
    fits |= {race.states[car].compound for car in (contest.attacker, contest.rival)}
    tyres = [tyre for tyre in circuit.tyres if tyre.compound in fits]
    offsets = max((tyre.offset_s.sd for tyre in tyres), default=0.0) * contest.laps
    warm_up = max((tyre.warm_up_s.sd for tyre in tyres), default=0.0)
    stint = circuit.noise.stint_s * laps
    return math.sqrt(noise + pace + offsets**2 + warm_up**2 + 2 * stint**2 / 4)
