"""`optimizer constraints`: the rule book."""

import re
import sys
from dataclasses import asdict, dataclass
from keyword import iskeyword
from pathlib import Path

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text, kind_of_value
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.constraints import origins, registry, rule_in_file, unusable
from optimizer.files.solution_folder import write_text
from optimizer.model.counterexamples import Trial, percent, trials
from optimizer.model.instance import Constraint
from optimizer.report.rule_book import documentation, rule_data, rule_lines
from optimizer.report.table import Table
from optimizer.report.terminal import console, print_table


@dataclass(frozen=True)
class Request:
    """What the user asked for."""

    name: str | None
    pages: Path | None
    counterexamples: bool
    every_check: bool
    new: str | None
    guide: Path | None
    as_json: bool


def run(request: Request) -> int:
    """List every constraint, show one whole, write their pages, try their counterexamples, check all
    that a constraint must keep, or write the file of a new one.

    Returns the exit code. Raises InputError.
    """
    if request.new is not None:
        return _write_new(request.new)
    if request.guide is not None:
        from optimizer.report.rule_guide import guide

        return _written(request.guide, guide())
    rules, name = registry(), request.name
    if request.pages is not None:
        request.pages.mkdir(parents=True, exist_ok=True)
        for file, text in documentation(rules).items():
            write_text(request.pages / file, text)
        print(say(f"{len(rules)} pages written", f"{len(rules)}件を書き出した"))
        return output.FINE
    if request.every_check and name is not None and name.endswith(".py"):
        rule = rule_in_file(Path(name))
        return _check({rule.type_name(): rule}, request.as_json)
    if name is not None and name not in rules:
        raise _no_rule(name, rules)
    chosen = rules if name is None else {name: rules[name]}
    if request.counterexamples:
        return _try_counterexamples(chosen, request.as_json)
    if request.every_check:
        return _check(chosen, request.as_json)
    if request.as_json:
        data = {n: {**rule_data(rule), "origin": origins()[n]} for n, rule in chosen.items()}
        output.print_json(data)
    elif name is None:
        print_table(_overview(rules), console(sys.stdout), LANG, rows=0)
    else:
        for line in rule_lines(name, rules[name], LANG):
            print(line)
    return output.FINE


def _write_new(name: str) -> int:
    """Write the file of a new constraint where nothing stands yet. Raises InputError."""
    from optimizer.report.new_rule import new_rule

    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name, re.ASCII) or iskeyword(name):
        raise refuse(
            Text("not the name of a constraint", "制約の名前でない"),
            Text(
                "small letters with underscores, e.g. open_late",
                "英小文字と下線で書く 例: open_late",
            ),
            column="--new",
            value=name,
        )
    file = Path(f"{name}.py")
    if name in registry() or name in sys.stdlib_module_names or file.exists():
        raise refuse(
            Text("this name is taken", "この名前は既に使われている"),
            Text("take another name", "別の名前にする"),
            column="--new",
            value=name,
        )
    return _written(file, new_rule(name))


def _written(file: Path, text: str) -> int:
    write_text(file, text)
    print(say(f"{file} written", f"{file} を書き出した"))
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
