"""The shape of instance.toml and policy.toml: names, types, bounds. Unknown keys are errors."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from optimizer.files.presets import PresetOptions
from optimizer.model.outcome import Contradiction, Outcome, Stage

Whole = Annotated[int, Field(ge=0, le=10**9, strict=True)]
DecimalText = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?$", max_length=40)]
InstanceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Number = Whole | Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A whole number, or the name of an assumption that holds one."""


class Strict(BaseModel):
    """Base: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Strict):
    """A text in both languages."""

    en: str
    ja: str


class Bounds(Strict):
    """Where every point of the city lies, in degrees."""

    lat_min: DecimalText
    lat_max: DecimalText
    lng_min: DecimalText
    lng_max: DecimalText


class PeriodSpec(Strict):
    """A planning period: its fiscal year and how many years it stands for."""

    period: Whole
    years: Annotated[int, Field(ge=1, le=50, strict=True)] = 1


class ServiceSpec(Strict):
    """A service and the work it takes."""

    id: str
    en: str
    ja: str
    minutes: Number
    ward_bound: bool = False


class ModeSpec(Strict):
    """A mode: what it serves, who runs it, what it costs."""

    id: str
    en: str
    ja: str
    run_by: Literal["city", "partner", "none"]
    serves: tuple[str, ...] = ()
    crew: Number = 0
    running_cost: Number = 0
    fee: Number = 0
    move_in_cost: Number = 0


class KindSpec(Strict):
    """A kind of point and the modes it can have."""

    id: str
    en: str
    ja: str
    modes: tuple[str, ...]


def at_least_one(circuity: str) -> str:
    """Return the circuity unless it would make ways shorter than the straight line."""
    if Decimal(circuity) < 1:
        raise PydanticCustomError(
            "circuity_below_one", "a way is never shorter than the straight line: at least 1"
        )
    return circuity


class TravelSpec(Strict):
    """How metres of travel follow from the cells of travel.csv."""

    circuity: Annotated[DecimalText, AfterValidator(at_least_one)]
    circuity_origin: Bilingual
    crs: str
    in_district: dict[str, Number]


class StaffSpec(Strict):
    """What a person costs and can do; how many are in community support today."""

    wage: Number
    person_minutes: Number
    community_today: Number = 0


class ExtensionSpec(Strict):
    """Longer opening hours as an option: minutes more per person, yen a year per counter."""

    minutes: Number
    cost: Number


class DemandSpec(Strict):
    """Cases = base x rate x remaining; with two services, `share` of them go to the first."""

    services: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)]
    base: Literal["residents", "residents65", "residents75"]
    rate: str
    remaining: str | None = None
    share: str | None = None


class AssumptionSpec(Strict):
    """A number that nobody published, or the published one that replaced it."""

    value: Whole | DecimalText | dict[str, DecimalText]
    unit_en: str
    unit_ja: str
    reason_en: str
    reason_ja: str
    assumed: bool
    source: str = ""

    @model_validator(mode="after")
    def published_or_assumed(self) -> "AssumptionSpec":
        """A number is either assumed or has a source."""
        if self.assumed == bool(self.source):
            raise PydanticCustomError(
                "published_or_assumed",
                "give `assumed = true`, or `assumed = false` with a source",
            )
        return self


class ClaimSpec(Strict):
    """A sentence about volumes, in a form that can be set beside the derived ones of today."""

    source: str
    test: Literal["largest", "at_least_median", "service_share", "trend"]
    points: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    per_cent: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None

    @model_validator(mode="after")
    def compares_something(self) -> "ClaimSpec":
        """A claim names what its test compares, so that it can also disagree."""
        share = bool(self.among and self.services) and self.per_cent is not None
        others = bool(self.points) and bool(set(self.among) - set(self.points))
        fits = {"service_share": share, "trend": bool(self.points)}
        if not fits.get(self.test, others):
            raise PydanticCustomError(
                "claim_compares_nothing",
                "give `points` (and `among` with others), or `among`, `services` and `per_cent`",
            )
        return self


class InstanceSpec(Strict):
    """The whole of instance.toml; constraints and objectives are checked by their own classes."""

    format: Literal[1]
    id: InstanceId
    name: Bilingual
    bounds: Bounds
    travel: TravelSpec
    staff: StaffSpec
    extension: ExtensionSpec | None = None
    period: Annotated[tuple[PeriodSpec, ...], Field(min_length=2)]
    service: Annotated[tuple[ServiceSpec, ...], Field(min_length=1)]
    mode: tuple[ModeSpec, ...]
    kind: tuple[KindSpec, ...]
    moves: tuple[tuple[str, str], ...] = ()
    demand: tuple[DemandSpec, ...]
    assumptions: dict[str, AssumptionSpec]
    constraint: tuple[dict[str, Any], ...] = ()
    objective: Annotated[tuple[dict[str, Any], ...], Field(min_length=1)]
    claim: tuple[ClaimSpec, ...] = ()
    note: tuple[Bilingual, ...] = ()


class SentenceSpec(Strict):
    """One sentence of the policy."""

    id: Annotated[str, StringConstraints(pattern=r"^P[0-9]{2,3}$")]
    section: str
    ja: str
    en: str
    kind: Literal["rule", "fact", "choice", "outside"]
    why_ja: str = ""
    why_en: str = ""


class PolicySpec(Strict):
    """The whole of policy.toml."""

    title: str
    author: str
    date: str
    sentence: tuple[SentenceSpec, ...]


class PresetOptionsSpec(Strict):
    """What a benchmark file was read as: its preset, format and numbers."""

    preset: str
    format: str
    p: Whole | None = None
    metres: DecimalText | None = None
    parts: Annotated[int, Field(ge=1, le=100, strict=True)] | None = None
    capacity: Whole | None = None

    def asked(self) -> PresetOptions:
        """Return the same for the reader."""
        metres = None if self.metres is None else Decimal(self.metres)
        return PresetOptions(self.preset, self.format, self.p, metres, self.parts, self.capacity)


class ManifestSpec(BaseModel):
    """What of a manifest the audit relies on; the rest is for people."""

    format: Literal[1, 2]
    instance: InstanceId
    fingerprint: str
    problem: PresetOptionsSpec | None = None
    scenario: str | None = None
    versions: dict[str, str] = {}
    changes: tuple[str, ...] = ()
    rules: str = ""
    inputs: dict[str, str]
    outputs: dict[str, str]


class ContradictionSpec(Strict):
    """A claim of a stage that a plan refuted."""

    method: Literal["engine", "location", "carried"]
    bound: int | None
    part: bool = False


class StageSpec(Strict):
    """One stage of outcome.json."""

    objective: str
    status: Literal["optimal", "feasible", "infeasible", "unbounded", "unknown"]
    value: int | None
    bound: int | None
    seconds: float
    interrupted: bool
    method: Literal["engine", "location", "carried"] = "engine"
    divided: int | None = None
    contradiction: ContradictionSpec | None = None
    gap: str | None

    def claims(self) -> Stage:
        """Return the stage."""
        stage = Stage(**self.model_dump(exclude={"gap", "contradiction"}))
        if self.contradiction is None:
            return stage
        return replace(stage, contradiction=Contradiction(**self.contradiction.model_dump()))


class OutcomeSpec(Strict):
    """The whole of outcome.json."""

    engine: str
    version: str
    stages: Annotated[tuple[StageSpec, ...], Field(min_length=1)]
    requested_gap: str
    status: str
    values: dict[str, int]

    def claims(self) -> Outcome:
        """Return what was claimed of the solve."""
        stages = tuple(stage.claims() for stage in self.stages)
        return Outcome(self.engine, self.version, stages, self.requested_gap)
