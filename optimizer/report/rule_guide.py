"""The page that shows who writes a rule what there is to write it with, each line of it tried."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from optimizer import rules
from optimizer.model.algebra import FREE, Affine, Rows
from optimizer.model.build import build
from optimizer.model.decisions import Decisions
from optimizer.model.instance import Instance
from optimizer.model.program import Program

Lines = dict[str, str]

TOWN: Lines = {
    "instance = town()": "four districts, eight points, two planned years; `town_open_longer()` offers longer hours too",
    "instance.districts": "name, ward, room of its community worker, residents (all, 65+, 75+), a store in reach or not",
    "instance.points": "kind, ward (empty: none), mode today, name, yearly cost of the site, cases it can take",
    "instance.modes": "who runs it, least crew, running cost, fee a case, cost of moving into it",
    "instance.services": "names, minutes of work a case, bound to the ward or not",
    "instance.serves": "which mode serves which service",
    "instance.kinds": "the modes that a kind of point may take",
    "instance.city_modes": "the modes that the city runs itself",
    "instance.demand": "cases of a year",
    "instance.travel": "metres from a district to a point; a pair without a figure is missing",
    "instance.office_distances": "metres from counter to counter, where the city states them",
    "instance.links": "who could be sent where at all, one row each, with metres and cases",
    "instance.planned": "the periods that are decided; `instance.today` is the one before",
    "instance.previous(2018)": "the period before, today's for the first",
    "instance.person_minutes": "minutes that one person works in a year; `instance.wage` is yen",
}
PLAN: Lines = {
    "plan = town_plan()": "a plan of the town that every rule accepts; `town_plan_open_longer()` fits the other town",
    "plan.modes": "the mode of every point",
    "plan.assignments": "the point that a district is sent to",
    "plan.staff": "persons at the counter",
    "plan.served(instance)": "one row an assignment: labels, point, metres, cases, minutes",
    "plan.minutes(instance)": "minutes of work that a point is sent",
    "plan.capacity(instance)": "minutes that its staff can do",
    "plan.extended(instance)": "1 where it is open longer",
    "plan.extra['community_staff']": "what a rule decides for itself, by the name of its column",
    "plan.with_mode('B1', 2017, 'closed')": "a copy that differs in one mode",
    "plan.with_assignment('D1', 'welfare', 2017, 'B2')": "a copy that sends a district elsewhere",
    "plan.without_assignment('D1', 'welfare', 2017)": "a copy that sends it nowhere",
    "plan.with_staff('B1', 2017, 9)": "a copy with other staff",
    "plan.with_extra('community_staff', ('R1', 2017), 9)": "a copy with another number of a column of one's own",
    "modes_before(instance, plan)": "the mode of the period before, today's in the first",
    "baseline(instance)": "what is open today, with everybody at the nearest counter",
    "by_label('ward', {'A': 3, 'B': 1})": "a series with a key of one label, as readings take it",
    "at_most(plan.staff, 9).table": "readings; `at_least`, `exactly` and `nearer(low, high)` likewise",
}
DECISIONS: Lines = {
    "x.mode": "1 where the point has the mode",
    "x.mode_before": "the same of the period before; numbers in the first planned one",
    "x.enter": "at least 1 where the point moves into the mode; for prices and counts",
    "x.in_modes(['closed', 'store'])": "1 where the mode is one of these",
    "x.open": "1 where the point serves the service",
    "x.assign": "1 where the district is sent there",
    "x.links": "the table behind `assign`, a row a link",
    "x.by_link": "metres, cases and minutes by the labels of `assign`",
    "x.staff": "persons at the counter",
    "x.all_staff()": "of the whole city",
    "x.most_staff": "the most that `staff` can be",
    "x.capacity": "minutes of work that the staff can do",
    "x.work": "minutes of work that a counter is sent",
    "x.most_work": "the most that `work` can be",
    "x.all_work": "the same, only where anything can be sent",
    "x.extended": "1 where a counter is open longer; 0 where the city offers it not",
    "x.everywhere": "every point in every planned period",
    "x.new('guards', x.staff.index, 0, 5)": "decisions of a rule's own, published in `plan.extra`",
    "x.derive('my_rule over', x.staff.index, 0, x.most_staff, x.staff - 2)": "columns that follow from a plan: here the positive part; `rows` must hold them up",
}
AFFINE: Lines = {
    "x.staff + 1": "plus a number",
    "x.capacity - x.work": "minus what has the same labels",
    "x.mode - x.in_modes(['closed'])": "or fewer labels: it is repeated over those it lacks",
    "x.staff * instance.wage": "times a whole number",
    "x.assign * x.by_link['minutes']": "or times one number a label",
    "x.staff.sum(by=['period'])": "sums over all other labels",
    "x.staff.sum()": "over all",
    "x.mode.select(point='B1', mode=['closed'])": "the rows with these values",
    "x.assign.select((x.links['metres'] > 2000).to_numpy())": "the rows where a mask says so",
    "x.mode.rename(period='later')": "other names of labels, to meet itself at another place",
    "x.work.over(x.staff.index)": "the value for each label of another index; one that is missing is an error",
    "x.open.over(x.assign.index, fill=True)": "or 0",
    "x.staff >= 2": "rows; also `<=` and `==`",
    "(x.staff >= 2).select(x.most_staff.to_numpy() > 2)": "only some of the rows",
}
SECTIONS: dict[str, tuple[str, Lines]] = {
    "The example town": ("`instance` and what stands in it.", TOWN),
    "A plan of it": ("`plan`, and what checks and examples do with one.", PLAN),
    "Decisions": ("`x` in `rows(self, instance, x)`: the unknowns, all whole numbers.", DECISIONS),
    "Affine": ("What a rule makes of them: sums of columns, one for each label.", AFFINE),
}


def staff_of_each_ward(instance: Instance, x: Decisions) -> list[Rows]:
    """At least three persons work at the counters of every ward: a label of one's own."""
    points = x.staff.index.get_level_values("point")
    index = rules.extended(x.staff.index, ward=points.map(instance.points["ward"]))
    in_ward = x.staff.over(index).sum(by=["ward", "period"])
    return [in_ward >= 3]


