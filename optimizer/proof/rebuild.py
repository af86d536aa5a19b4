"""Whether the rows of a proof are those of an instance: made again from its files, and compared.

A row that is too tight passes every arithmetic check, so only this tells that no plan at all,
and not just no plan of the rows in the file, costs less.
"""

from itertools import zip_longest

from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.model.build import build
from optimizer.model.instance import Instance
from optimizer.proof.check import Checked
from optimizer.proof.text import rows_text


def differences(proof: Checked, instance: Instance, plan: Plan | None) -> list[Text]:
    """Return in what the proof is not about `instance` and `plan`; empty: in nothing."""
    found = []
    if proof.fingerprint != instance.fingerprint or tuple(proof.changes) != instance.changes:
        found.append(
            Text(
                "made from other files, or under other changes of them",
                "別のファイル、又は別の変更の下で作られた",
            )
        )
    model = build(instance)
    text = rows_text(model)
    if proof.rows != text:
        found.append(_first_difference(proof.rows, text))
    values = None if plan is None else model.encode(plan)
    if (proof.plan is None) != (plan is None) or (
        proof.plan is not None and (values is None or proof.plan != values.tolist())
    ):
        found.append(Text("made for another plan", "別の計画について作られた"))
    return found


def _first_difference(stated: str, rebuilt: str) -> Text:
    """Tell the first line in which the rows differ."""
    pairs = zip_longest(stated.split("\n"), rebuilt.split("\n"), fillvalue="")
    number, was, now = next((n, a, b) for n, (a, b) in enumerate(pairs, 1) if a != b)
    return Text(
        f"the rows are not those of the instance; line {number}: stated {_short(was)!r},"
        f" rebuilt {_short(now)!r}",
        f"制約式がインスタンスのものでない。{number}行目: 記載「{_short(was)}」、"
        f"再作成「{_short(now)}」",
    )


def _short(line: str) -> str:
    """Return a line without the many terms that a row may have."""
    parts = line.split(" ", 4)
    if parts[0] != "row" or len(parts) < 5:
        return line[:80]
    return f"{' '.join(parts[:3])} {parts[3][:20]} {parts[4][:60]}"
