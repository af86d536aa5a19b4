"""`optimizer verify`: a stored plan against the raw tables."""

from pathlib import Path

from optimizer.audit.fairness import fairness
from optimizer.audit.stored import Finding, StoredAudit, verify_folder
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.report.clauses import clause_lines, clauses
from optimizer.report.terminal import WIDTH
from optimizer.report.wrapping import wrap


def run(instance: Path, solution: Path, as_json: bool) -> int:
    """Check and report; return the exit code."""
    result = verify_folder(instance, solution)
    code = output.FINDINGS if result.findings else output.FINE
    if as_json:
        output.print_json({"findings": findings_data(result.findings), **_data(result)})
        return code
    for clause in clauses(result.audit):
        print(*clause_lines(clause, LANG, WIDTH), sep="\n")
    print()
    for line in _version_lines(result):
        print(line)
    print_findings(result.findings)
    count = len(result.findings)
    print(
        say(f"{count} finding(s)", f"指摘{count}件")
        if count
        else say(
            "every constraint holds; every number agrees",
            "全ての制約を満たし、全ての数値が一致する",
        )
    )
    return code


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