def welfare_somewhere_else_than_in_the_ward_office(instance: Instance, x: Decisions) -> list[Rows]:
    """Welfare is to be had at a branch, too: one service of `open`, one kind of point."""
    branches = instance.points.index[instance.points["kind"] == "branch"]
    open_ = x.open.select(service="welfare", point=branches)
    return [open_.sum(by=["period"]) >= 1]


def closed_only_after_a_corner(instance: Instance, x: Decisions) -> list[Rows]:
    """A branch closes only where it was a service corner the period before: a stage."""
    branches = instance.points.index[instance.points["kind"] == "branch"]
    closed = x.mode.select(point=branches, mode="closed").sum(by=["point", "period"])
    already = x.mode_before.select(mode="closed").sum(by=["point", "period"])
    corner = x.mode_before.select(mode="service_corner").sum(by=["point", "period"])
    return [closed <= corner + already]


def few_persons_beyond_four(instance: Instance, x: Decisions) -> list[Rows]:
    """Persons beyond four at one counter are at most two in the city: a column of one's own.

    Begin its name with the id of the entry (`f"{self.id} beyond"`).
    """
    beyond = x.derive("crowd beyond", x.staff.index, 0, x.most_staff, x.staff - 4)
    return [beyond >= x.staff - 4, beyond.sum(by=["period"]) <= 2]


def mean_way(instance: Instance, x: Decisions) -> list[Rows]:
    """Cases go 1,500 m on average at most: a mean is a sum against its limit, never a division."""
    ways = x.by_link
    total = (x.assign * (ways["metres"] * ways["cases"])).sum(by=["service", "period"])
    cases = instance.demand.groupby(level=["service", "period"]).sum()
    return [total <= cases * 1500]


RECIPES: dict[str, Callable[[Instance, Decisions], list[Rows]]] = {
    "A ward label": staff_of_each_ward,
    "One service": welfare_somewhere_else_than_in_the_ward_office,
    "A stage from the period before": closed_only_after_a_corner,
    "A column of one's own": few_persons_beyond_four,
    "A weighted mean": mean_way,
}


def guide() -> str:
    """Return the page docs/rules.md: every line with what it gives in the example town."""
    names: dict[str, Any] = {"pd": pd, "np": np, **vars(rules)}
    names["x"] = build(rules.town(), []).decisions
    program = names["x"].program
    page = [
        "# What a rule is written with",
        "",
        "Generated by `optimizer constraints --guide docs/rules.md`, which runs every line. All names"
        " come from `optimizer.rules`; [developer.md](developer.md) shows a whole rule, and `optimizer"
        " constraints --new NAME` writes a file to begin with.",
    ]
    for title, (told, lines) in SECTIONS.items():
        page += ["", f"## {title}", "", told, "", "| line | what it is | gives |", "|---|---|---|"]
        for code, means in lines.items():
            page.append(f"| `{code}` | {means} | {shown(_value(code, names), program)} |")
    page += ["", "## Five recipes", "", "Each returns rows, as `rows` of a rule does."]
    for title, recipe in RECIPES.items():
        given = recipe(names["instance"], names["x"])
        page += ["", f"### {title}", "", "```python", _source(recipe), "```", ""]
        page += [f"{shown(rows, program)}  " for rows in given]
    return "\n".join(page) + "\n"


