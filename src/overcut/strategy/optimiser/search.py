"""Which plan is best for this car from here? Answers that come at once and get sharper.

Stages: (1) free air by dynamic programming: an answer in milliseconds, and the candidates; (2) rounds of simulated
races that thin the candidates out and look around the leaders; (3) the rivals' replies to the finalists; (4) the
finalists again, with luck that had no part in choosing them, so that the winner's value is not its good fortune; and
the window of the next stop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from overcut.strategy.model import Plan, Race, Scenario
from overcut.strategy.optimiser.answers import (
    LEAVES_OUT,
    SCHEMA_VERSION,
    SOLVED,
    GameTold,
    OptimiserAnswer,
    PlanValue,
    Quickest,
    RivalReply,
    Stage,
    StopWindow,
    told,
    valued,
)
from overcut.strategy.optimiser.candidates import (
    as_free_air,
    first_candidates,
    from_now,
    keeping_rules,
    nearby,
    reacting,
)
from overcut.strategy.optimiser.free_air import FreeAir, car_of, free_air, plan_cost
from overcut.strategy.optimiser.game import NO_REPLIES, Replies, relevant_rivals, replies_to
from overcut.strategy.optimiser.limits import PlanLimits, checked
from overcut.strategy.optimiser.objectives import Aim, Sample, Value, paired, pareto, utilities, value_of
from overcut.strategy.optimiser.plans import best_in_free_air
from overcut.strategy.optimiser.racing import Cancelled, Contest, Setting, with_plan
from overcut.strategy.optimiser.window import pit_window
from overcut.strategy.simulator import simulate


class Effort(msgspec.Struct, frozen=True):
    """How much is simulated.

    Attributes:
        candidates: of the first round. ``rounds``: (races for each candidate, how many stay) of each round.
        finalists: whose replies are sought, and which are run again. ``reply_races``: for each of a rival's options.
        final_races: of each finalist at the end, with fresh luck; 0: its races so far have to do. ``window_races``: of
            each lap of the window; 0: no window.
        replies: whether the rivals reply at all.
    """

    candidates: int = 40
    rounds: tuple[tuple[int, int], ...] = ((128, 16), (256, 10), (512, 6), (1024, 4))
    finalists: int = 3
    reply_races: int = 192
    final_races: int = 4096
    window_races: int = 768
    replies: bool = True

    @property
    def total(self) -> int:
        """About how many races that is, to tell progress by."""
        staying = self.candidates
        total = 0
        for races, keep in self.rounds:
            total += races * staying
            staying = keep * 2
        total += self.finalists * 2 * 4 * 8 * self.reply_races if self.replies else 0
        return total + (self.finalists + 2) * self.final_races + 17 * self.window_races


LIVE = Effort(24, ((64, 10), (192, 5), (448, 4)), 2, 128, 1024, 256)
"""For an answer well within a lap beside everything else that a live session asks of the machine."""
QUICK = Effort(12, ((64, 5), (192, 2)), 1, 0, 0, 0, replies=False)
"""For many questions at once (every driver of every race)."""


class Question(msgspec.Struct, frozen=True):
    """What is asked.

    Attributes:
        race: as it stands. ``driver``: racing number. ``scenario``: what shall happen, and plans of others if known.
        limits, aim, effort, seed, threads: how.
        known: plans that were good before (the last lap's finalists), to be candidates again.
    """

    race: Race
    driver: str
    scenario: Scenario = Scenario()
    limits: PlanLimits = PlanLimits()
    aim: Aim = Aim()
    effort: Effort = Effort()
    seed: int = 0
    threads: int | None = None
    known: tuple[Plan, ...] = ()


def optimise(question: Question, cancelled: Cancelled | None = None) -> Iterator[OptimiserAnswer]:
    """Answers, each sharper than the one before; the last has ``final`` set.

    Args:
        question: what is asked. ``cancelled``: asked before each batch of races; True ends the search.

    Raises:
        WrongUsageError: the question makes no sense (no such car, a tyre that is not there, …).
        NoPlanError: no plan keeps the rules from here.
        CancelledError: the caller no longer wants the answer.
    """
    search = _Search(question, cancelled)
    yield search.free_air()
    for number in range(len(question.effort.rounds)):
        yield search.round(number)
    if question.effort.replies:
        yield search.replies()
    yield search.finals()


def best_answer(question: Question, cancelled: Cancelled | None = None) -> OptimiserAnswer:
    """The last answer of `optimise`; errors as there."""
    *_, last = optimise(question, cancelled)
    return last


def assumptions(asked: Question) -> tuple[str, ...]:
    """What an answer to the question rests on, sentences for people."""
    race, limits = asked.race, asked.limits
    sets = (
        "Sets: new ones of every compound without limit, as none were given."
        if not limits.sets
        else "Sets: those that were given, and no others."
    )
    rules = race.rules
    compounds = "no compound is demanded in a sprint" if rules.sprint else f"{rules.compounds_required} dry compounds"
    stops = f", {rules.stops_required} stops" if rules.stops_required else ""
    others = "rivals reply to the finalists" if asked.effort.replies else "rivals go on as teams do"
    return (
        sets,
        f"Rules: {compounds} unless a wet tyre is used{stops}; {limits.most_stops} more stops at most.",
        f"Others: {others}; plans given for them are kept.",
        f"Parameters: {race.provenance or 'those of the race as given'}; drawn anew for each simulated race.",
    )


class _Search:
    """One question on its way through the stages."""

    def __init__(self, question: Question, cancelled: Cancelled | None) -> None:
        checked(question.limits, question.race)
        self._asked = question
        self._cancelled = cancelled
        self._air: FreeAir = free_air(question.race, question.driver, question.limits, question.scenario)
        self._quickest = best_in_free_air(self._air)
        self._setting = Setting(question.race, question.driver, question.scenario, question.seed, question.threads)
        self._contest = Contest(self._setting, question.aim, cancelled)
        self._simulated = 0
        self._replies: dict[Plan | None, Replies] = {}

    def free_air(self) -> OptimiserAnswer:
        """The quickest plan if nobody else were on the track."""
        return self._answer("free air", (), races=0)

    def round(self, number: int) -> OptimiserAnswer:
        """One round of races for those still in it, then a look around the leaders."""
        effort, contest = self._asked.effort, self._contest
        races, stay = effort.rounds[number]
        if number == 0:
            contest.join([None, *self._first()])
        contest.run(races)
        contest.keep(stay, always=(None, *contest.front()))
        if number + 1 < len(effort.rounds):
            leaders = [plan for plan in contest.racing[: max(2, stay // 4)] if plan is not None]
            around = nearby(self._air, leaders)
            contest.join(keeping_rules(self._air, around, self._asked.limits))
            contest.keep(2 * stay, always=(None, *contest.front()))
        names = self._shown()
        return self._answer(f"round {number + 1}", self._values(names, contest, names[0]), races=contest.races)

    def replies(self) -> OptimiserAnswer:
        """The rivals' replies to each finalist."""
        asked, finalists = self._asked, self._leaders(self._asked.effort.finalists)
        lead = with_plan(asked.scenario, asked.driver, finalists[0])
        outcome = simulate(
            asked.race, (lead,), races=asked.effort.reply_races * 2, seed=asked.seed + 400, threads=asked.threads
        )[0]
        rivals = relevant_rivals(outcome, asked.race, asked.driver)
        for plan in finalists:
            found = replies_to(self._setting, plan, rivals, asked.effort.reply_races, self._cancelled)
            self._replies[plan] = found
            self._simulated += found.simulated
        names = self._shown()
        return self._answer("replies", self._values(names, self._contest, names[0]), races=self._contest.races)

    def finals(self) -> OptimiserAnswer:
        """The finalists with fresh luck, after replies where sought, and the window of the best one's next stop."""
        asked = self._asked
        finalists = self._leaders(asked.effort.finalists)
        best, after = self._after_replies(finalists)
        names = list(dict.fromkeys([best, *self._shown()]))
        fresh = self._contest
        if asked.effort.final_races:
            fresh = Contest(self._setting, asked.aim, self._cancelled, seeds_at=300)
            fresh.join([*names, None])
            fresh.run(asked.effort.final_races)
            self._simulated += fresh.simulated
        values = self._values(names, fresh, best, after)
        within = self._replies.get(best, NO_REPLIES).within(asked.scenario)
        window = self._window(msgspec.structs.replace(self._setting, scenario=within), best)
        gain = utilities(fresh.sample(best), asked.aim) - utilities(fresh.sample(None), asked.aim)
        game = self._told(best, finalists[0]) if asked.effort.replies else None
        return self._answer("final", values, races=fresh.races, window=window, game=game, gain=value_of(gain))

    def _window(self, setting: Setting, best: Plan) -> StopWindow | None:
        asked = self._asked
        if not asked.effort.window_races:
            return None
        window, spent = pit_window(setting, self._air, best, asked.aim, asked.effort.window_races, self._cancelled)
        self._simulated += spent
        return window

    def _first(self) -> list[Plan]:
        asked = self._asked
        found = first_candidates(self._air, asked.effort.candidates)
        known = [from_now(plan, asked.race.lap) for plan in asked.known]
        return list(dict.fromkeys([*keeping_rules(self._air, known, asked.limits), *found]))

    def _leaders(self, most: int) -> list[Plan]:
        return [plan for plan in self._contest.racing if plan is not None][:most]

    def _shown(self) -> list[Plan]:
        """The finalists, and whoever is best by another objective."""
        front = [plan for plan in self._contest.front() if plan is not None]
        return list(dict.fromkeys([*self._leaders(max(self._asked.effort.finalists, 5)), *front]))

    def _after_replies(self, finalists: Sequence[Plan]) -> tuple[Plan, dict[Plan, Value]]:
        """The finalist that is worth most once the rivals have replied, and what each is worth then."""
        asked = self._asked
        if not self._replies:
            return finalists[0], {}
        samples: dict[Plan, Sample] = {}
        for plan in finalists:
            within = self._replies[plan].within(asked.scenario)
            contest = Contest(
                msgspec.structs.replace(self._setting, scenario=within), asked.aim, self._cancelled, seeds_at=600
            )
            contest.join([plan])
            contest.run(max(256, asked.effort.final_races // 2))
            samples[plan] = contest.sample(plan)
            self._simulated += contest.simulated
        worth = {plan: utilities(sample, asked.aim) for plan, sample in samples.items()}
        best = finalists[0]
        for plan in finalists[1:]:
            # The leader before the replies stays it unless another is better beyond chance.
            gain, error = paired(worth[plan], worth[best])
            if gain > error:
                best = plan
        return best, {plan: value_of(values) for plan, values in worth.items()}

    def _values(
        self, plans: Sequence[Plan], contest: Contest, best: Plan, after: dict[Plan, Value] | None = None
    ) -> tuple[PlanValue, ...]:
        """The best plan, the others by worth, and as teams do; on the contest's races."""
        aim = self._asked.aim
        order = [best, *(plan for plan in contest.racing if plan is not None and plan != best and plan in plans)]
        named: list[Plan | None] = [*order, None]
        samples = [contest.sample(plan) for plan in named]
        front = set(pareto(samples))
        return tuple(
            msgspec.structs.replace(
                valued(plan, sample, samples[0], aim, self._lost_in_free_air(plan)),
                pareto=index in front,
                after_replies=(after or {}).get(plan) if plan is not None else None,
            )
            for index, (plan, sample) in enumerate(zip(named, samples, strict=True))
        )

    def _lost_in_free_air(self, plan: Plan | None) -> float | None:
        if plan is None:
            return None
        known = as_free_air(self._air, plan)
        return plan_cost(self._air, known.start, known.stops) - self._quickest.cost_s

    def _told(self, best: Plan, before: Plan) -> GameTold:
        found = self._replies.get(best, NO_REPLIES)
        rivals = tuple(
            RivalReply(reply.driver, car_of(self._asked.race, reply.driver).driver, reply.plan, told(reply.plan))
            for reply in found.replies
        )
        return GameTold(SOLVED, LEAVES_OUT, rivals, found.settled, best != before)

    def _answer(
        self,
        stage: str,
        plans: tuple[PlanValue, ...],
        *,
        races: int,
        window: StopWindow | None = None,
        game: GameTold | None = None,
        gain: Value | None = None,
    ) -> OptimiserAnswer:
        asked = self._asked
        simulated = self._contest.simulated + self._simulated
        final = stage == "final"
        quickest = reacting(self._quickest.plan)
        return OptimiserAnswer(
            schema_version=SCHEMA_VERSION,
            session_key=asked.race.session_key,
            driver_number=asked.driver,
            driver=car_of(asked.race, asked.driver).driver,
            lap=asked.race.lap,
            aim=asked.aim,
            limits=asked.limits,
            seed=asked.seed,
            stage=Stage(stage, simulated, 1.0 if final else min(0.99, simulated / asked.effort.total)),
            final=final,
            races=races,
            quickest=Quickest(quickest, told(quickest)),
            plans=plans,
            window=window,
            game=game,
            gain=gain,
            assumptions=assumptions(asked),
        )
