"""The best plan of a tiny city by looking at all plans, each judged by checks alone, never by rows.

The parts of a plan (modes, assignments, staff, further published decisions) are decided one after
the other. A check or a value that is asked about a plan with undecided parts either reads one of
them, and so says nothing yet, or does not, and then its answer holds for every way to decide the
rest. That alone prunes; and an answer is remembered under the parts that it was read from.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from math import prod
from typing import Any

import pandas as pd

from optimizer.city.plan import Plan
from optimizer.model.build import Model
from optimizer.model.instance import Constraint, Instance

Value = tuple[int, ...]
Parts = dict[str, int]
"""Which option of each decided part was chosen."""

BASIC = ("modes", "assignments", "staff")
STAFF = 2
"""Persons tried at a point."""

OPTIONS = 5_000
"""Options of one part that are not too many."""

QUESTIONS = 20_000
"""Partial plans of one search that are not too many."""


class TooLargeError(Exception):
    """There are more plans, or more questions to ask about them, than allowed."""


class UndecidedError(Exception):
    """A part that is not decided was read."""


@dataclass
class Space:
    """All options of every part of a plan, by the part's name in the order of decision."""

    options: dict[str, list[pd.Series]]
    known: dict[int, pd.DataFrame] = field(default_factory=dict)

    def plan(self, chosen: Parts, read: set[str]) -> Plan:
        """Return the plan with the `chosen` options; the parts looked at are added to `read`."""
        plan = object.__new__(_Partial)
        object.__setattr__(plan, "look", _look(self.options, chosen, read))
        object.__setattr__(plan, "known", self.known)
        return plan

    def settled(self, chosen: Parts) -> Plan:
        """Return the plan whose parts are all `chosen`, as an ordinary one."""
        parts = {name: self.options[name][number] for name, number in chosen.items()}
        extra = {n.removeprefix("extra "): s for n, s in parts.items() if n not in BASIC}
        return Plan(*(parts[name] for name in BASIC), extra)


class _Partial(Plan):
    """A plan that looks its parts up when they are read; a copy made of it is an ordinary plan."""

    def __getattr__(self, name: str) -> Any:
        if name == "extra":
            return _Extra(self.look)
        if name in BASIC:
            return self.look(name)
        raise AttributeError(name)

    def served(self, instance: Instance) -> pd.DataFrame:
        """As every plan; worked out once per option, because nearly every check asks for it."""
        number = id(self.assignments)  # the options live as long as the space
        if number not in self.known:
            self.known[number] = super().served(instance)
        return self.known[number].copy()


class _Extra(Mapping[str, pd.Series]):
    """The further decisions of a plan; which there are is the same for all plans."""

    def __init__(self, look: Callable[[str], pd.Series]) -> None:
        self._look = look

    def __getitem__(self, name: str) -> pd.Series:
        if name not in self:
            raise KeyError(name)
        return self._look(f"extra {name}")

    def __contains__(self, name: object) -> bool:
        return f"extra {name}" in self._look("names")

    def __iter__(self) -> Iterator[str]:
        names = [name for name in self._look("names") if name not in BASIC]
        return iter([name.removeprefix("extra ") for name in names])

    def __len__(self) -> int:
        return len(list(iter(self)))


def _look(
    options: dict[str, list[pd.Series]], chosen: Parts, read: set[str]
) -> Callable[[str], Any]:
    def look(name: str) -> Any:
        if name == "names":
            return list(options)
        read.add(name)
        if name not in chosen:
            raise UndecidedError(name)
        return options[name][chosen[name]]

    return look


@dataclass
class Question:
    """Something asked of plans: `ask` returns the answer, which is remembered."""

    ask: Callable[[Plan], Any]
    reads: set[str] = field(default_factory=set)
    known: dict[tuple[int, ...], Any] = field(default_factory=dict)

    def answer(self, space: Space, chosen: Parts) -> Any:
        """Return the answer for every plan with the `chosen` parts, None if it depends on more."""
        if not self.reads <= chosen.keys():
            return None
        key = tuple(chosen[part] for part in sorted(self.reads))
        if key in self.known and self.reads:
            return self.known[key]
        read: set[str] = set()
        try:
            answer = self.ask(space.plan(chosen, read))
        except UndecidedError:
            answer = None
        if not read <= self.reads:
            self.reads |= read
            self.known.clear()
        if answer is not None:
            self.known[tuple(chosen[part] for part in sorted(self.reads))] = answer
        return answer


