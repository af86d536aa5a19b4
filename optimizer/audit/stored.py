"""A stored solution against its instance: what was altered, what does not add up, what is broken."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from optimizer.audit.asked import Asked, asked_of, unexpected
from optimizer.audit.fairness import fairness_panel
from optimizer.audit.finding import Finding as Finding
from optimizer.audit.manifest import manifest_findings, versions_here, without_manifest
from optimizer.audit.verify import Audit, verify
from optimizer.base.errors import InputError
from optimizer.base.words import GROUPS, LANGUAGES, Text
from optimizer.files.rule_versions import rules_of
from optimizer.files.schema import ManifestSpec
from optimizer.files.solution_folder import (
    MANIFEST,
    OUTCOME,
    csv_text,
    read_manifest,
    read_outcome,
    read_plan,
)
from optimizer.files.text_files import read_text
from optimizer.importers.place import read_place
from optimizer.model.instance import Constraint, Instance
from optimizer.model.outcome import Outcome, Stage


@dataclass(frozen=True, eq=False)
class StoredAudit:
    """The audit of a stored solution, all that was found amiss, what it was asked for, and what the
    engine claimed of it.

    outcome: without what the plan refutes; None where the folder holds none that can be read. versions: name -> version with which
    it was made, and the one here ("": none).
    """

    audit: Audit
    findings: tuple[Finding, ...]
    asked: Asked
    outcome: Outcome | None = None
    versions: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def verify_folder(instance_folder: Path, solution: Path, expect: str | None = None) -> StoredAudit:
    """Check the solution in `solution` against the raw tables in `instance_folder`.

    A solution of a benchmark file is checked against that file, under the preset it records.

    A folder without a manifest (a plan made by hand) is checked as a plan alone. expect: the name of
    a scenario, or `asked.BASE`; another one is a finding. Raises InputError where the files cannot be
    read at all.
    """
    manifest = read_manifest(solution) if (solution / MANIFEST).exists() else None
    asked = manifest.problem.asked() if manifest and manifest.problem else None
    instance = read_place(instance_folder, manifest.changes if manifest else (), asked)
    plan = read_plan(solution, instance)
    looked = Looked(plan.extra)
    audit = verify(instance, replace(plan, extra=looked))
    findings, outcome = [*_violations(audit), *_unread(looked)], None
    if manifest is not None:
        findings += manifest_findings(manifest, instance, instance_folder, solution)
    else:
        findings += without_manifest(solution)
    findings += _tables(audit, solution)
    if (solution / OUTCOME).exists():
        outcome, wrong = _claims(audit, solution, manifest)
        findings += wrong
    made = manifest.versions if manifest else {}
    versions = {name: (made[name], here) for name, here in versions_here(made).items()}
    if manifest is not None and manifest.rules:
        versions["rules"] = (manifest.rules[:12], rules_of(instance)[:12])
    own = read_place(instance_folder, (), asked) if instance.changes else instance
    wanted = asked_of(own, instance, manifest.scenario if manifest else None)
    findings += unexpected(wanted, expect, instance_folder)
    return StoredAudit(audit, tuple(findings), wanted, outcome, versions)


class Looked(Mapping[str, pd.Series]):
    """Decisions that constraints asked for; remembers which of them anybody looked at."""

    def __init__(self, decisions: Mapping[str, pd.Series]) -> None:
        self.decisions, self.unread = decisions, set(decisions)

    def __getitem__(self, name: str) -> pd.Series:
        """Return a decision."""
        decision = self.decisions[name]
        self.unread.discard(name)
        return decision

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, which is not looking."""
        return iter(self.decisions)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.decisions)


def _unread(looked: Looked) -> list[Finding]:
    """A table that no rule of the instance looks at decides nothing, whatever its author meant."""
    return [
        Finding(
            "unread",
            Text(
                f"plan/{name}.csv: no rule or cost of this instance looks at this table",
                f"plan/{name}.csv: この表を見る制約も費用もない",
            ),
            f"plan/{name}.csv",
        )
        for name in sorted(looked.unread)
    ]


def _violations(audit: Audit) -> list[Finding]:
    found = []
    for entry, readings in audit.readings:
        count = len(readings.violations)
        if count:
            worst = readings.tightest()
            told = Text(*(sentence(audit.instance, entry, worst, lang) for lang in LANGUAGES))
            message = Text(
                f"{entry.id}: {count} violation(s); {told.en}",
                f"{entry.words.name.ja}({entry.id}): 違反{count}件。{told.ja}",
            )
            found.append(Finding("violation", message))
    return found


def sentence(instance: Instance, entry: Constraint, row: pd.DataFrame, lang: str) -> str:
    """Return the reading in the one-row table `row` as a sentence of the constraint's own words."""
    label = row.index[0] if isinstance(row.index, pd.MultiIndex) else (row.index[0],)
    names = {
        name: instance.name_of(name, value, lang)
        for name, value in zip(row.index.names, label, strict=True)
    }
    values = {
        name: GROUPS[value].say(lang) if isinstance(value, str) and value in GROUPS else value
        for name, value in entry.values().items()
    }
    numbers = {name: f"{int(row[name].iloc[0]):,}" for name in ("actual", "limit")}
    return entry.words.reading.say(lang, **names, **values, **numbers)


