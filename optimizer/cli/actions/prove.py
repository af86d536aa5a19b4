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
from optimizer.files.added import add_files
from optimizer.files.solution_folder import MANIFEST, read_manifest, read_plan, sha256, write_bytes
from optimizer.importers.place import files_of, read_place
from optimizer.model.instance import Instance
from optimizer.proof.check import Checked, Refused, bind, check
from optimizer.report.answers.proof import proof_data, proof_lines
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

    stored = verify_folder(request.instance, request.place)
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
    if request.out is None and (request.place / MANIFEST).exists():
        add_files(request.place, {PROOF: made})
    else:
        write_bytes(request.out or request.place / PROOF, made)
    proof = check(made)
    wrong = differences(proof, instance, plan)
    assert not wrong, wrong
    tell(proof, instance, True, request.out or request.place / PROOF, request.as_json)
    return output.INTERRUPTED if stop.is_set() else output.FINE


def _checked(request: Request) -> int:
    """Check a stored proof; with `rebuild` against rows made anew from the raw files."""
    folder, place = _places(request.place)
    manifest = read_manifest(folder) if (folder / MANIFEST).exists() else None
    try:
        proof = check(_bytes(place))
        bind(proof, files_of(request.instance))
    except Refused as reason:
        return _refuse([Text(*reason.args)], request.as_json)
    asked = manifest.problem.asked() if manifest and manifest.problem else None
    changes = manifest.changes if manifest else tuple(proof.changes)
    instance = read_place(request.instance, changes, asked)
    if request.rebuild:
        from optimizer.proof.rebuild import differences

        stated = proof.plan is not None and (folder / "plan").is_dir()
        plan = read_plan(folder, instance) if stated else None
        if wrong := differences(proof, instance, plan):
            return _refuse(wrong, request.as_json)
    tell(proof, instance, request.rebuild, place, request.as_json)
    return output.FINE


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


def tell(proof: Checked, instance: Instance, rebuilt: bool, place: Path, as_json: bool) -> None:
    """Tell what a checked proof proves, and where it is."""
    if as_json:
        data = {"confirmed": True, "findings": [], "file": str(place)}
        output.print_json(data | proof_data(proof, rebuilt))
        return
    for line in proof_lines(proof, instance, rebuilt, LANG):
        _print(line)
    leaves = sum(stage.leaves for stage in proof.stages)
    size = f"{place.stat().st_size:,}"
    _print(say(f"{place}: {size} bytes, {leaves:,} leaves", f"{place}: {size}バイト、葉{leaves:,}"))


def _print(text: str) -> None:
    """Print a text as lines that fit, the later ones indented."""
    print("\n  ".join(wrap(text, WIDTH - 2)))
