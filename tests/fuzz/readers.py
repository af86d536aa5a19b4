"""Every reader of files and options, with valid input to spoil."""

import os
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

from optimizer.audit.stored import verify_folder
from optimizer.base.errors import InputError
from optimizer.cli.actions.sweep import Request, cases_of
from optimizer.files.areas import read_areas
from optimizer.files.instance_folder import input_files, read_instance
from optimizer.files.kept import kept
from optimizer.files.presets import PresetOptions
from optimizer.files.scenario_files import scenario_changes
from optimizer.importers.problem import read_problem
from optimizer.proof.check import Refused, check
from optimizer.proof.make import packed
from tests.conftest import KUMAMOTO
from tests.fuzz.spoil import spoilt
from tests.importers import files as formats
from tests.proof.programs import GOOD

SCENARIO = """id = "one"
base = "kumamoto-2015"
name_en = "one"
name_ja = "一"
[[change]]
set = "constraint.five_km.metres"
value = 6000
author = "me"
reason_en = "why"
reason_ja = "理由"
[[change]]
scale = "assumptions.wage"
by = "1.1"
author = "me"
reason_en = "why"
reason_ja = "理由"
[[change]]
fix = ["B05"]
modes = ["closed", "service_corner"]
periods = [2019, 2020]
author = "me"
reason_en = "why"
reason_ja = "理由"
source = "P01"
"""

CHANGES = """set constraint.five_km.metres=6000
set assumptions.wage=7500000
scale assumptions.person_minutes=1.05
set points.csv[point_id=B05|B06].note=wide
scale districts.csv[ward=西区].residents=1.1
drop pace
add constraint={ type = "travel_limit", id = "near", metres = 90000 }
"""
"""One change a line, as `--set` and its like give them."""


class Reader(NamedTuple):
    """files: those that may be spoilt. read: reads them, or refuses with an InputError."""

    files: tuple[Path, ...]
    read: Callable[[], object]


def tried(reader: Reader, random: Random) -> tuple[str, str]:
    """Spoil one file, read, restore it; return what was spoilt and what was said ("": accepted).

    Raises whatever the reader raises that is not told in words.
    """
    path = random.choice(reader.files)
    raw = path.read_bytes()
    try:
        path.write_bytes(spoilt(raw, random))
        reader.read()
    except InputError as error:
        for problem in error.problems:
            for lang in ("en", "ja"):
                assert problem.message.say(lang).strip(), problem
                assert problem.remedy.say(lang).strip(), problem
            assert problem.place("en"), problem
            assert len(problem.say("en")) < 20_000, "the whole file in one message"
        return path.name, str(error)
    except Refused as refused:
        assert len(refused.args) == 2 and all(refused.args)
        return path.name, str(refused.args[0])
    finally:
        path.write_bytes(raw)
    return path.name, ""


def readers(city: Path, solution: Path, place: Path) -> dict[str, Reader]:
    """Return the readers of a city with scenarios, of its solution, and of files in `place`."""
    (city / "scenarios").mkdir(exist_ok=True)
    scenario = city / "scenarios" / "one.toml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    changes = place / "changes.txt"
    changes.write_text(CHANGES, encoding="utf-8")
    hand = place / "hand"
    shutil.copytree(solution / "plan", hand / "plan", dirs_exist_ok=True)
    areas = Path(shutil.copy(KUMAMOTO / "districts.geojson", city))
    answers = solution.with_name(f"{solution.name}.price.json")
    answers.write_text('{"question": {"instance": "x", "plan": "y"}, "answers": [{"id": "a"}]}')
    parts = tuple(p for p in sorted(solution.rglob("*")) if p.suffix in (".csv", ".json"))
    proof = place / "proof.json.gz"
    proof.write_bytes(packed(GOOD))
    table = place / "cases.csv"
    table.write_text("constraint.five_km.metres,assumptions.wage\n4000,7000000\n6000,8000000\n")
    found = {
        "instance": Reader(tuple(input_files(city)), lambda: read_instance(city)),
        "scenario": Reader((scenario,), lambda: scenario_changes(city, "one")),
        "changes": Reader((changes,), lambda: read_instance(city, _lines(changes))),
        "solution": Reader(parts, lambda: verify_folder(city, solution)),
        "plan": Reader(tuple(hand.glob("plan/*.csv")), lambda: verify_folder(city, hand)),
        "proof": Reader((proof,), lambda: check(proof.read_bytes())),
        "areas": Reader((areas,), lambda: read_areas(city)),
        "answers": Reader((answers,), lambda: kept(solution, "price", {"instance": "x"})),
        "sweep": Reader((table,), lambda: _cases(city, table)),
    }
    return found | _problems(place)


def _lines(path: Path) -> tuple[str, ...]:
    """Return one of the lines, as a shell hands it over: what is no UTF-8 as surrogates."""
    lines = path.read_bytes().split(b"\n")
    return tuple(os.fsdecode(line) for line in lines if line)


def _cases(city: Path, table: Path) -> None:
    from dataclasses import fields

    from optimizer.solver.solve import SolveSettings

    blank = {f.name: () for f in fields(Request)} | {"instance": city, "table": table, "count": 1}
    for case in cases_of(Request(**blank | {"settings": SolveSettings()})):
        read_instance(city, case.changes)


def _problems(place: Path) -> dict[str, Reader]:
    cost = [[5, 9, 2], [7, 1, 4]]
    points = [(0, 0, 3), (3, 4, 2), (6, 8, 1)]
    made = {
        "pmed": (formats.write_pmed(place / "pmed.txt", 3, 1, [(1, 2, 5), (2, 3, 4)]),
                 PresetOptions("p-median", "orlib-pmed", p=1)),
        "uflp": (formats.write_uflp(place / "cap.txt", [(9, 5), (9, 3)], [(1, [2, "3.5"]), (1, [4, 1])]),
                 PresetOptions("uflp", "orlib-uflp")),
        "holmberg": (formats.write_holmberg(place / "h.txt", [(9, 5), (9, 3)], [1, 2], [[1, 2], [3, 4]]),
                     PresetOptions("sscflp", "holmberg")),
        "diaz": (formats.write_diaz(place / "d.txt", cost, [1, 2], [5, 6, 7], [9, 9, 9]),
                 PresetOptions("sscflp", "diaz")),
        "pmedcap": (formats.write_pmedcap(place / "c.txt", 2, 10, points),
                    PresetOptions("capacitated-p-median", "orlib-pmedcap", p=2)),
        "tsplib": (formats.write_tsplib(place / "t.tsp", [(0, 0), (3, 4), (6, 8)]),
                   PresetOptions("p-median", "tsplib", p=1)),
        "matrix": (formats.write_matrix(place / "m.csv", ["a", "b"], ["c", "d"], [[1, 2], [3, 4]], [5, 6]),
                   PresetOptions("lscp", "matrix", metres=Decimal(5))),
    }  # fmt: skip

    def reads(path: Path, asked: PresetOptions) -> Reader:
        return Reader((path,), lambda: read_problem(path, asked))

    return {f"problem {name}": reads(path, asked) for name, (path, asked) in made.items()}
