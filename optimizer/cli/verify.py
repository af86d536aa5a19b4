"""`optimizer verify`: a stored plan against the raw tables."""

import sys
from pathlib import Path

from optimizer.audit import Finding, StoredAudit, verify_folder
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.report.tables import constraint_table
from optimizer.report.terminal import console, print_table


def run(instance: Path, solution: Path, as_json: bool) -> int:
    """Check and report; return the exit code."""
    result = verify_folder(instance, solution)
    code = output.FINDINGS if result.findings else output.FINE
    if as_json:
        output.print_json({"findings": findings_data(result.findings), **_data(result)})
        return code
    print_table(constraint_table(result.audit, LANG), console(sys.stdout), LANG, rows=0)
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


def _data(result: StoredAudit) -> dict[str, object]:
    return {
        "constraints": [
            {
                "id": entry.id,
                "checked": len(readings.table),
                "violations": len(readings.violations),
                "source": list(entry.source),
            }
            for entry, readings in result.audit.readings
        ],
        "values": result.audit.values,
    }
