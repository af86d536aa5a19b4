"""Saboteurs of the files beside the plan: bytes, numbers, records, inputs, and what is not there."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from optimizer.files.instance_folder import input_files
from optimizer.files.solution_folder import sha256
from tests.sabotage.attempt import Attempt
from tests.sabotage.stored import Stored, found_out, sign


def attempts(stored: Stored, each: int, seed: int) -> Iterator[Attempt]:
    """Try every counterexample of files `each` times."""
    for kind, counterexamples in KINDS.items():
        part = "city" if kind.startswith("instance") else "solution"
        for name, counterexample in counterexamples.items():
            random = Random(f"{kind} {name} {seed}")
            for _ in range(each):
                with stored.copy(part) as copy:
                    done = counterexample(copy, random)
                    if part == "city":
                        _, told = found_out(copy, stored.solution)
                    else:
                        _, told = found_out(stored.city, copy)
                yield Attempt(kind, name, bool(told), (), told or done)


def _pick(folder: Path, random: Random, suffix: str = "") -> Path:
    there = [p for p in folder.rglob("*") if p.is_file() and p.name.endswith(suffix)]
    return random.choice(sorted(there))


def _flip(folder: Path, random: Random, name: str | None = None) -> str:
    """Flip one bit of one byte."""
    path = folder / name if name else _pick(folder, random)
    raw = bytearray(path.read_bytes())
    place = random.randrange(len(raw))
    raw[place] ^= 1 << random.randrange(8)
    path.write_bytes(raw)
    return f"{path.name}, byte {place}"


def _cut(folder: Path, random: Random) -> str:
    path = _pick(folder, random)
    raw = path.read_bytes()
    path.write_bytes(raw[: random.randrange(len(raw))])
    return f"{path.name} cut short"


def _remove(folder: Path, random: Random) -> str:
    path = _pick(folder, random)
    path.unlink()
    return f"{path.name} removed"


def _add(folder: Path, random: Random) -> str:
    place = random.choice([folder, folder / "plan"])
    (place / random.choice(["note.txt", "more.csv", ".hidden", "staff.csv.bak"])).write_text("x\n")
    return "a file added"


def _add_manifest_below(folder: Path, random: Random) -> str:
    (folder / "plan" / "manifest.json").write_text("{}")
    return "a second manifest"


def _empty(folder: Path, random: Random) -> str:
    path = _pick(folder, random)
    path.write_bytes(b"")
    return f"{path.name} emptied"


def _swap(folder: Path, random: Random) -> str:
    """Exchange two files of one kind."""
    a, b = (folder / "plan" / "staff.csv", folder / "plan" / "community_staff.csv")
    one, other = a.read_bytes(), b.read_bytes()
    a.write_bytes(other)
    b.write_bytes(one)
    return "staff and community staff swapped"


def _signed_number(name: str) -> Callable[[Path, Random], str]:
    """Alter a number of a published table and record its hash anew."""

    def counterexample(folder: Path, random: Random) -> str:
        path = folder / name
        rows = list(csv.reader(io.StringIO(path.read_text())))
        numeric = [
            (r, c)
            for r, row in enumerate(rows[1:], 1)
            for c, cell in enumerate(row)
            if re.fullmatch(r"-?[0-9]+", cell)
        ]
        r, c = random.choice(numeric)
        was, rows[r][c] = rows[r][c], str(int(rows[r][c]) + random.choice([-1, 1, 1000]))
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        path.write_text(text.getvalue())
        sign(folder)
        return f"{name}, row {r}: {was} -> {rows[r][c]}"

    return counterexample


def _signed_row(name: str) -> Callable[[Path, Random], str]:
    """Leave a row of a published table out, or state one twice, and record its hash anew."""

    def counterexample(folder: Path, random: Random) -> str:
        lines = (folder / name).read_text().splitlines(keepends=True)
        place = random.randrange(1, len(lines))
        lines[place : place + 1] = random.choice([[], [lines[place]] * 2])
        (folder / name).write_text("".join(lines))
        sign(folder)
        return f"{name}, row {place}"

    return counterexample


def _claim(change: Callable[[dict, Random], object]) -> Callable[[Path, Random], str]:
    """Change what the engine claimed and record the hash anew."""

    def counterexample(folder: Path, random: Random) -> str:
        data = json.loads((folder / "outcome.json").read_text())
        change(data, random)
        (folder / "outcome.json").write_text(json.dumps(data, indent=2) + "\n")
        sign(folder)
        return json.dumps(data)[:300]

    return counterexample


def _better_bound(data: dict, random: Random) -> None:
    """Claim a bound above what the plan costs."""
    stage = random.choice(data["stages"])
    stage["bound"] = stage["value"] + random.choice([1, 10**6])


def _cheaper(data: dict, random: Random) -> None:
    """Claim a lower value than the plan has, consistently in the stage."""
    stage = random.choice(data["stages"])
    stage["value"] = stage["bound"] = stage["value"] - random.choice([1, 10**6])


def _called_optimal(data: dict, random: Random) -> None:
    """Call optimal what is not proved."""
    stage = random.choice(data["stages"])
    stage["bound"] = stage["value"] - random.randint(1, 10**6)
    stage |= {"status": "optimal", "gap": "0.000000"}


def _value(data: dict, random: Random) -> None:
    name = random.choice(list(data["values"]))
    data["values"][name] += random.choice([-1, 1, 10**6])


def _no_stage(data: dict, random: Random) -> None:
    """Leave out a stage before the last; without the last, only less is claimed."""
    data["stages"].pop(random.randrange(len(data["stages"]) - 1))


def _no_value(data: dict, random: Random) -> None:
    data["values"].pop(random.choice(list(data["values"])))


def _renamed(data: dict, random: Random) -> None:
    random.choice(data["stages"])["objective"] = "walking"


def _infeasible(data: dict, random: Random) -> None:
    random.choice(data["stages"])["status"] = random.choice(["infeasible", "unknown", "unbounded"])


def _record(change: Callable[[dict, Random], object]) -> Callable[[Path, Random], str]:
    """Change the manifest and seal it anew."""

    def counterexample(folder: Path, random: Random) -> str:
        sign(folder, lambda manifest: change(manifest, random))
        return (folder / "manifest.json").read_text()[:300]

    return counterexample


def _other_input(manifest: dict, random: Random) -> None:
    name = random.choice(list(manifest["inputs"]))
    manifest["inputs"][name] = "0" * 64


def _no_input(manifest: dict, random: Random) -> None:
    manifest["inputs"].pop(random.choice(list(manifest["inputs"])))


def _more_input(manifest: dict, random: Random) -> None:
    manifest["inputs"]["neighbours.csv"] = "0" * 64


def _no_output(manifest: dict, random: Random) -> None:
    manifest["outputs"].pop(random.choice(list(manifest["outputs"])))


def _other_fingerprint(manifest: dict, random: Random) -> None:
    manifest["fingerprint"] = f"{random.getrandbits(256):064x}"


def _other_changes(manifest: dict, random: Random) -> None:
    manifest["changes"] = ["set staff.wage=6999999"]


def _scenario(manifest: dict, random: Random) -> None:
    manifest["scenario"] = "a-scenario-that-nobody-wrote"


def _no_versions(manifest: dict, random: Random) -> None:
    manifest["versions"].pop(random.choice(list(manifest["versions"])))


def _other_engine_version(data: dict, random: Random) -> None:
    data["version"] = "OR-Tools 1.2.3"


def _unsealed(folder: Path, random: Random) -> str:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["seconds"] = 1
    if random.random() < 0.5:
        del manifest["seal"]
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2))
    return "seal"


def _input_row(folder: Path, random: Random) -> str:
    """Leave a row of an input table out."""
    path = random.choice([p for p in input_files(folder) if p.suffix == ".csv"])
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    del lines[random.randrange(1, len(lines))]
    path.write_text("".join(lines), encoding="utf-8")
    return f"{path.name}: a row less"


def _input_cell(folder: Path, random: Random) -> str:
    """Alter a number in an input table."""
    path = random.choice([p for p in input_files(folder) if p.suffix == ".csv"])
    return _number(path, random, r"(?<=,)[0-9]+(?=,|$)")


def _limit(folder: Path, random: Random) -> str:
    """Alter a limit or another number of instance.toml."""
    return _number(folder / "instance.toml", random, r"(?<= = )[0-9]+(?=$)")


def _number(path: Path, random: Random, pattern: str) -> str:
    text = path.read_text(encoding="utf-8")
    places = list(re.finditer(pattern, text, re.MULTILINE))
    if not places:
        path.write_text(text + "\n", encoding="utf-8")
        return f"{path.name}: a line more"
    found = random.choice(places)
    number = str(int(found[0]) + random.choice([1, 1, 100]))
    text = text[: found.start()] + number + text[found.end() :]
    path.write_text(text, encoding="utf-8")
    return f"{path.name}: {found[0]} -> {number}"


def with_forged_inputs(stored: Stored, each: int, seed: int) -> Iterator[Attempt]:
    """Alter a number of instance.toml and record its hash anew: the fingerprint tells."""
    random = Random(f"limit {seed}")
    for _ in range(each):
        with stored.copy("city") as city, stored.copy() as solution:
            done = _limit(city, random)
            hashes = {path.name: sha256(path) for path in input_files(city)}
            sign(solution, lambda manifest, hashes=hashes: manifest.update(inputs=hashes))
            _, told = found_out(city, solution)
        yield Attempt("instance, hashes forged", "alter a limit", bool(told), (), told or done)


KINDS: dict[str, dict[str, Callable[[Path, Random], str]]] = {
    "files": {
        "flip a bit": _flip,
        "cut a file short": _cut,
        "empty a file": _empty,
        "remove a file": _remove,
        "add a file": _add,
        "a manifest below": _add_manifest_below,
        "swap two files": _swap,
    },
    "manifest": {
        "flip a bit": lambda folder, random: _flip(folder, random, "manifest.json"),
        "break the seal": _unsealed,
        "another input hash": _record(_other_input),
        "an input less": _record(_no_input),
        "an input more": _record(_more_input),
        "an output less": _record(_no_output),
        "another fingerprint": _record(_other_fingerprint),
        "other changes": _record(_other_changes),
        "another scenario": _record(_scenario),
        "a version less": _record(_no_versions),
    },
    "numbers, signed": {
        "a number of costs": _signed_number("costs.csv"),
        "a number of readings": _signed_number("readings.csv"),
        "a number of fairness": _signed_number("fairness.csv"),
        "a row of costs": _signed_row("costs.csv"),
        "a row of readings": _signed_row("readings.csv"),
    },
    "outcome, signed": {
        "a bound above the plan": _claim(_better_bound),
        "a cheaper plan": _claim(_cheaper),
        "optimal without proof": _claim(_called_optimal),
        "a value": _claim(_value),
        "a value less": _claim(_no_value),
        "a stage less": _claim(_no_stage),
        "a stage of nothing": _claim(_renamed),
        "another status": _claim(_infeasible),
        "another engine version": _claim(_other_engine_version),
    },
    "instance": {
        "flip a bit": _flip,
        "a row less": _input_row,
        "alter a cell": _input_cell,
        "alter a limit": _limit,
        "remove a file": _remove,
    },
}
