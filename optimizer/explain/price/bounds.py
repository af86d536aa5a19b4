"""Bounds on the least value of an instance with one entry changed, from everything known so far.

The ways in which one entry can stand are ordered by width: left out lets pass all that any limit
does, a wider limit all that a tighter one does. So a bound proved at one width holds at every
tighter one, and a plan that keeps the rules at one width keeps them at every wider one.
"""

from collections.abc import Iterable

from optimizer.audit.verify import verify
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.explain.infeasible.feasibility import CONTEXT
from optimizer.explain.infeasible.limits import LEFT_OUT, Width, altered, needed, present, width
from optimizer.explain.price.prices import Known
from optimizer.model.instance import Constraint, Instance


class Bounds:
    """What is known of `instance`, of which `plan` is a plan, with one of `entries` changed.

    value: of the plan. bound: proved of the instance as it stands. best: the least value of a known
    plan of it.
    """

    def __init__(
        self, instance: Instance, plan: Plan, entries: Iterable[Constraint], bound: int | None
    ) -> None:
        self.instance, self.plan, self.bound = instance, plan, bound
        self.entries = {entry.id: entry for entry in entries}
        self.value = self.best = instance.objectives[0].value(instance, plan)
        self.known: dict[tuple[str, int | None], Known] = {}
        self.kept = {i: needed(instance, e, plan) for i, e in self.entries.items()}
        self.accepted: dict[tuple[str, int | None], bool] = {}
        self.refused: dict[tuple[str, int | None], bool] = {}

    def learn(self, told: Known) -> None:
        """Note an answer, also what it says of the instance as it stands.

        Raises InputError where a plan found refutes the bound.
        """
        self.known[told.entry, told.limit] = told
        if told.keeps and told.value is not None:
            self.best = min(self.best, told.value)
        if told.bound is not None and self._relaxes(told):
            self.bound = told.bound if self.bound is None else max(self.bound, told.bound)
        if self.bound is not None and self.best < self.bound:
            raise refuse(
                Text(
                    f"a plan of {self.best:,} was found, below what is proved",
                    f"証明された下限を下回る計画({self.best:,})が見つかった",
                ),
                Text("solve the instance again", "解き直す"),
                column="bound",
                value=f"{self.bound:,}",
            )

    def _relaxes(self, told: Known) -> bool:
        """Return whether every plan of the instance is one of what the answer is about."""
        entry = self.entries.get(told.entry)
        if entry is None:
            return not told.entry
        return self.monotone(entry) and width(entry, told.limit) >= present(entry)

    def monotone(self, entry: Constraint) -> bool:
        """Return whether fewer rules only let more plans pass; not of what others refer to."""
        return entry.type_name() not in CONTEXT

    def alone(self) -> bool:
        """Return whether no rule asks of another what it would say of other plans."""
        return all(entry.type_name() != "stop_anywhere" for entry in self.instance.entries)

    def lower(self, entry: Constraint, limit: int | None) -> int | None:
        """Return the greatest proved bound with `entry` changed."""
        here, monotone = width(entry, limit), self.monotone(entry)
        found = [
            told.bound
            for told in self.of(entry)
            if told.bound is not None
            and (width(entry, told.limit) >= here if monotone else told.limit == limit)
        ]
        if self.bound is not None and here <= present(entry):
            found.append(self.bound)
        return max(found, default=None)

    def upper(self, entry: Constraint, limit: int | None) -> int | None:
        """Return the least value of a known plan that keeps all rules with `entry` changed."""
        here, monotone = width(entry, limit), self.monotone(entry)
        found = [
            told.value
            for told in self.of(entry)
            if told.value is not None
            and (self.needs(entry, told) <= here if monotone else told.limit == limit)
        ]
        if monotone and here >= present(entry):
            found.append(self.best)
        elif self.accepts(entry, limit):
            found.append(self.value)
        return min(found, default=None)

    def closed(self, entry: Constraint | None, limit: int | None) -> bool:
        """Return whether nothing more is to be known of the least value with `entry` changed."""
        if entry is None:
            return self.bound == self.best
        low, high = self.lower(entry, limit), self.upper(entry, limit)
        return self.impossible(entry, limit) or (low is not None and low == high)

    def impossible(self, entry: Constraint, limit: int | None) -> bool:
        """Return whether it is proved that no plan keeps all rules with `entry` changed."""
        here = width(entry, limit)
        return any(told.impossible and width(entry, told.limit) >= here for told in self.of(entry))

    def of(self, entry: Constraint) -> list[Known]:
        """Return the answers about `entry`."""
        return [told for told in self.known.values() if told.entry == entry.id]

    def needs(self, entry: Constraint, told: Known) -> Width:
        """Return the least width at which the plan of an answer is known to keep all rules."""
        if told.needs is not None:
            return width(entry, told.needs)
        return present(entry) if told.keeps else LEFT_OUT

    def accepts(self, entry: Constraint, limit: int | None) -> bool:
        """Return whether `plan` keeps all rules with `entry` changed."""
        kept, here = self.kept[entry.id], width(entry, limit)
        if self.monotone(entry) and here >= present(entry):
            return True
        if kept is not None and width(entry, kept) > here:
            return False
        if kept is not None and self.alone():
            return True
        key = (entry.id, limit)
        if key not in self.accepted:
            city = altered(self.instance, entry, limit)
            self.accepted[key] = not verify(city, self.plan).violations
        return self.accepted[key]

    def refuses(self, entry: Constraint, limit: int | None) -> bool:
        """Return whether the instance cannot have the changed entry at all."""
        key = (entry.id, limit)
        if key not in self.refused:
            city = altered(self.instance, entry, limit)
            self.refused[key] = any(e.problems(city) for e in city.entries)
        return self.refused[key]
