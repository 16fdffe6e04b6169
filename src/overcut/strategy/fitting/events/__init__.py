"""What the lake teaches of everything in a race but pace."""

from __future__ import annotations

from overcut.lake import Lake
from overcut.strategy.fitting.events.calibrating import with_stops_as_made
from overcut.strategy.fitting.events.cautions import fit_cautions
from overcut.strategy.fitting.events.choosing import fit_choice
from overcut.strategy.fitting.events.decisions import decisions
from overcut.strategy.fitting.events.evidence import evidence
from overcut.strategy.fitting.events.penalising import fit_penalties
from overcut.strategy.fitting.events.raining import fit_rain
from overcut.strategy.fitting.events.retiring import fit_retirements
from overcut.strategy.fitting.events.seen import races_seen
from overcut.strategy.fitting.events.stinting import fit_stints
from overcut.strategy.fitting.events.stopping import fit_stops, stop_level
from overcut.strategy.fitting.events.traffic import CROWDING, fit_traffic
from overcut.strategy.parameters.events import GENERIC_EVENTS, EventParameters

__all__ = ["fit_events"]

FEWEST_RACES = 3
"""With fewer races nothing is learned: the generic figures stay."""


def fit_events(lake: Lake, *, before: str | None = None) -> EventParameters:
    """Passing, cautions, retirements, penalties, stops and rain, from the races of the lake since 2018.

    Args:
        lake: where laps, flags, weather, messages and results are.
        before: key of a session; only races of earlier rounds are read. All when None.

    Returns:
        the figures; the generic ones where there are fewer than `FEWEST_RACES` races.

    Raises:
        DamagedPartError: a file of the lake is missing or damaged.
    """
    seen, prior = races_seen(lake, before=before), GENERIC_EVENTS
    if seen.races.height < FEWEST_RACES:
        return prior
    cautions = fit_cautions(seen, prior.neutralisations)
    traffic = fit_traffic(seen, prior.traffic, (prior.pass_intercept, prior.dirty_air))
    stints = fit_stints(seen)
    rows = decisions(seen, stints)
    stops = fit_stops(rows, prior.stops)
    fitted = EventParameters(
        traffic=traffic.shared,
        crowding=CROWDING,
        pass_intercept=traffic.pass_intercept,
        dirty_air=traffic.dirty_air,
        neutralisations=cautions.shared,
        safety_car=cautions.safety_car,
        sc_after=cautions.sc_after,
        vsc_after=cautions.vsc_after,
        virtual=cautions.virtual,
        sc_lap_one=cautions.lap_one,
        retirements=fit_retirements(seen),
        penalties=fit_penalties(seen, prior.penalties),
        rain=fit_rain(seen, prior.rain),
        stops=stops,
        stop_level=stop_level(rows, stops),
        choice=fit_choice(rows, stints, prior.choice),
        stints=stints,
        evidence=evidence(seen, traffic.laps),
    )
    return with_stops_as_made(fitted, rows)
