"""The file of a new rule, to begin with: it passes every check, and its blanks say what to fill in."""

from string import Template

FILE = Template('''"""A counter has at most a stated number of persons."""
# FILL IN above: the rule in one plain sentence. Below: every line marked so, then remove the mark.
# Try it as you go: optimizer constraints $file --check

from optimizer.rules import Constraint, Decisions, Examples, Instance, Persons, Plan, Readings, Rows
from optimizer.rules import Text, Words, at_most, town, town_plan


class $rule(Constraint):
    """staff[p, t] <= `persons`."""  # FILL IN: the same as a formula; parameters in backquotes

    # FILL IN: parameters with their kind (optimizer/model/parameters.py); `= 3` makes one optional.
    persons: Persons

    # FILL IN: what a reading is about, its unit, and which parameter a repair may move.
    # widens = "down" where a lower number is more lenient. limit = None where none can be moved.
    key, unit, limit, widens = ("point", "period"), "persons", "persons", "up"

    # FILL IN: what people read, in English and Japanese. {names} of the key and the parameters may
    # stand in all but the first; {actual} and {limit} in a reading and a repair.
    words = Words(
        Text("Persons at a counter", "窓口の職員数の上限"),
        Text("{point}, {period}: {actual} persons (at most {limit}).",
             "{point}({period}): 職員{actual}人(上限{limit}人)。"),
        Text("{point} may have at most {persons} persons in {period}.",
             "{period}の{point}の職員は{persons}人以下とする。"),
        Text("Allow {actual} persons at {point} in {period} instead of {persons}.",
             "{period}の{point}の職員数の上限を{persons}人から{actual}人にする。"),
    )  # fmt: skip

    # FILL IN: what the solver must keep (docs/rules.md shows what there is to write it with).
    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return [x.staff <= self.persons]

    # FILL IN: the same, measured on a plan by the tables alone; never by a sum that `rows` uses.
    def check(self, instance: Instance, plan: Plan) -> Readings:
        return at_most(plan.staff, self.persons)

    # FILL IN: a city, an entry, a plan that keeps the rule, and at least three that do not.
    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="$name", persons=9), plan, {
            "crowded in the first year": plan.with_staff("B1", 2017, 10),
            "crowded later": plan.with_staff("B1", 2018, 10),
            "crowded elsewhere": plan.with_staff("B2", 2017, 12),
        })  # fmt: skip
''')


def new_rule(name: str) -> str:
    """Return the text of the file `name`.py, with a class called after it."""
    rule = "".join(part.capitalize() for part in name.split("_"))
    return FILE.substitute(name=name, rule=rule, file=f"{name}.py")
