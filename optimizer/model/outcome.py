"""Outcome: what an engine claims about a solve; a claim, until it is checked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Literal

from optimizer.base.words import Text

Status = Literal["optimal", "feasible", "infeasible", "unbounded", "unknown"]
Method = Literal["engine", "location", "carried"]

LOCATION = Text("the location method", "立地専用解法")


@dataclass(frozen=True)
class Contradiction:
    """A claim about a stage that a plan refutes: by whom (`method`), and the bound that was claimed,
    None for the claim that there is no plan at all. part: it was about a smaller question of the search.
    """

    method: Method
    bound: int | None
    part: bool = False


@dataclass(frozen=True)
class Stage:
    """One objective of the list, by its id: the value attained, the bound claimed, and how it ended.

    method: what the bound comes from: an engine, the project's own method (`location/`), or a bound
    of an instance that leaves no less room (`proved`).
    divided: a bound that holds even if districts could be divided between counters, where known.
    contradiction: a claim that a plan refuted; then nothing is proved.
    """

    objective: str
    status: Status
    value: int | None
    bound: int | None
    seconds: float
    interrupted: bool = False
    method: Method = "engine"
    divided: int | None = None
    contradiction: Contradiction | None = None

    def settled(self, value: int | None) -> "Stage":
        """Return the stage without what a plan of `value` refutes; the same where that is nothing.

        value: of the plan that is there; None if there is none.
        """
        if value is None or self.contradiction is not None:
            return self
        bounds = [b for b in (self.bound, self.divided) if b is not None and b > value]
        if bounds or self.status in ("infeasible", "unbounded"):
            false = Contradiction(self.method, max(bounds, default=None))
            kept = replace(self, status="feasible", bound=None, divided=None, contradiction=false)
            return replace(kept, value=value) if self.value is None else kept
        return self

    @property
    def gap(self) -> Fraction | None:
        """(value - bound) / value, exactly; None while either is missing."""
        if self.value is None or self.bound is None:
            return None
        if self.value == self.bound:
            return Fraction(0)
        return Fraction(self.value - self.bound, max(abs(self.value), 1))


@dataclass(frozen=True)
class Outcome:
    """What the engine claims: one `Stage` per objective, in their order."""

    engine: str
    version: str
    stages: tuple[Stage, ...]
    requested_gap: str = "0.1%"

    @property
    def status(self) -> Status:
        """The status of the first objective, the one that decides about counters and money."""
        return self.stages[0].status

    @property
    def gap(self) -> Fraction | None:
        """The gap of the first objective."""
        return self.stages[0].gap

    @property
    def contradicted(self) -> bool:
        """Whether a plan refuted something that was claimed."""
        return any(stage.contradiction is not None for stage in self.stages)

    def settled(self, values: Mapping[str, int]) -> "Outcome":
        """Return the outcome without what a plan with `values`, by objective, refutes."""
        stages = tuple(stage.settled(values.get(stage.objective)) for stage in self.stages)
        return replace(self, stages=stages)

    def claimant(self, stage: Stage) -> Text:
        """Return who claims the bound of `stage`."""
        return self.who(stage.method)

    def refuted(self, stage: Stage, value: str, bound: str) -> Text:
        """Return what a plan of `value` refutes of `stage`, whose false bound reads `bound`."""
        assert stage.contradiction is not None
        who = self.who(stage.contradiction.method)
        if stage.contradiction.part:
            return Text(
                f"contradiction: not proved. {who.en} claimed of a part of the search what its own"
                " solution refutes",
                f"矛盾: 未証明。{who.ja}は探索の一部について、自らの解と合わない主張をした",
            )
        if stage.contradiction.bound is None:
            return Text(
                f"contradiction: not proved. {who.en} claimed that there is no plan; here is one",
                f"矛盾: 未証明。{who.ja}は計画がないとしたが、この計画がある",
            )
        return Text(
            f"contradiction: not proved. {who.en} claimed that no plan is below {bound}; this one is"
            f" {value}",
            f"矛盾: 未証明。{who.ja}は{bound}を下回る計画はないとしたが、この計画は{value}である",
        )

    def who(self, method: Method) -> Text:
        """Return whose word a claim by `method` is."""
        if method == "carried":
            return Text(
                f"{self.engine} by way of another case", f"{self.engine}(他のケースの証明による)"
            )
        return LOCATION if method == "location" else Text(self.engine, self.engine)

    def as_data(self) -> dict[str, object]:
        """Return the outcome as plain data for JSON."""
        data = asdict(self)
        data["status"] = self.status
        for stage, row in zip(self.stages, data["stages"], strict=True):
            row["gap"] = None if stage.gap is None else f"{float(stage.gap):.6f}"
        return data