def _value(code: str, names: dict[str, Any]) -> Any:
    """Return what `code` gives; an assignment stays for the lines that follow."""
    name, equals, rest = code.partition(" = ")
    if equals and name.isidentifier():
        names[name] = eval(rest, names)
        return names[name]
    return eval(code, names)


def _source(recipe: Callable[..., Any]) -> str:
    """Return its code as a reader would write it: no annotations, the first line in one."""
    code = inspect.getsource(recipe).replace("rules.extended", "extended").rstrip()
    head = re.sub(
        r"\(\s*instance: Instance, x: Decisions\s*\) -> list\[Rows\]", "(instance, x)", code
    )
    return head


def shown(value: Any, program: Program) -> str:
    """Return in a few words what `value` is: its labels, how many, and its first row."""
    if isinstance(value, Affine):
        return _counted(value.index, _first(value, program))
    if isinstance(value, Rows):
        return _counted(value.index, _first_row(value, program))
    if isinstance(value, pd.DataFrame):
        columns = ", ".join(map(str, value.columns))
        return f"{_labels(value.index)} → {columns}; {_rows(value)}"
    if isinstance(value, pd.Series):
        label = _label(value.index[0])
        return _counted(value.index, f"{label}: {value.iloc[0]}")
    if isinstance(value, pd.Index):
        return f"{_labels(value)}; {_rows(value)}"
    if isinstance(value, rules.Plan):
        return "a Plan"
    if isinstance(value, Instance):
        return "an Instance"
    if isinstance(value, frozenset | set):
        return f"a set, e.g. {min(value)}".replace("'", "")
    if isinstance(value, dict):
        key = min(value)
        return f"a dict, e.g. {key}: {', '.join(value[key])}"
    return str(value).replace("'", "")


def _counted(index: pd.Index, first: str) -> str:
    return f"{_labels(index)}; {_rows(index)}, e.g. {first}"


def _rows(table: pd.Index | pd.DataFrame) -> str:
    return "1 row" if len(table) == 1 else f"{len(table)} rows"


def _labels(index: pd.Index) -> str:
    names = [str(name) for name in index.names if name is not None]
    return f"[{', '.join(names)}]" if names else "a table"


def _label(label: object) -> str:
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _first(value: Affine, program: Program) -> str:
    """Return the first row that holds a column, written out."""
    at = int(value.at.min(initial=0))
    here = value.at == at
    terms = _terms(value.column[here], value.coefficient[here], program)
    constant = int(value.constant[at])
    terms += [f"{'-' if constant < 0 else '+'} {abs(constant):,}"] if constant or not terms else []
    return f"{_label(value.index[at])}: {' '.join(terms).removeprefix('+ ')}"


def _first_row(rows: Rows, program: Program) -> str:
    at = int(rows.at.min(initial=0))
    here = rows.at == at
    left = " ".join(_terms(rows.column[here], rows.coefficient[here], program)).removeprefix("+ ")
    low, high = int(rows.lower[at]), int(rows.upper[at])
    sign, right = ("=", low) if low == high else ("≤", high) if low == -FREE else ("≥", low)
    return f"{_label(rows.index[at])}: {left} {sign} {right:,}"


def _terms(columns: np.ndarray, coefficients: np.ndarray, program: Program) -> list[str]:
    """Return at most three terms, and that there are more."""
    said = []
    for column, coefficient in zip(columns, coefficients, strict=True):
        name, block = next(
            (name, block)
            for name, block in program.columns.items()
            if block.first <= column < block.first + len(block.index)
        )
        factor = "" if abs(coefficient) == 1 else f"{abs(coefficient):,} "
        label = _label(block.index[column - block.first])
        said.append(f"{'-' if coefficient < 0 else '+'} {factor}{name}[{label}]")
    return said if len(said) <= 3 else [*said[:2], f"… ({len(said)} terms)"]
