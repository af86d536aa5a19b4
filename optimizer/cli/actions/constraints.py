"""`optimizer constraints`: the rule book."""

import sys
from dataclasses import asdict
from pathlib import Path

from optimizer.base.errors import refuse
from optimizer.base.words import LABELS, Text, kind_of_value
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.constraints import registry
from optimizer.files.solution_folder import write_text
from optimizer.model.counterexamples import Trial, percent, trials
from optimizer.model.instance import Constraint
from optimizer.report.table import Table
from optimizer.report.terminal import console, print_table

MEASURED = {"actual": Text("actual", "実測値"), "limit": Text("limit", "基準値")}


def run(name: str | None, pages: Path | None, counterexamples: bool, as_json: bool) -> int:
    """List every constraint, show one whole, write their pages, or try their counterexamples.

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
        raise refuse(
            Text("no such constraint", "該当する制約がない"),
            Text("one of: " + ", ".join(rules), "次のいずれか: " + ", ".join(rules)),
            value=name,
        )
    chosen = rules if name is None else {name: rules[name]}
    if counterexamples:
        return _try_saboteurs(chosen, as_json)
    if as_json:
        output.print_json({key: rule_data(rule) for key, rule in chosen.items()})
    elif name is None:
        print_table(_overview(rules), console(sys.stdout), LANG, rows=0)
    else:
        for line in rule_lines(name, rules[name], LANG):
            print(line)
    return output.FINE


def _try_saboteurs(rules: dict[str, type[Constraint]], as_json: bool) -> int:
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


def rule_data(rule: type[Constraint]) -> dict[str, object]:
    """Return a constraint as plain data."""
    words = rule.words
    return {
        "rule": sentence(rule),
        "name_en": words.name.en,
        "name_ja": words.name.ja,
        "key": list(rule.key),
        "unit": rule.unit,
        "always": rule.always,
        "limit": rule.limit,
        "widens": rule.widens if rule.limit else None,
        "parameters": {
            name: {
                "type": str(getattr(field.annotation, "__name__", field.annotation)),
                "unit": field.description,
                "required": field.is_required(),
                "default": None if field.is_required() else field.default,
            }
            for name, field in rule.parameters().items()
        },
    }


def rule_lines(name: str, rule: type[Constraint], lang: str) -> list[str]:
    """Return one constraint as lines of text: rule, formula, parameters, words, counterexamples."""
    blanks = placeholders(rule, lang)
    plain = rule.words.conflict.say(lang, **blanks) if lang == "ja" else sentence(rule)
    lines = [f"{name} – {rule.words.name.say(lang)}", "", plain, ""]
    if lang == "en":
        lines += [*(line.strip() for line in (rule.__doc__ or "").strip().splitlines()), ""]
    lines += [Text("parameters", "項目").say(lang) + ":"]
    for parameter, field in rule.parameters().items():
        default = (
            Text("required", "必須").say(lang) if field.is_required() else f"= {field.default}"
        )
        lines.append(f"  {parameter} ({kind_of_value(field.description, lang)}) {default}")
    lines += ["", _limit(rule).say(lang)]
    lines += [
        "",
        Text("keys", "区別").say(lang) + ": " + ", ".join(LABELS[k].say(lang) for k in rule.key),
    ]
    lines.append(Text("reading", "実測").say(lang) + ": " + rule.words.reading.say(lang, **blanks))
    return lines


def placeholders(rule: type[Constraint], lang: str) -> dict[str, str]:
    """Return what stands for each field of the rule's sentences until there is a value."""
    names = {label: LABELS[label].say(lang) for label in rule.key}
    names |= {name: name for name in rule.parameters()}
    names |= {n: text.say(lang) for n, text in MEASURED.items()}
    shape = "〔{}〕" if lang == "ja" else "<{}>"
    return {name: shape.format(word) for name, word in names.items()}


def sentence(rule: type[Constraint]) -> str:
    """Return the rule in one plain sentence, the docstring of its file."""
    return (sys.modules[rule.__module__].__doc__ or "").strip()


def documentation(rules: dict[str, type[Constraint]]) -> dict[str, str]:
    """Return the documentation pages of the rule book: file name -> Markdown."""
    pages = {f"{name}.md": _page(name, rule) for name, rule in rules.items()}
    rows = [f"| [{n}]({n}.md) | {r.words.name.en} | {r.words.name.ja} |" for n, r in rules.items()]
    head = ["# The rule book", "", "Generated by `optimizer constraints --pages docs/constraints`."]
    table = ["", "| type | name | 名称 |", "|---|---|---|", *rows]
    return {"README.md": "\n".join([*head, *table]) + "\n", **pages}


def _limit(rule: type[Constraint]) -> Text:
    """Return what a repair may move of an entry, as a sentence."""
    if rule.limit is None:
        return Text(
            "It holds or not: there is no limit that a repair could move.",
            "守るか否かの制約であり、緩和で動かせる値はない。",
        )
    way = Text("raise", "引き上げる") if rule.widens == "up" else Text("lower", "引き下げる")
    return Text(
        f"A repair may {way.en} `{rule.limit}`, by `flex` at most, unless the entry is `protected`.",
        f"緩和では `{rule.limit}` を、`flex` の幅を限度に{way.ja}ことができる(`protected` の項目を除く)。",
    )


def _page(name: str, rule: type[Constraint]) -> str:
    words = rule.words
    formula = [line.strip() for line in (rule.__doc__ or "").strip().splitlines()]
    lines = [f"# {name}", "", sentence(rule), "", f"{words.name.en} / {words.name.ja}", ""]
    lines += [*formula, "", "| parameter | unit or kind | default |", "|---|---|---|"]
    for parameter, field in rule.parameters().items():
        default = "required" if field.is_required() else f"`{field.default}`"
        lines.append(f"| `{parameter}` | {field.description} | {default} |")
    keys = ", ".join(LABELS[label].en for label in rule.key)
    lines += ["", f"Keys: {keys}. Unit of a reading: {rule.unit or 'none (holds or not)'}."]
    lines += [
        _limit(rule).en,
        "Always on." if rule.always else "On where an entry in instance.toml asks for it.",
        "",
    ]
    for title, text in [
        ("reading", words.reading),
        ("conflict", words.conflict),
        ("repair", words.repair),
    ]:
        lines += [f"- {title}: {text.en}", f"  / {text.ja}"]
    lines += [
        "",
        "Its check catches, among others: " + ", ".join(rule.examples().counterexamples) + ".",
    ]
    return "\n".join(lines) + "\n"


def _overview(rules: dict[str, type[Constraint]]) -> Table:
    rows = [
        [
            name,
            rule.words.name.say(LANG),
            ", ".join(
                f"{p} ({kind_of_value(f.description, LANG)})" for p, f in rule.parameters().items()
            ),
            say("always", "常時") if rule.always else "",
        ]
        for name, rule in rules.items()
    ]
    return Table(
        "rules",
        say("Constraints", "制約の一覧"),
        [say("type", "種類"), say("name", "名称"), say("parameters", "項目"), ""],
        rows,
    )
