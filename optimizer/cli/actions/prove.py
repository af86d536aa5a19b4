"""`optimizer prove`: how little any plan can cost, as a file that plain integers confirm."""

from dataclasses import dataclass
from pathlib import Path
from threading import Event

from optimizer.audit.stored import verify_folder
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.actions.verify import findings_data, print_findings
from optimizer.cli.language import LANG, say
from optimizer.cli.progress import ProgressLine
from optimizer.explain.infeasible.feasibility import automatic
from optimizer.files.added import add_files
from optimizer.files.changes import Change, Changes
from optimizer.files.schema import ManifestSpec
from optimizer.files.solution_folder import MANIFEST, read_manifest, read_plan, sha256, write_bytes
from optimizer.importers.place import files_of, read_place
from optimizer.model.instance import Instance
from optimizer.proof.check import Checked, Refused, bind, check, match
from optimizer.report.answers.proof import ProofCase, proof_data, proof_lines
from optimizer.report.terminal import WIDTH
from optimizer.report.wrapping import wrap

PROOF = "proof.json.gz"


@dataclass(frozen=True)
class Request:
    """What the user asked for. place: of a solution or a proof."""

    instance: Path
    place: Path
    check: bool
    rebuild: bool
    export: str | None
    out: Path | None
    time_limit: float
    changes: tuple[Change, ...]
    scenario: str | None
    as_json: bool


def run(request: Request) -> int:
    """Prove, check or export, and tell what is proved; return the exit code."""
    if request.export is not None:
        return _exported(request)
    return _checked(request) if request.check else _proved(request)


def _proved(request: Request) -> int:
    """Prove how little a plan can cost in the time given; store it; check it; tell it."""
    from optimizer.proof.make import prove
    from optimizer.proof.rebuild import differences
    from optimizer.solver.solve import first_interrupt_sets

    stored, manifest = verify_folder(request.instance, request.place), _manifest(request.place)
    findings = tuple(f for f in stored.findings if f.file != PROOF)
    if findings:
        if request.as_json:
            output.print_json({"findings": findings_data(findings)})
        else:
            print_findings(findings)
            print(say("nothing was proved", "何も証明していない"))
        return output.FINDINGS
    instance, plan = stored.audit.instance, stored.audit.plan
    stages = stored.outcome.stages if stored.outcome else ()
    attained = [stage.value for stage in stages if stage.value is not None]
    inputs = {path.name: sha256(path) for path in files_of(request.instance)}
    stop = Event()
    with first_interrupt_sets(stop), ProgressLine(instance.objectives) as line:
        made = prove(instance, plan, inputs, attained, request.time_limit, line.show, stop)
    if request.out is None and manifest is not None:
        add_files(request.place, {PROOF: made})
    else:
        write_bytes(request.out or request.place / PROOF, made)
    proof = check(made)
    wrong = differences(proof, instance, plan)
    assert not wrong, wrong
    case = ProofCase(instance, manifest.scenario if manifest else None)
    tell(proof, case, True, request.out or request.place / PROOF, request.as_json)
    return output.INTERRUPTED if stop.is_set() else output.FINE


def _checked(request: Request) -> int:
    """Check a stored proof, and that it is of the case asked for: that of the solution it lies in, or
    else of the instance under the changes of the command; with `rebuild` against rows made anew.
    """
    folder, place = _places(request.place)
    manifest = _manifest(folder)
    asked = manifest.problem.asked() if manifest and manifest.problem else None
    changes: Changes = manifest.changes if manifest else request.changes
    instance = read_place(request.instance, changes, asked)
    try:
        proof = check(_bytes(place))
        bind(proof, files_of(request.instance))
        dropped = match(proof, instance.id, list(instance.changes))
        needed(instance, dropped)
    except Refused as reason:
        return _refuse([Text(*reason.args)], request.as_json)
    if request.rebuild:
        from optimizer.proof.rebuild import differences

        stated = proof.plan is not None and (folder / "plan").is_dir()
        plan = read_plan(folder, instance) if stated else None
        proved = read_place(request.instance, proof.changes, asked) if dropped else instance
        if wrong := differences(proof, proved, plan):
            return _refuse(wrong, request.as_json)
    stated_ids = (entry.id for entry in instance.entries if not automatic(entry))
    kept = tuple(name for name in stated_ids if name not in dropped) if dropped else None
    case = ProofCase(instance, manifest.scenario if manifest else request.scenario, kept)
    tell(proof, case, request.rebuild, place, request.as_json)
    return output.FINE


def needed(instance: Instance, dropped: list[str]) -> None:
    """Refuse a proof that leaves out what the other rules rest on: then they are not fewer, but others."""
    resting = {entry.id for entry in instance.entries if entry.out_of_bounds}
    if wrong := sorted(resting & set(dropped)):
        names = ", ".join(wrong)
        raise Refused(f"of another case: without {names}", f"別の場合の証明: {names} を除いている")


def _manifest(folder: Path) -> ManifestSpec | None:
    return read_manifest(folder) if (folder / MANIFEST).exists() else None


def _exported(request: Request) -> int:
    """Write each stage of a stored proof as a certificate of its own."""
    from optimizer.proof.vipr import certificate

    _, place = _places(request.place)
    packed, out = _bytes(place), request.out or Path()
    try:
        count = len(check(packed).stages)
        texts = [certificate(packed, number) for number in range(count)]
    except Refused as reason:
        return _refuse([Text(*reason.args)], request.as_json)
    names = [out, *(out.with_stem(f"{out.stem}-{number}") for number in range(2, count + 1))]
    for name, text in zip(names, texts, strict=True):
        write_bytes(name, text.encode())
    if request.as_json:
        output.print_json({"files": [str(name) for name in names]})
    else:
        print(*(say(f"written: {name}", f"{name} に書き出した") for name in names), sep="\n")
    return output.FINE


def _places(place: Path) -> tuple[Path, Path]:
    """Return the folder of a solution and its proof, from either."""
    return (place, place / PROOF) if place.is_dir() else (place.parent, place)


def _bytes(place: Path) -> bytes:
    if place.is_file():
        return place.read_bytes()
    raise refuse(
        Text("no proof is there", "証明がない"),
        Text("make one with `optimizer prove`", "`optimizer prove` で作る"),
        file=str(place),
    )


def _refuse(reasons: list[Text], as_json: bool) -> int:
    if as_json:
        told = [{"message_en": reason.en, "message_ja": reason.ja} for reason in reasons]
        output.print_json({"confirmed": False, "findings": told})
    for reason in reasons if not as_json else []:
        _print(say(f"✗ not confirmed: {reason.en}", f"✗ 確認できない: {reason.ja}"))
    return output.FINDINGS


def tell(proof: Checked, case: ProofCase, rebuilt: bool, place: Path, as_json: bool) -> None:
    """Tell of what case a checked proof is, what it proves, and where it is."""
    if as_json:
        data = {"confirmed": True, "findings": [], "file": str(place)}
        output.print_json(data | proof_data(proof, case, rebuilt))
        return
    for line in proof_lines(proof, case, rebuilt, LANG):
        _print(line)
    leaves = sum(stage.leaves for stage in proof.stages)
    size = f"{place.stat().st_size:,}"
    _print(say(f"{place}: {size} bytes, {leaves:,} leaves", f"{place}: {size}バイト、葉{leaves:,}"))


def _print(text: str) -> None:
    """Print a text as lines that fit, the later ones indented."""
    print("\n  ".join(wrap(text, WIDTH - 2)))
