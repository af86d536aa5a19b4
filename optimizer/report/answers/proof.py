"""What a checked proof says, in words: the value of the plan, and what no plan can have less than."""

import json

from optimizer.base.words import UNITS, Text
from optimizer.model.instance import Instance
from optimizer.proof.check import Checked, Stage
from optimizer.report.location import UNITS as CLASSICAL
from optimizer.report.location import told

BOUND = {
    True: Text(
        "{what}{given}: {value}; no plan can have {beyond} than {bound} (checked; rows rebuilt)",
        "{what}{given}: {value}。{bound}を{beyond}計画はあり得ない(確認済み。制約式も再作成)",
    ),
    False: Text(
        "{what}{given}: {value}; no plan of these rows has {beyond} than {bound} (checked)",
        "{what}{given}: {value}。記載の制約式の下で{bound}を{beyond}計画はない(確認済み)",
    ),
}
NOTHING = {
    True: Text(
        "there is no plan that keeps every rule (checked; rows rebuilt)",
        "全ての制約を満たす計画はあり得ない(確認済み。制約式も再作成)",
    ),
    False: Text(
        "no plan keeps all of these rows (checked)", "記載の制約式を全て満たす計画はない(確認済み)"
    ),
}
GIVEN = Text(" with {limits}", "({limits}のとき)")
LESS, MORE = Text("less", "下回る"), Text("more", "上回る")


def proof_lines(proof: Checked, instance: Instance, rebuilt: bool, lang: str) -> list[str]:
    """Return a sentence per stage. rebuilt: the rows were compared with those of `instance`."""
    return [_line(stage, instance, rebuilt, lang) for stage in proof.stages]


def proof_data(proof: Checked, rebuilt: bool) -> dict[str, object]:
    """Return what was checked as plain data; numbers are in the integers of the objectives."""
    return {
        "instance": proof.instance,
        "fingerprint": proof.fingerprint,
        "changes": proof.changes,
        "rows_rebuilt": rebuilt,
        "stages": [
            {
                "objective": name_of(stage.objective),
                "value": stage.value,
                "bound": stage.bound,
                "no_plan": stage.bound is None,
                "held": {name_of(name): most for name, most in stage.held},
                "leaves": stage.leaves,
            }
            for stage in proof.stages
        ],
    }


def name_of(objective: str) -> str:
    """Return the id of an objective, which rows state as a JSON list."""
    try:
        return str(json.loads(objective)[0])
    except (ValueError, TypeError, LookupError):
        return objective


def _line(stage: Stage, instance: Instance, rebuilt: bool, lang: str) -> str:
    if stage.bound is None:
        return NOTHING[rebuilt].say(lang)
    what, bound = _words(stage.objective, stage.bound, instance, lang)
    value = "–" if stage.value is None else _words(stage.objective, stage.value, instance, lang)[1]
    pairs = [_words(name, most, instance, lang) for name, most in stage.held]
    limits = ", ".join(f"{name} ≤ {most}" for name, most in pairs)
    largest = instance.classical is not None and instance.classical.largest
    line = BOUND[rebuilt].say(
        lang,
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
