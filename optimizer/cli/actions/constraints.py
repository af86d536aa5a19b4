"""`optimizer constraints`: the rule book."""

import sys
from dataclasses import asdict
from pathlib import Path

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text, kind_of_value
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.constraints import origins, registry, unusable
from optimizer.files.solution_folder import write_text
from optimizer.model.counterexamples import Trial, percent, trials
from optimizer.model.instance import Constraint
from optimizer.report.rule_book import documentation, rule_data, rule_lines
from optimizer.report.table import Table
from optimizer.report.terminal import console, print_table


def run(
    name: str | None, pages: Path | None, counterexamples: bool, every_check: bool, as_json: bool
) -> int:
    """List every constraint, show one whole, write their pages, try their counterexamples, or check
    all that a constraint must keep.

    Returns the exit code.
    """
    rules = registry()
    if pages is not None:
        pages.mkdir(parents=True, exist_ok=True)
        for file, text in documentation(rules).items():
            write_text(pages / file, text)
        print(say(f"{len(rules)} pages written", f"{len(rules)}件を書き出した"))
        return output.FINE
    if name is not None and name not in rules:
        raise _no_rule(name, rules)
    chosen = rules if name is None else {name: rules[name]}
    if counterexamples:
        return _try_counterexamples(chosen, as_json)
    if every_check:
        return _check(chosen, as_json)
    if as_json:
        data = {n: {**rule_data(rule), "origin": origins()[n]} for n, rule in chosen.items()}
        output.print_json(data)
    elif name is None:
        print_table(_overview(rules), console(sys.stdout), LANG, rows=0)
    else:
        for line in rule_lines(name, rules[name], LANG):
            print(line)
    return output.FINE


def _no_rule(name: str, rules: dict[str, type[Constraint]]) -> InputError:
    """Return that there is no such constraint, or which package should have brought it."""
    for plug_in in unusable():
        if plug_in.name == name:
            return refuse(plug_in.message, plug_in.remedy, value=name)
    return refuse(
        Text("no such constraint", "該当する制約がない"),
        Text("one of: " + ", ".join(rules), "次のいずれか: " + ", ".join(rules)),
        value=name,
    )


def _try_counterexamples(rules: dict[str, type[Constraint]], as_json: bool) -> int:
    """Try the counterexamples of `rules` and print what became of each; 1 if one passed."""
    found = trials(rules)
    killed, rate = sum(trial.killed for trial in found), percent(found)
    if as_json:
        rows = [{**asdict(trial), "killed": trial.killed} for trial in found]
        numbers = {"kill_rate_percent": rate, "killed": killed, "tried": len(found)}
        output.print_json({**numbers, "counterexamples": rows})
    else:
        print_table(_trial_table(found), console(sys.stdout), LANG, rows=0)
        print(
            say(
                f"caught by check and rows: {killed} of {len(found)} ({rate} %)",
                f"検査と制約式の両方で捕えた計画: {len(found)}件中{killed}件({rate}%)",
            )
        )
    return output.FINE if rate == 100 else output.FINDINGS


def _check(rules: dict[str, type[Constraint]], as_json: bool) -> int:
    """Run every check of `optimizer.testing` on `rules` and print what is wrong; 1 if anything is."""
    from optimizer.testing import CHECKS, faults

    found = {name: faults(rule) for name, rule in rules.items()}
    sound = not any(found.values())
    if as_json:
        output.print_json(
            {name: [{"check": c, "fault": told} for c, told in f] for name, f in found.items()}
        )
        return output.FINE if sound else output.FINDINGS
    for name, wrong in found.items():
        for one, told in wrong:
            print(f"✗ {name}, {one}: {told}")
        if not wrong:
            print(
                say(
                    f"{name}: all {len(CHECKS)} checks passed",
                    f"{name}: {len(CHECKS)}項目の試験に全て合格",
                )
            )
    return output.FINE if sound else output.FINDINGS


def _trial_table(found: list[Trial]) -> Table:
    rows = [
        [
            trial.rule,
            trial.counterexample,
            say("caught", "捕えた") if trial.caught else say("✗ passed", "✗ 見逃し"),
            ROWS[trial.rows].say(LANG),
        ]
        for trial in found
    ]
    title = say("Plans made to be caught", "違反させた計画の試験")
    heads = [say("type", "種類"), say("plan", "計画"), say("check", "検査"), say("rows", "制約式")]
    return Table("counterexamples", title, heads, rows)


ROWS = {
    "broken": Text("broken", "不成立"),
    "no column": Text("no column", "変数なし"),
    "passed": Text("✗ passed", "✗ 見逃し"),
}


def _overview(rules: dict[str, type[Constraint]]) -> Table:
    rows = [
        [
            name,
            rule.words.name.say(LANG),
            ", ".join(
                f"{p} ({kind_of_value(f.description, LANG)})" for p, f in rule.parameters().items()
            ),
            say("always", "常時") if rule.always else "",
            origins()[name],
        ]
        for name, rule in rules.items()
    ]
    return Table(
        "rules",
        say("Constraints", "制約の一覧"),
        [
            say("type", "種類"),
            say("name", "名称"),
            say("parameters", "項目"),
            "",
            say("from", "提供元"),
        ],
        rows,
    )