def _tables(audit: Audit, solution: Path) -> list[Finding]:
    """Compare every stored yen and reading with the recomputed one."""
    found = []
    tables: dict[str, Callable[[], pd.Series | pd.DataFrame]] = {
        "costs.csv": lambda: audit.costs,
        "readings.csv": audit.table,
        "fairness.csv": lambda: fairness_panel(audit.instance, audit.plan),
    }
    for name, measured in tables.items():
        if not (solution / name).exists():
            continue
        table = measured()
        stored, fresh = read_text(solution / name).splitlines(), csv_text(table).splitlines()
        wrong = [n for n, (a, b) in enumerate(zip(stored, fresh, strict=False), 1) if a != b]
        if wrong or len(stored) != len(fresh):
            row = wrong[0] if wrong else min(len(stored), len(fresh)) + 1
            was = stored[row - 1] if row <= len(stored) else "-"
            now = fresh[row - 1] if row <= len(fresh) else "-"
            message = Text(
                f"{name}, row {row}: stored {was!r}, recomputed {now!r}",
                f"{name} {row}行目: 記録「{was}」、再計算「{now}」",
            )
            found.append(Finding("number", message))
    return found


def _claims(
    audit: Audit, solution: Path, manifest: ManifestSpec | None
) -> tuple[Outcome | None, list[Finding]]:
    """Return what the engine claimed, and where that contradicts itself or the plan."""
    try:
        spec = read_outcome(solution)
    except InputError as error:
        told = error.problems[0]
        return None, [Finding("unreadable", Text(told.say("en"), told.say("ja")))]
    outcome = spec.claims()
    found = [*_order(audit, outcome, set(spec.values)), *_version(outcome, manifest)]
    slack = {o.id: o.slack for o in audit.instance.objectives}
    names = {o.id: o.heading for o in audit.instance.objectives}
    for name, value in audit.values.items():
        if spec.values.get(name) != value:
            found.append(_disagrees(Text("the value of {}", "{}の値"), names[name], value))
    for stage in outcome.stages:
        actual = audit.values.get(stage.objective)
        if actual is None:
            continue
        what = names[stage.objective]
        settled = replace(stage, value=None).settled(actual)
        if settled.contradiction is not None and stage.contradiction is None:
            found.append(_contradicts(outcome, settled, what, actual))
        elif stage.value is None:
            found.append(_disagrees(Text("the value of {}", "{}の値"), what, actual))
        if stage.value is not None and stage.value + slack[stage.objective] < actual:
            found.append(_disagrees(Text("the value of {}", "{}の値"), what, actual))
    if outcome.as_data() != spec.model_dump(exclude={"values"}) or any(
        (stage.status == "optimal") != (stage.value == stage.bound)
        for stage in outcome.stages
        if stage.value is not None
    ):
        message = Text(
            "outcome.json: its status or gap does not follow from its value and bound",
            "outcome.json: 状態又は差が、値と下界に合わない",
        )
        found.append(Finding("number", message))
    return outcome.settled(audit.values), found


def _contradicts(outcome: Outcome, stage: Stage, name: Text, actual: int) -> Finding:
    """What was claimed of a stage cannot be: here is the plan."""
    assert stage.contradiction is not None
    false = stage.contradiction.bound
    told = outcome.refuted(stage, f"{actual:,}", "–" if false is None else f"{false:,}")
    message = Text(f"{OUTCOME}: {name.en}: {told.en}", f"{OUTCOME}: {name.ja}: {told.ja}")
    return Finding("contradiction", message)


def _order(audit: Audit, outcome: Outcome, valued: set[str]) -> list[Finding]:
    """The stages are the objectives in their order, the last of which may not have been reached."""
    names = [objective.id for objective in audit.instance.objectives]
    stages = [stage.objective for stage in outcome.stages]
    if stages == [*names, "canonical"][: len(stages)] and valued == set(names):
        return []
    message = Text(
        f"{OUTCOME}: its stages or values are not those of the objectives {', '.join(names)}",
        f"{OUTCOME}: 段階又は値が、目的 {', '.join(names)} のものでない",
    )
    return [Finding("number", message)]


def _version(outcome: Outcome, manifest: ManifestSpec | None) -> list[Finding]:
    """What the engine says of its version is what the manifest recorded."""
    package, _, told = outcome.version.partition(" ")
    recorded = manifest.versions.get("ortools") if manifest else None
    if package != "OR-Tools" or recorded in (None, told):
        return []
    message = Text(
        f"{OUTCOME}: made with OR-Tools {told}, but the manifest records {recorded}",
        f"{OUTCOME}: OR-Tools {told} によるとあるが、manifest.json の記録は {recorded} である",
    )
    return [Finding("versions", message)]


def _disagrees(what: Text, name: Text, actual: int) -> Finding:
    message = Text(
        f"outcome.json: {what.en.format(name.en)} does not agree with {actual:,},"
        " recomputed from the plan",
        f"outcome.json: {what.ja.format(name.ja)}が、計画から再計算した{actual:,}と合わない",
    )
    return Finding("number", message)
