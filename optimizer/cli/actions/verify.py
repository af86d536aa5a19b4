"""`optimizer verify`: a stored plan against the raw tables."""

from pathlib import Path

from optimizer.audit.asked import Asked
from optimizer.audit.fairness import fairness
from optimizer.audit.stored import Finding, StoredAudit, verify_folder
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.report.clauses import clause_lines, clauses
from optimizer.report.terminal import WIDTH
from optimizer.report.wrapping import wrap


def run(instance: Path, solution: Path, expect: str | None, as_json: bool) -> int:
    """Check and report; return the exit code."""
    result = verify_folder(instance, solution, expect)
    code = output.FINDINGS if result.findings else output.FINE
    if as_json:
        output.print_json({**asked_data(result), **_data(result)})
        return code
    print_asked(result.asked)
    print()
    for clause in clauses(result.audit):
        print(*clause_lines(clause, LANG, WIDTH), sep="\n")
    print()
    for line in _version_lines(result):
        print(line)
    print_findings(result.findings)
    for line in wrap(verdict(result, LANG), WIDTH):
        print(line)
    return code


def verdict(result: StoredAudit, lang: str) -> str:
    """Return that all holds, or how much does not, and under which changed rules."""
    count = len(result.findings)
    if not count:
        return result.asked.verdict(lang)
    told = Text("{n} finding(s)", "指摘{n}件").say(lang, n=count)
    return told + result.asked.under(lang)


def print_asked(asked: Asked) -> None:
    """Print what a plan was asked for."""
    for line in asked.lines(LANG):
        print("\n    ".join(wrap(line, WIDTH - 4)))


def asked_data(result: StoredAudit) -> dict[str, object]:
    """Return what was asked, the verdict and the findings as plain data for JSON."""
    return {
        "asked": result.asked.to_json(),
        "verdict_en": verdict(result, "en"),
        "verdict_ja": verdict(result, "ja"),
        "findings": findings_data(result.findings),
    }


def print_findings(findings: tuple[Finding, ...]) -> None:
    """Print a line for each of `findings`."""
    for finding in findings:
        print(f"✗ {finding.message.say(LANG)}")


def findings_data(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    """Return `findings` as plain data for JSON."""
    return [
        {"code": f.code, "message_en": f.message.en, "message_ja": f.message.ja} for f in findings
    ]


def _version_lines(result: StoredAudit) -> list[str]:
    """Tell which versions the plan was made with where others are here; that is no finding."""
    others = [
        f"{name} {made} ({say('here', 'この環境')}: {here or say('none', 'なし')})"
        for name, (made, here) in result.versions.items()
        if made != here
    ]
    return wrap(say("made with ", "作成時の版: ") + ", ".join(others), WIDTH) if others else []


def _data(result: StoredAudit) -> dict[str, object]:
    audit = result.audit
    panel = () if audit.instance.classical else fairness(audit.instance, audit.plan)
    return {
        "constraints": [
            {**clause.to_json(), "source": list(entry.source)}
            for clause, (entry, _) in zip(clauses(audit), audit.readings, strict=True)
        ],
        "values": audit.values,
        "costs": audit.costs.rename("yen").reset_index().to_dict("records"),
        "fairness": [row.to_json() for row in panel],
        "versions": {
            n: {"made": made, "here": here} for n, (made, here) in result.versions.items()
        },
    }
