"""`optimizer prove` without a solution: that no plan keeps all rules, for those that clash."""

from pathlib import Path

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.actions.prove import tell
from optimizer.cli.language import LANG, say
from optimizer.cli.progress import ProgressLine
from optimizer.explain.infeasible.conflict import Conflict, find_conflict
from optimizer.explain.infeasible.feasibility import automatic
from optimizer.files.changes import Change
from optimizer.files.solution_folder import sha256, write_bytes
from optimizer.importers.place import files_of, read_place
from optimizer.report.answers.conflict import conflict_report
from optimizer.report.answers.proof import ProofCase


def no_plan(
    place: Path,
    changes: tuple[Change, ...],
    scenario: str | None,
    out: Path,
    seconds: float,
    as_json: bool,
) -> int:
    """Find what clashes, prove that no plan keeps it, store and check the proof; return the code.

    The proof is about the instance in which every other entry is dropped: what these alone forbid
    no plan of the whole can do.
    """
    from optimizer.proof.check import check
    from optimizer.proof.make import prove
    from optimizer.proof.rebuild import differences

    whole = read_place(place, changes)
    conflict = find_conflict(whole, seconds)
    if conflict.status == "feasible":
        raise refuse(
            Text("these rules have a plan", "全ての制約を満たす計画がある"),
            Text("solve, and name the solution", "求解し、その計画を指定する"),
        )
    if conflict.status == "unknown":
        output.tell(conflict_report(conflict, LANG).headline[0])
        return output.NO_PLAN
    instance = read_place(place, (*changes, *_dropped(conflict)))
    inputs = {path.name: sha256(path) for path in files_of(place)}
    with ProgressLine(instance.objectives) as line:
        made = prove(instance, None, inputs, (), seconds, line.show)
    proof = check(made)
    assert not differences(proof, instance, None)
    if proof.stages[0].bound is not None:
        output.tell(say("not proved in the time given", "時間内に証明できなかった"))
        return output.UNPROVED
    write_bytes(out, made)
    kept = tuple(member.entry.id for member in conflict.members)
    tell(proof, ProofCase(whole, scenario, kept), True, out, as_json)
    return output.FINE


def _dropped(conflict: Conflict) -> list[str]:
    """Return the changes that leave only the entries of the conflict, and what every plan and other
    rules need: rules that put links out of bounds say what counts as near for others.
    """
    kept = {member.entry.id for member in conflict.members}
    entries = (e for e in conflict.instance.entries if not automatic(e) and not e.out_of_bounds)
    return [f"drop {entry.id}" for entry in entries if entry.id not in kept]
