"""What a checked proof says, in words: the value of the plan, and what no plan can have less than."""

import json
from dataclasses import dataclass

from optimizer.base.words import UNITS, Text
from optimizer.model.instance import Instance
from optimizer.proof.check import Checked
from optimizer.report.location import UNITS as CLASSICAL
from optimizer.report.location import told

BOUND = {
    True: Text(
        "{case}, objective {number} of {count}, {what}{given}: {value}; no plan can have {beyond} than {bound} (checked;"
        " rows rebuilt)",
        "{case}、目的{number}／{count}「{what}」{given}: {value}。{bound}を{beyond}計画はあり得ない(確認済み。制約式も再作成)",
    ),
    False: Text(
        "{case}, objective {number} of {count}, {what}{given}: {value}; no plan of these rows has {beyond} than {bound}"
        " (checked)",
        "{case}、目的{number}／{count}「{what}」{given}: {value}。記載の制約式の下で{bound}を{beyond}計画はない(確認済み)",
    ),
}
NOTHING = {
    True: Text(
        "{case}: there is no plan that keeps {rules} (checked; rows rebuilt)",
        "{case}: {rules}を満たす計画はあり得ない(確認済み。制約式も再作成)",
    ),
    False: Text(
        "{case}: no plan keeps all of these rows (checked)",
        "{case}: 記載の制約式を全て満たす計画はない(確認済み)",
    ),
}
ALL = Text("every rule", "全ての制約")
SOME = Text("even these rules alone: {ids}", "次の制約だけでも、その全て({ids})")
GIVEN = Text(" with {limits}", "({limits}のとき)")
LESS, MORE = Text("less", "下回る"), Text("more", "上回る")
PLAIN = Text("{instance} as it stands", "{instance}(変更なし)")
CHANGED = Text("{instance} with {changes}", "{instance}(変更: {changes})")
NAMED = Text("scenario {scenario}: {changes}", "シナリオ {scenario}: {changes}")


@dataclass(frozen=True)
class ProofCase:
    """What a proof was asked for: the instance under changes, and which scenario they are, if any.

    instance: with the changes made. kept: where the proof needs some of the rules alone, their ids.
    """

    instance: Instance
    scenario: str | None = None
    kept: tuple[str, ...] | None = None

    def say(self, lang: str) -> str:
        """Return it in words."""
        changes = "; ".join(self.instance.changes)
        if not changes:
            return PLAIN.say(lang, instance=self.instance.id)
        if self.scenario is not None:
            changes = NAMED.say(lang, scenario=self.scenario, changes=changes)
        return CHANGED.say(lang, instance=self.instance.id, changes=changes)


def proof_lines(proof: Checked, case: ProofCase, rebuilt: bool, lang: str) -> list[str]:
    """Return a sentence per stage. rebuilt: the rows were compared with those of the case."""
    return [_line(number, proof, case, rebuilt, lang) for number in range(len(proof.stages))]


def proof_data(proof: Checked, case: ProofCase, rebuilt: bool) -> dict[str, object]:
    """Return what was checked as plain data; numbers are in the integers of the objectives."""
    return {
        "instance": proof.instance,
        "fingerprint": proof.fingerprint,
        "scenario": case.scenario,
        "asked": list(case.instance.changes),
        "changes": proof.changes,
        "rows_rebuilt": rebuilt,
        "stages": [
            {
                "number": number,
                "objective": name_of(stage.objective),
                "value": stage.value,
                "bound": stage.bound,
                "no_plan": stage.bound is None,
                "held": {name_of(name): most for name, most in stage.held},
                "leaves": stage.leaves,
            }
            for number, stage in enumerate(proof.stages, 1)
        ],
    }


def name_of(objective: str) -> str:
    """Return the id of an objective, which rows state as a JSON list."""
    try:
        return str(json.loads(objective)[0])
    except (ValueError, TypeError, LookupError):
        return objective


def _line(number: int, proof: Checked, case: ProofCase, rebuilt: bool, lang: str) -> str:
    stage, instance = proof.stages[number], case.instance
    if stage.bound is None:
        ids = ", ".join(case.kept or ())
        rules = ALL.say(lang) if case.kept is None else SOME.say(lang, ids=ids)
        return NOTHING[rebuilt].say(lang, case=case.say(lang), rules=rules)
    what, bound = _words(stage.objective, stage.bound, instance, lang)
    value = "–" if stage.value is None else _words(stage.objective, stage.value, instance, lang)[1]
    pairs = [_words(name, most, instance, lang) for name, most in stage.held]
    limits = ", ".join(f"{name} ≤ {most}" for name, most in pairs)
    largest = instance.classical is not None and instance.classical.largest
    line = BOUND[rebuilt].say(
        lang,
        case=case.say(lang),
        number=number + 1,
        count=len(instance.objectives),
        what=what,
        given=GIVEN.say(lang, limits=limits) if limits else "",
        value=value,
        bound=bound,
        beyond=(MORE if largest else LESS).say(lang),
    )
    if stage.value is None:
        return line
    gap = (stage.value - stage.bound) / max(abs(stage.value), 1)
    return line + Text("; gap {gap}", "。差{gap}").say(lang, gap=f"{gap:.2%}")


def _words(objective: str, value: int, instance: Instance, lang: str) -> tuple[str, str]:
    """Return what an objective is called and `value` with its unit."""
    found = [aim for aim in instance.objectives if aim.id == name_of(objective)]
    if not found:
        return name_of(objective), f"{value:,}"
    if instance.classical is not None:
        return CLASSICAL[instance.classical.unit].say(lang), told(value, instance.classical)
    unit = UNITS[found[0].measure].say(lang)
    return found[0].heading.say(lang), f"{value:,}{unit}" if lang == "ja" else f"{value:,} {unit}"