class Brute:
    """All plans of one city; what was asked of them once is remembered for every further search.

    city: without entries. Its plans are all that can be written down, legal or not:

    - modes: those of the kind of the point, whatever the moves;
    - assignments: nobody, or any point with a travel figure, whatever is open there;
    - staff: 0 to STAFF persons at points that can have any, whatever the work;
    - further decisions: whatever lies between the bounds that they were asked for with.
    """

    def __init__(self, city: Instance) -> None:
        self.city = city
        self.options = _basic_options(city)
        self.known: dict[str, Question] = {}
        self.served: dict[int, pd.DataFrame] = {}

    def best(
        self, model: Model, at_most: Value | None = None, questions: int = QUESTIONS
    ) -> tuple[Value, Plan] | None:
        """Return the least value (of the objectives in their order) of a plan that every entry of
        the model's instance accepts, and such a plan; None if no plan up to `at_most` is accepted.

        Raises TooLargeError when there are too many plans, or after that many `questions`.
        """
        instance = model.instance
        space = Space({**self.options, **_further_options(model)}, self.served)
        search = Search(
            space,
            [self._question(o, o.value, self.city) for o in instance.objectives],
            [self._check(entry, instance) for entry in instance.entries],
            at_most,
            questions,
        )
        search.decide(0, {})
        return search.best

    def refuses(self, entry: Constraint, plan: Plan) -> bool:
        """Return whether the check of `entry` finds a violation in `plan`."""
        return not entry.readings(self.city, plan).violations.empty

    def _check(self, entry: Constraint, instance: Instance) -> Question:
        """Rules that are always on look at no other entry, so that their answers can be kept."""

        def accepts(city: Instance, plan: Plan) -> bool:
            return bool(entry.readings(city, plan).violations.empty)

        if entry.always:
            return self._question(entry, accepts, self.city)
        return Question(partial(accepts, instance))

    def _question(
        self, what: object, ask: Callable[[Instance, Plan], Any], city: Instance
    ) -> Question:
        return self.known.setdefault(repr(what), Question(partial(ask, city)))


@dataclass
class Search:
    """Depth first through the parts of a plan; keeps the best plan so far."""

    space: Space
    values: list[Question]
    checks: list[Question]
    at_most: Value | None
    questions: int
    best: tuple[Value, Plan] | None = None

    def decide(self, depth: int, chosen: Parts) -> None:
        """Look at every way to decide the parts from number `depth` on."""
        names = list(self.space.options)
        if depth == len(names):
            value = tuple(question.answer(self.space, chosen) for question in self.values)
            self.best = (value, self.space.settled(chosen))
            return
        for number in range(len(self.space.options[names[depth]])):
            more = {**chosen, names[depth]: number}
            if not self._too_dear(more) and not self._refused(more):
                self.decide(depth + 1, more)
            self.questions -= 1
            if self.questions < 0:
                raise TooLargeError

    def _too_dear(self, chosen: Parts) -> bool:
        """Whether every plan with the `chosen` parts is above `at_most` or no better than the best."""
        limit = self.best[0] if self.best else self.at_most
        if limit is None:
            return False
        for question, most in zip(self.values, limit, strict=True):
            value = question.answer(self.space, chosen)
            if value is None or value != most:
                return value is not None and value > most
        return self.best is not None

    def _refused(self, chosen: Parts) -> bool:
        for number, check in enumerate(self.checks):
            if check.answer(self.space, chosen) is False:
                self.checks.insert(0, self.checks.pop(number))  # it often refuses the next one too
                return True
        return False


def _basic_options(city: Instance) -> dict[str, list[pd.Series]]:
    points, kind = list(city.points.index), city.points["kind"]
    everywhere = pd.MultiIndex.from_product([points, city.planned], names=["point", "period"])
    modes = [city.kinds[kind[point]] for point, _ in everywhere]
    most = {point: STAFF * (point in city.staffed_points) for point in points}
    persons = [range(most[point] + 1) for point, _ in everywhere]
    wanted = city.demand[city.demand > 0]
    wanted = wanted[wanted.index.get_level_values("period") != city.today].index
    travel = city.travel.reset_index().groupby("district")["point"].agg(list)
    sent = _series(wanted, [[None, *travel[district]] for district, _, _ in wanted])
    return {
        "modes": _series(everywhere, modes),
        "assignments": [row.dropna() for row in sent],
        "staff": _series(everywhere, persons),
    }


def _further_options(model: Model) -> dict[str, list[pd.Series]]:
    """Options of the decisions that were asked for besides; few first, longer hours before all."""
    options, program = {}, model.program
    for number, (name, block) in enumerate(program.columns.items()):
        if name in ("mode", "assign", "staff") or name in model.decisions.derived:
            continue
        bounds = zip(program.lower[number], program.upper[number], strict=True)
        options[f"extra {name}"] = _series(block.index, [range(a, b + 1) for a, b in bounds])
    order = sorted(options, key=lambda name: (name != "extra extended", len(options[name])))
    return {name: options[name] for name in order}


def _series(index: pd.MultiIndex, choices: list[Any]) -> list[pd.Series]:
    """Return every way to choose one value of each of `choices`, as series on `index`."""
    if prod(len(c) for c in choices) > OPTIONS:
        raise TooLargeError
    kind = object if any(isinstance(v, str) for c in choices for v in c) else "int64"
    return [pd.Series(row, index=index, dtype=kind) for row in product(*choices)]
