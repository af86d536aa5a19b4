"""Which modes are the same in every plan within a tolerance of the cost, and which are arbitrary.

The tolerance is a cap on the first objective: floor(value of the plan x (1 + within)). A decision
(point, year) is *firm* if all plans up to the cap give it the mode of the plan, *arbitrary* if one
of them gives it another, *unknown* if neither was proved.

Exact solves answer, nothing is sampled:

- by the rules about modes alone: the modes least like the plan's that they leave. Where even these
  cannot differ the decision is firm, whatever it costs. This is a relaxation, which is solved fast;
- together: the plan up to the cap that is least like this one over all open decisions. Where it
  differs the decision is arbitrary; if no plan differs anywhere, all open ones are firm at once;
- one by one, where that does not settle them: the mode is forbidden. A plan up to the cap makes the
  decision arbitrary (and others in which it differs), the proof that there is none makes it firm.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from math import floor
from typing import Literal

from optimizer.audit.verify import verify
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.explain.robust.cost_cap import Decision, capped, unlike, without_mode
from optimizer.model.instance import Instance
from optimizer.solver.solve import Solution

Verdict = Literal["firm", "arbitrary", "unknown"]

FIRST = Fraction(99, 100)
"""A gap at which a solve ends with its first plan, good or not: it only matters that there is one."""

MODES_ALONE = frozenset(
    {
        "allowed_modes",
        "candidates_by_distance",
        "closes_with",
        "legal_moves",
        "minimum_stay",
        "one_mode",
        "yearly_pace",
    }
)
"""Constraints that look at nothing but modes. Fewer entries can only leave more plans."""

Solve = Callable[[Instance, Plan | None, Fraction], Solution]
"""Solves an instance, from a plan to begin with, to a gap."""


@dataclass(frozen=True)
class Answer:
    """One decision: its mode in the plan, the verdict; another mode and what that plan costs.

    by_rules: of a firm decision, whether rules about modes leave no other, whatever it costs.
    """

    point: str
    period: int
    mode: str
    verdict: Verdict
    by_rules: bool = False
    other: str = ""
    cost: int | None = None

    def to_json(self) -> dict[str, object]:
        """Return the answer as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Firmness:
    """All answers. value: of the plan. cap: how dear a plan within the tolerance may be."""

    within: Fraction
    value: int
    cap: int
    answers: tuple[Answer, ...]
    interrupted: bool = False

    def count(self, verdict: Verdict) -> int:
        """Return how many decisions have the verdict."""
        return sum(answer.verdict == verdict for answer in self.answers)

    def to_json(self) -> dict[str, object]:
        """Return all answers as plain data."""
        verdicts: tuple[Verdict, ...] = ("firm", "arbitrary", "unknown")
        return {
            "within": str(self.within),
            "value": self.value,
            "cap": self.cap,
            **{verdict: self.count(verdict) for verdict in verdicts},
            "decisions": [answer.to_json() for answer in self.answers],
            "interrupted": self.interrupted,
        }


def decisions(instance: Instance) -> list[Decision]:
    """Return every (point, year) in which the kind of the point allows more than one mode."""
    free = [p for p, kind in instance.points["kind"].items() if len(instance.kinds[kind]) > 1]
    return [(str(p), t) for p in free for t in instance.planned]


def cap_of(value: int, within: Fraction) -> int:
    """Return the most that a plan within the tolerance of `value` may cost."""
    return value + floor(abs(value) * within)


def firm(
    instance: Instance,
    plan: Plan,
    within: Fraction,
    solve: Solve,
    known: Iterable[Answer] = (),
    keep: Callable[[Firmness], None] = lambda found: None,
    time_is_up: Callable[[], bool] = lambda: False,
) -> Firmness:
    """Return for every decision of `plan` whether it is firm, arbitrary or unknown.

    known: answers of an earlier run of the same question; only unknown ones are asked again.
    keep: told what is known after every solve. time_is_up: asked before every solve. Ctrl-C during
    a solve ends it with what is known. Raises InputError if the plan breaks a rule.
    """
    audit = verify(instance, plan)
    if audit.violations:
        raise refuse(
            Text("the plan breaks constraints", "計画が制約に違反している"),
            Text("see `optimizer verify`", "`optimizer verify` で確かめる"),
        )
    value = audit.values[instance.objectives[0].id]
    inquiry = _Inquiry(instance, plan, within, value, solve, keep, time_is_up)
    inquiry.begin(known)
    inquiry.by_rules()
    inquiry.together()
    inquiry.one_by_one()
    return inquiry.found()


