"""What a circuit's races are like, as far as strategy depends on it: tyres, pit lane, traffic, cautions, weather.

Every figure is in seconds, laps or a probability per lap. Those that were estimated carry their own uncertainty, which
each simulated race draws anew, so that what we do not know widens the forecast.
"""

from __future__ import annotations

import msgspec

from overcut.domain.tyres import Compound


class Estimate(msgspec.Struct, frozen=True):
    """A fitted figure: its mean and the standard deviation of what we do not know of it (normal; 0: taken as known)."""

    mean: float
    sd: float = 0.0


class TyreModel(msgspec.Struct, frozen=True):
    """What a set of one compound costs a lap, against a new warm set of the circuit's reference compound.

    Lap time of a set of age ``a`` (laps done on it before this one):
    ``offset + wear*a + curvature*a**2 + cliff*max(0, a - life)`` (the wear terms times the car's wear factor), and
    ``warm_up`` more on the first lap after it was fitted.

    Attributes:
        compound: which.
        offset_s: against the reference compound; negative is faster.
        wear_s: per lap of age.
        curvature_s: per lap of age squared.
        life_laps: age at which the cliff begins.
        cliff_s: per lap beyond the life.
        warm_up_s: on the out-lap, beyond the pit loss.
        typical_stint_laps: the middle of what teams ran on it here; the stop behaviour measures age by it.
    """

    compound: Compound
    offset_s: Estimate
    wear_s: Estimate
    curvature_s: Estimate = Estimate(0.0)
    life_laps: Estimate = Estimate(60.0)
    cliff_s: Estimate = Estimate(0.0)
    warm_up_s: Estimate = Estimate(0.0)
    typical_stint_laps: float = 20.0


class WetPace(msgspec.Struct, frozen=True):
    """What water costs each kind of tyre, by ``wetness`` (0 dry, 1 standing water), linear between the knots.

    Attributes:
        knots: wetness at which the costs are given, ascending from 0 to 1.
        dry_s: slicks, against the dry lap. ``intermediate_s``, ``wet_s``: likewise, against a dry lap on slicks.
        noise_factor: how much wider the lap noise is at wetness 1.
        retirement_factor: how much likelier a retirement is at wetness 1.
    """

    knots: tuple[float, ...]
    dry_s: tuple[float, ...]
    intermediate_s: tuple[float, ...]
    wet_s: tuple[float, ...]
    noise_factor: float = 2.0
    retirement_factor: float = 3.0


class WeatherModel(msgspec.Struct, frozen=True):
    """Rain as a chain of two states per lap, and the water that it leaves.

    Attributes:
        rain_begins: probability per lap that rain begins while it is dry.
        rain_ends: probability per lap that it ends while it rains.
        intensity: mean wetness gained per lap of rain; each rain draws its own, exponential, at most ``4 x`` the mean.
        drying: wetness lost per lap without rain.
        pace: what water costs.
        switch_at_s: a team changes between slicks, intermediates and wets once the other kind is quicker by this much a
            lap; ``switch_spread_s`` is the spread of that threshold from car to car and race to race.
        switch_spread_s: see above.
    """

    rain_begins: float
    rain_ends: float
    intensity: float
    drying: float
    pace: WetPace
    switch_at_s: float = 1.5
    switch_spread_s: float = 1.5


class PitModel(msgspec.Struct, frozen=True):
    """What a stop costs.

    Attributes:
        loss_s: a clean stop under green: in-lap and out-lap together, against two ordinary laps, without warm-up.
        loss_sc_s: the same against cars behind the safety car; ``loss_vsc_s``: under a virtual one.
        in_lap_share: part of the loss that falls on the in-lap, before the line.
        excess_s: quantiles, equally spaced from 0 to 1, of what a stop costs beyond a clean one (slow stops included).
        double_stack_s: waiting time of the second car where a team stops both on one lap within ``pit box`` reach.
    """

    loss_s: Estimate
    loss_sc_s: Estimate
    loss_vsc_s: Estimate
    in_lap_share: float
    excess_s: tuple[float, ...]
    double_stack_s: float = 3.5


