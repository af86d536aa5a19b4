"""Weighted: several objectives in one stage, as a sum with whole weights."""

from typing import Annotated, Any, NamedTuple

from pydantic import Field, ValidationError, field_serializer, field_validator
from pydantic_core import PydanticCustomError

from optimizer.objectives import registry
from optimizer.rules import Affine, Decisions, Instance, Objective, Plan, Problem, Text

HEAVIEST = 10**9


class Part(NamedTuple):
    """An objective and what one of its units counts in the sum."""

    objective: Objective
    weight: int


class Weighted(Objective):
    """Sum of weight x value over the objectives of `terms`, each {type, weight, its parameters}: the
    weighting method (Cohon, Multiobjective Programming and Planning, 1978). With whole decisions
    not every efficient plan is best for some weights; a stage each and a `slack` reach the others.
    """

    parts: Annotated[
        tuple[Part, ...], Field(alias="terms", min_length=1, description="weighted objectives")
    ]

    name = Text("weighted sum", "加重和")
    unit = "points"

    @field_validator("parts", mode="before")
    @classmethod
    def read_parts(cls, value: Any) -> Any:
        """Turn tables of instance.toml into objectives; what is no list is left to pydantic."""
        return tuple(map(_part, value)) if isinstance(value, list | tuple) else value

    @field_serializer("parts")
    def write_parts(self, parts: tuple[Part, ...]) -> list[dict[str, Any]]:
        """Turn objectives into the tables that they were read from."""
        return [
            {
                "type": part.objective.type_name(),
                "weight": part.weight,
                **part.objective.model_dump(mode="json", exclude={"id", "slack", "share"}),
            }
            for part in parts
        ]

    @property
    def title(self) -> Text:
        """The sum as it is counted, such as "1 x staff cost + 3 x case-weighted travel"."""
        sums = [
            " + ".join(f"{p.weight:,} x {p.objective.title.say(lang)}" for p in self.parts)
            for lang in ("en", "ja")
        ]
        return Text(f"{self.name.en} ({sums[0]})", f"{self.name.ja}({sums[1].replace(' x ', '×')})")

    @classmethod
    def example(cls) -> Objective:
        terms = [{"type": "staff_cost", "weight": 1}, {"type": "travel", "weight": 3}]
        return cls.model_validate({"terms": terms})

    def problems(self, instance: Instance) -> list[Problem]:
        return [p for part in self.parts for p in part.objective.problems(instance)]

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        first, *others = [p.objective.terms(instance, x) * p.weight for p in self.parts]
        return sum(others, start=first)

    def value(self, instance: Instance, plan: Plan) -> int:
        return sum(p.weight * p.objective.value(instance, plan) for p in self.parts)


def _part(raw: Any) -> Part:
    """Return the table `raw` as a Part. Raises what pydantic turns into a problem."""
    if isinstance(raw, Part):
        return raw
    values = dict(raw) if isinstance(raw, dict) else {}
    name, weight = values.pop("type", ""), values.pop("weight", None)
    name = name if isinstance(name, str) and name.isprintable() else ""
    kinds = {known: kind for known, kind in registry().items() if kind is not Weighted}
    if name not in kinds:
        known = ", ".join(kinds)
        raise PydanticCustomError(
            "no_such_objective", "no such objective: {type}; one of: {known}", _said(name, known)
        )
    if type(weight) is not int or not 1 <= weight <= HEAVIEST:
        raise PydanticCustomError(
            "weight_due", "{type} needs a whole weight from 1 to 1,000,000,000", _said(name)
        )
    for alone in ("id", "slack", "share"):
        if alone in values:
            raise PydanticCustomError(
                "stage_only", "{known} belongs to the sum, not to {type}", _said(name, alone)
            )
    try:
        return Part(kinds[name].model_validate(values), weight)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        why = fault["msg"].replace("{", "(").replace("}", ")")  # braces would be fields
        raise PydanticCustomError(
            "wrong_part", "{type}: {known}: " + why, _said(name, place)
        ) from None


def _said(name: str, known: str = "") -> dict[str, Any]:
    return {"type": name or "?", "known": known}