class _Inquiry:
    """The answers so far, and what asks for more of them."""

    def __init__(
        self,
        instance: Instance,
        plan: Plan,
        within: Fraction,
        value: int,
        solve: Solve,
        keep: Callable[[Firmness], None],
        time_is_up: Callable[[], bool],
    ) -> None:
        self.instance, self.plan, self.within, self.value = instance, plan, within, value
        self.cap = cap_of(value, within)
        self.city = capped(instance, self.cap)
        self.solve, self.keep, self.time_is_up = solve, keep, time_is_up
        self.answers: dict[Decision, Answer] = {}
        self.interrupted = False

    def begin(self, known: Iterable[Answer]) -> None:
        """Start with everything unknown but what an earlier run found."""
        for point, period in decisions(self.instance):
            mode = str(self.plan.modes[point, period])
            self.answers[point, period] = Answer(point, period, mode, "unknown")
        for answer in known:
            here = self.answers.get((answer.point, answer.period))
            if here is not None and here.mode == answer.mode:
                self.answers[answer.point, answer.period] = answer

    def found(self) -> Firmness:
        """Return what is known."""
        answers = tuple(self.answers.values())
        return Firmness(self.within, self.value, self.cap, answers, self.interrupted)

    def open(self) -> list[Decision]:
        """Return the decisions that nothing is known of."""
        return [d for d, answer in self.answers.items() if answer.verdict == "unknown"]

    def by_rules(self) -> None:
        """Find the decisions that the rules about modes settle alone.

        A plan of the relaxation says nothing of the others but that these rules do not settle them.
        """
        left = self.open()
        kept = tuple(e for e in self.instance.entries if e.type_name() in MODES_ALONE)
        relaxed = replace(self.instance, entries=kept)
        while left and not self._over():
            solution = self.solve(unlike(relaxed, self.plan, left), self.plan, Fraction(0))
            bound = solution.outcome.stages[0].bound
            if bound is not None and bound >= len(left):
                for decision in left:
                    answer = replace(self.answers[decision], verdict="firm", by_rules=True)
                    self.answers[decision] = answer
                left = []
            modes = self.plan.modes if solution.plan is None else solution.plan.modes
            alike = [d for d in left if modes[d] == self.answers[d].mode]
            left = alike if len(alike) < len(left) else []
            self._after(solution)

    def together(self) -> None:
        """Look for plans that differ in as many open decisions as possible, until none does."""
        while (left := self.open()) and not self._over():
            city = unlike(self.city, self.plan, left)
            solution = self.solve(city, self.plan, Fraction(0))
            differed = self._learn(solution)
            bound = solution.outcome.stages[0].bound
            if bound is not None and bound >= len(left):
                self._settle(left, "firm")
            self._after(solution)
            if not differed:
                return

    def one_by_one(self) -> None:
        """Forbid the mode of each decision that is still open."""
        for point, period in self.open():
            if self.answers[point, period].verdict != "unknown" or self._over():
                continue  # a plan found for another one answered it
            mode = self.answers[point, period].mode
            city = without_mode(self.city, point, period, mode)
            first = city.objectives[0].model_copy(update={"share": 100})
            solution = self.solve(replace(city, objectives=(first,)), None, FIRST)
            self._learn(solution)
            stage = solution.outcome.stages[0]
            beyond = stage.bound is not None and stage.bound > self.cap
            if solution.plan is None and (stage.status == "infeasible" or beyond):
                self._settle([(point, period)], "firm")
            self._after(solution)

    def _over(self) -> bool:
        return self.interrupted or self.time_is_up()

    def _after(self, solution: Solution) -> None:
        self.interrupted = self.interrupted or solution.interrupted
        self.keep(self.found())

    def _settle(self, which: list[Decision], verdict: Verdict) -> None:
        for decision in which:
            if self.answers[decision].verdict == "unknown":
                self.answers[decision] = replace(self.answers[decision], verdict=verdict)

    def _learn(self, solution: Solution) -> bool:
        """Note every open decision in which the plan of `solution` differs; whether there is one.

        The plan is trusted only after its own audit.
        """
        if solution.plan is None or verify(self.city, solution.plan).violations:
            return False
        cost = self.instance.objectives[0].value(self.instance, solution.plan)
        differed = False
        for decision in self.open():
            other = str(solution.plan.modes[decision])
            if other != self.answers[decision].mode:
                self.answers[decision] = replace(
                    self.answers[decision], verdict="arbitrary", other=other, cost=cost
                )
                differed = True
        return differed