class TrafficModel(msgspec.Struct, frozen=True):
    """What other cars do to a lap.

    At the end of each lap a car that would be ahead of the one in front passes with probability
    ``logistic(pass_intercept + pass_per_s*min(3, a) + drs*[it had help] + train*[so had the car in front])``, where
    ``a`` is by how many seconds it would be ahead, and a car has help where it is allowed and the lap began within the
    help gap. Otherwise it stays ``follow_s`` behind.

    Attributes:
        follow_s: least gap at the line between cars that do not pass.
        dirty_air_s: loss per lap right behind another car, falling linearly to none at ``dirty_air_range_s``.
        dirty_air_range_s: see above.
        pass_intercept: log-odds of getting by, this circuit's own; the harder the circuit, the lower.
        pass_per_s: per second by which the car would be ahead.
        drs: with help (DRS, overtake mode). ``train``: when the car in front has it as well.
        train: see above.
        pass_cost_s: what a pass costs the one who passes; ``passed_cost_s`` the one who is passed.
        passed_cost_s: see above.
        blue_flag_s: what a car loses each time the leader laps it; ``lapping_s`` what the leader loses.
        lapping_s: see above.
        lap_one_free: on how many laps after a caution cars pass as they can; after a standing start they always do, on
            its first lap. 0: of cars within 0.7 s at the line behind the safety car 16 % changed places on the next
            lap from 2018 to 2022, of those within as much on a green lap 27 %.
    """

    follow_s: float
    dirty_air_s: Estimate
    dirty_air_range_s: float
    pass_intercept: Estimate
    pass_per_s: float
    drs: float
    train: float
    pass_cost_s: float = 0.2
    passed_cost_s: float = 0.3
    blue_flag_s: float = 1.0
    lapping_s: float = 0.2
    lap_one_free: int = 0


class StartModel(msgspec.Struct, frozen=True):
    """The start and the first lap.

    Attributes:
        slot_s: what each place further back on the grid costs at the end of lap 1.
        first_lap_s: lap 1 of the pole sitter against an ordinary lap.
        spread_s: standard deviation of a car's first lap, which makes places change.
        restart_spread_s: the same after a standing restart.
    """

    slot_s: float
    first_lap_s: float
    spread_s: float
    restart_spread_s: float


class Neutralisations(msgspec.Struct, frozen=True):
    """How often and how long the race is neutralised.

    Attributes:
        sc_per_lap: probability per green lap of a safety car for reasons that the simulation does not show.
        vsc_per_lap: of a virtual one.
        sc_after_retirement: probability that a retirement brings out the safety car; ``vsc_after_retirement`` likewise.
        vsc_after_retirement: see above.
        sc_lap_one: probability of a safety car on lap 1 (or 2), beyond those by retirements.
        red_share: share of safety cars that become a red flag.
        sc_laps: probability of lasting 1, 2, 3, … laps; ``vsc_laps`` likewise.
        vsc_laps: see above.
        sc_pace: lap time of the leader behind the safety car, times an ordinary lap; ``catch_up_pace`` that of cars
            still closing up; ``vsc_pace`` of everybody under a virtual one.
        catch_up_pace: see above.
        vsc_pace: see above.
        queue_s: gap between cars behind the safety car.
        lapped_unlap: whether lapped cars get their lap back behind the safety car.
    """

    sc_per_lap: Estimate
    vsc_per_lap: Estimate
    sc_after_retirement: float
    vsc_after_retirement: float
    sc_lap_one: float
    red_share: float
    sc_laps: tuple[float, ...]
    vsc_laps: tuple[float, ...]
    sc_pace: float = 1.45
    catch_up_pace: float = 1.25
    vsc_pace: float = 1.32
    queue_s: float = 0.9
    lapped_unlap: bool = True


class RetirementModel(msgspec.Struct, frozen=True):
    """Where on the course of a race cars retire; how often is each car's own.

    Attributes:
        lap_one_factor: how much likelier lap 1 is than another lap.
    """

    lap_one_factor: float = 10.0


