"""Outcome: what an engine claims about a solve; a claim, until it is checked."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Literal

from optimizer.base.words import Text

Status = Literal["optimal", "feasible", "infeasible", "unbounded", "unknown"]
Method = Literal["engine", "location", "carried"]

LOCATION = Text("the location method", "立地専用解法")


@dataclass(frozen=True)
class Stage:
    """One objective of the list, by its id: the value attained, the bound claimed, and how it ended.

    method: what the bound comes from: an engine, the project's own method (`location/`), or a bound
    of an instance that leaves no less room (`proved`).
    divided: a bound that holds even if districts could be divided between counters, where known.
    """

    objective: str
    status: Status
    value: int | None
    bound: int | None
    seconds: float
    interrupted: bool = False
    method: Method = "engine"
    divided: int | None = None

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

    def claimant(self, stage: Stage) -> Text:
        """Return who claims the bound of `stage`."""
        if stage.method == "carried":
            return Text(
                f"{self.engine} by way of another case", f"{self.engine}(他のケースの証明による)"
            )
        return LOCATION if stage.method == "location" else Text(self.engine, self.engine)

    def as_data(self) -> dict[str, object]:
        """Return the outcome as plain data for JSON."""
        data = asdict(self)
        data["status"] = self.status
        for stage, row in zip(self.stages, data["stages"], strict=True):
            row["gap"] = None if stage.gap is None else f"{float(stage.gap):.6f}"
        return data
