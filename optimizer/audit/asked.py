"""What a plan was asked for: its instance, the changes of it, and the rules that these touch."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from optimizer.audit.changed import Difference, changes
from optimizer.audit.finding import Finding
from optimizer.base.words import Text
from optimizer.files.scenario_files import scenario_changes
from optimizer.model.instance import Constraint, Instance

How = Literal["dropped", "loosened", "tightened", "changed", "added"]

HOW: dict[How, Text] = {
    "dropped": Text("left out", "除外"),
    "loosened": Text("loosened", "緩和"),
    "tightened": Text("tightened", "強化"),
    "changed": Text("changed", "変更"),
    "added": Text("added", "追加"),
}
WEAKER: tuple[How, ...] = ("dropped", "loosened", "changed")
"""After which a plan may break what the instance itself asks for."""

BASE = "base"
"""What `--expect` calls the instance as it stands."""

HOLDS = Text(
    "every constraint holds; every number agrees", "全ての制約を満たし、全ての数値が一致する"
)


@dataclass(frozen=True)
class RuleChange:
    """A constraint entry that is not what the instance itself states: its id, its name, and how."""

    id: str
    name: Text
    how: How


@dataclass(frozen=True)
class Asked:
    """The instance by its id, the scenario that is named, every change as it was written and what it
    changes, and the rules among that.
    """

    instance: str
    scenario: str | None
    changes: tuple[str, ...]
    differences: tuple[Difference, ...]
    rules: tuple[RuleChange, ...]

    @property
    def weaker(self) -> tuple[RuleChange, ...]:
        """The rules of the instance that the plan need not keep as they stand there."""
        return tuple(rule for rule in self.rules if rule.how in WEAKER)

    def lines(self, lang: str) -> list[str]:
        """Return what was asked, in words: a line, and one for every change."""
        if not self.changes:
            return [
                Text("asked: {id} as it stands", "対象: {id}(変更なし)").say(lang, id=self.instance)
            ]
        named = Text(", scenario {name}", "、シナリオ {name}").say(lang, name=self.scenario or "")
        head = Text("asked: {id}{named}, changed:", "対象: {id}{named}、次の変更の下で:").say(
            lang, id=self.instance, named=named if self.scenario else ""
        )
        how = {rule.id: rule.how for rule in self.rules}
        return [head, *(f"  {_told(d, how, lang)}" for d in self.differences)]

    def verdict(self, lang: str) -> str:
        """Return that all holds, under what."""
        under = self.under(lang)
        return f"{HOLDS.say(lang)}{under}"

    def under(self, lang: str) -> str:
        """Return under which changed rules a verdict holds; empty where there are none."""
        if not self.changes:
            return ""
        if not self.weaker:
            some = Text(" – with {n} changes of the instance", "(インスタンスに{n}件の変更)")
            one = Text(" – with 1 change of the instance", "(インスタンスに1件の変更)")
            return (one if len(self.changes) == 1 else some).say(lang, n=len(self.changes))
        told = Text("{id} ({how})", "{id}({how})")
        names = [told.say(lang, id=r.id, how=HOW[r.how].say(lang)) for r in self.weaker]
        many = Text(" – under {n} changed rules: {names}", "(変更した制約{n}件の下で: {names})")
        single = Text(" – under 1 changed rule: {names}", "(変更した制約1件の下で: {names})")
        return (single if len(names) == 1 else many).say(lang, n=len(names), names=", ".join(names))

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "instance": self.instance,
            "scenario": self.scenario,
            "changes": list(self.changes),
            "differences": [difference.to_json() for difference in self.differences],
            "rules": [
                {"id": r.id, "name_en": r.name.en, "name_ja": r.name.ja, "how": r.how}
                for r in self.rules
            ],
        }


def asked_of(own: Instance, made: Instance, scenario: str | None) -> Asked:
    """Return what `made`, which is `own` under changes, asks for."""
    found = changes(own, made) if made.changes else ()
    mine, theirs = ({e.id: e for e in city.entries} for city in (own, made))
    rules = [
        RuleChange(d.id, d.name, _how(mine.get(d.id), theirs.get(d.id)))
        for d in found
        if d.kind == "entry"
    ]
    return Asked(made.id, scenario, made.changes, found, tuple(rules))


def _how(own: Constraint | None, made: Constraint | None) -> How:
    if own is None or made is None:
        return "added" if own is None else "dropped"
    limit = own.limit
    if limit is None or type(own) is not type(made):
        return "changed"
    before, after = own.values(), made.values()
    others = {n for n in before if n != limit and before[n] != after.get(n)}
    if others or own.where != made.where or before[limit] == after[limit]:
        return "changed"
    return "loosened" if (after[limit] > before[limit]) == (own.widens == "up") else "tightened"


def _told(difference: Difference, how: dict[str, How], lang: str) -> str:
    name, before, after = difference.name.say(lang), difference.before, difference.after
    if difference.kind != "entry":
        return f"{name}: {before or '–'} → {after or '–'}"
    what = HOW[how[difference.id]].say(lang)
    values = "" if how[difference.id] in ("dropped", "added") else f": {before} → {after}"
    return f"{difference.id} ({name}){values} – {what}"


def unexpected(asked: Asked, expect: str | None, place: Path) -> list[Finding]:
    """Return that `asked` is not the scenario `expect` of the instance in `place`, or not the instance
    as it stands where that is `BASE`; nothing where nothing is expected. Raises InputError where
    there is no such scenario.
    """
    if expect is None:
        return []
    wanted: Iterable[str] = ()
    if expect != BASE:
        wanted = (change.text for change in scenario_changes(place, expect))
    if asked.changes == tuple(wanted):
        return []
    message = Text(
        f"not what was expected: {expect} has other changes than this solution",
        f"想定と異なる: {expect} とこの計画とでは変更が異なる",
    )
    return [Finding("expected", message)]