class PenaltyModel(msgspec.Struct, frozen=True):
    """Time penalties: served at the next stop, else added at the end.

    Attributes:
        per_lap: probability per car and lap. ``seconds``, ``shares``: which, and how often each.
    """

    per_lap: float
    seconds: tuple[float, ...] = (5.0, 10.0)
    shares: tuple[float, ...] = (0.8, 0.2)


class NoiseModel(msgspec.Struct, frozen=True):
    """How laps scatter around what the model says.

    Attributes:
        quantiles: of a lap's deviation in units of the car's ``noise_s``, equally spaced from 0 to 1 (257 of them do);
            heavy towards slow laps, of mean 0.
        stint_s: standard deviation of a car's shift from stint to stint; ``drift_s`` of its step from lap to lap
            (a random walk within the stint, from 0 on its first lap).
        drift_s: see above.
        drift_kept: share of the drift that the next lap keeps, so that it fades (first-order autoregression):
            ``drift = drift_kept * drift + drift_s * normal``; 1 is a random walk without end.
    """

    quantiles: tuple[float, ...]
    stint_s: float
    drift_s: float
    drift_kept: float = 1.0


class StopBehaviour(msgspec.Struct, frozen=True):
    """When teams stop whose plan is not given: log-odds of stopping at the end of a lap.

    ``intercept + age(r) + remaining(f) + need(f)*[another compound must be used] + safety_car|virtual + rival``,
    where ``r`` is the tyre's age over its typical stint here and ``f`` the share of the race that remains. The curves
    are linear between knots.

    Attributes:
        intercept: log-odds of all at 0.
        age_knots, age: the curve over ``r``. ``remaining_knots``, ``remaining``, ``need``: those over ``f``.
        safety_car, virtual: added under either, scaled by ``min(1, r / 0.5)``.
        rival: added when the car just ahead or behind, within ``rival_s``, stopped on the lap before.
        rival_s: see above.
    """

    intercept: float
    age_knots: tuple[float, ...]
    age: tuple[float, ...]
    remaining_knots: tuple[float, ...]
    remaining: tuple[float, ...]
    need: tuple[float, ...]
    safety_car: float
    virtual: float
    rival: float
    rival_s: float = 3.0


class CompoundChoice(msgspec.Struct, frozen=True):
    """Which dry compound a team takes that stops without a plan: soft-max over the allowed ones of
    ``bias + short*max(0, remaining - stint)/stint + long*max(0, stint - remaining)/stint`` with the compound's typical
    stint and the laps that remain; one that is still needed is taken where this is the last likely stop.

    Attributes:
        compounds: in the order of ``bias``. ``short``, ``long``: weights; negative.
        bias: see above.
        short: see above.
        long: see above.
    """

    compounds: tuple[Compound, ...]
    bias: tuple[float, ...]
    short: float
    long: float


class CircuitModel(msgspec.Struct, frozen=True):
    """All that the simulator needs to know of races at one circuit in one season.

    Attributes:
        circuit_id: by F1DB id; ``generic`` for none. ``season``: the year that it stands for.
        laps: race distance.
        lap_s: a lap of the reference car on a new set of the reference compound with an empty tank, late in a dry race.
        fuel_s: lap time per lap of fuel still aboard. ``evolution_s``: lap time lost per lap that the race is younger
            than its end, beyond fuel (the track gets quicker).
        evolution_s: see above.
        tyres: dry compounds first, then INTERMEDIATE and WET (their age terms; water is in ``weather``).
        reference: the compound of offset 0.
    """

    circuit_id: str
    season: int
    laps: int
    lap_s: Estimate
    fuel_s: Estimate
    evolution_s: Estimate
    reference: Compound
    tyres: tuple[TyreModel, ...]
    pit: PitModel
    traffic: TrafficModel
    start: StartModel
    neutralisations: Neutralisations
    retirements: RetirementModel
    penalties: PenaltyModel
    noise: NoiseModel
    weather: WeatherModel
    stops: StopBehaviour
    choice: CompoundChoice
