"""Published optima beside what is found here, file by file, one child process each.

    python -m tests.benchmarks published [--time-limit 60] [--sets a,b] [--best-known]
                                         [--write docs/published.md]

The files and their list of optima are found in the folder that OPTIMIZER_BENCH names (default:
shared/bench beside the checkout); the list is read, never written.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

BENCH = Path(os.environ.get("OPTIMIZER_BENCH", Path(__file__).parents[3] / "shared" / "bench"))

SETS = {
    "orlib-pmed": ("orlib-pmed", "p-median"),
    "orlib-uflp": ("orlib-uflp", "uflp"),
    "sscflp-holmberg": ("holmberg", "sscflp"),
    "sscflp-diaz": ("diaz", "sscflp"),
    "pmedcap": ("orlib-pmedcap", "capacitated-p-median"),
    "p-center": ("orlib-pmed", "p-center"),
}
"""Set -> format of its files, preset."""

PAPERS = {
    "orlib-pmed": "Beasley, European Journal of Operational Research 21, 1985",
    "orlib-uflp": "Beasley, European Journal of Operational Research 33, 1988",
    "sscflp-holmberg": "Holmberg, Rönnqvist, Yuan, European Journal of Operational Research 113, 1999",
    "sscflp-diaz": "Delmaire, Díaz, Fernández, Ortega, INFOR 37, 1999",
    "pmedcap": "Osman, Christofides, International Transactions in Operational Research 1, 1994",
    "p-center": "Pullan, Evolutionary Computation 16, 2008 (on the files of orlib-pmed)",
    "tsplib": "Durán-Mateluna, Ales, Elloumi, European Journal of Operational Research 308, 2023",
}

CENTERS = {
    "pmed1": 127, "pmed3": 93, "pmed5": 48, "pmed7": 64, "pmed9": 37, "pmed11": 59, "pmed13": 36,
    "pmed15": 18, "pmed17": 39, "pmed19": 18, "pmed21": 40, "pmed23": 22, "pmed25": 11,
    "pmed27": 32, "pmed29": 13, "pmed31": 30, "pmed33": 15, "pmed35": 30, "pmed37": 15,
    "pmed39": 23,
}  # fmt: skip
"""Published p-center optima of the files of orlib-pmed, which the list of optima leaves out."""


@dataclass(frozen=True)
class Case:
    """One line of the list: a file, how to read it, and the value published for it."""

    set: str
    name: str
    file: Path
    format: str
    preset: str
    published: str
    p: int | None = None


@dataclass(frozen=True)
class Result:
    """What one run gave, in the file's unit; megabytes: the largest memory of solver and parent."""

    found: str | None
    bound: str | None
    gap: float | None
    seconds: float
    megabytes: int
    fault: str = ""


def cases(bench: Path = BENCH) -> list[Case]:
    """Return every line of optima.csv whose file is there, in its order."""
    found = []
    with (bench / "optima.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            form, preset = SETS[row["set"]]
            path = bench / row["set"] / f"{row['instance']}.txt"
            value = row["published_optimum"]
            found.append(Case(row["set"], row["instance"], path, form, preset, value))
    return found


def centers(bench: Path = BENCH) -> list[Case]:
    """Return the p-median files read as p-center problems."""
    files = {name: bench / "orlib-pmed" / f"{name}.txt" for name in CENTERS}
    return [
        Case("p-center", name, path, *SETS["p-center"], str(CENTERS[name]))
        for name, path in files.items()
        if path.is_file()
    ]


def best_known(bench: Path = BENCH) -> list[Case]:
    """Return the p-median values known for TSPLIB files, optimal or not."""
    found = []
    with (bench / "tsplib" / "p_median_best_known.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name, p = row["instance"], int(row["p"])
            path = bench / "tsplib" / f"{name}.tsp"
            value = row["opt_or_best_known"]
            found.append(Case("tsplib", name, path, "tsplib", "p-median", value, p))
    return found


def verdict(published: str, result: Result) -> str:
    """Return "equal", "differs" or why nothing can be said.

    A published decimal may be cut or rounded: values less than one unit of its last place apart
    are equal.
    """
    if result.fault:
        return result.fault
    if result.found is None:
        return "no plan in time"
    unit = Fraction(10) ** int(Decimal(published).as_tuple().exponent)
    near = abs(Fraction(result.found) - Fraction(published)) < unit
    if result.gap == 0:
        return "equal" if near else "differs"
    if result.bound is not None and Fraction(result.bound) >= Fraction(published) + unit:
        return "differs: bound above it"
    if Fraction(result.found) <= Fraction(published) - unit:
        return "differs: better found"
    return "not proved in time"


def run_here(case: Case, seconds: float) -> Result:
    """Solve one case in this process, by the path that the command line takes."""
    from optimizer.audit.verify import verify
    from optimizer.base.errors import EngineError, InputError
    from optimizer.files.presets import PresetOptions
    from optimizer.importers.place import read_place
    from optimizer.report.location import told
    from optimizer.solver.solve import SolveSettings, solve

    started = time.monotonic()

    def result(found=None, bound=None, gap=None, fault="") -> Result:
        used = [resource.getrusage(who).ru_maxrss for who in _WHO]
        spent = round(time.monotonic() - started, 1)
        return Result(found, bound, gap, spent, sum(used) // 1024, fault)

    try:
        instance = read_place(case.file, (), PresetOptions(case.preset, case.format, case.p))
        solution = solve(instance, SolveSettings(Fraction(0), seconds))
    except (InputError, EngineError) as error:
        return result(fault=str(error).splitlines()[0])
    stage = solution.outcome.stages[0]
    text = {
        name: None if value is None else told(value, instance.classical).replace(",", "")
        for name, value in (("found", stage.value), ("bound", stage.bound))
    }
    if solution.plan is None:
        return result(bound=text["bound"])
    audit = verify(instance, solution.plan)
    if audit.violations or next(iter(audit.values.values())) != stage.value:
        return result(fault="the plan does not hold")
    return result(**text, gap=None if stage.gap is None else float(stage.gap))


_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def run_apart(case: Case, seconds: float) -> Result:
    """Solve one case in a process of its own, so that its memory is its own and a crash is told."""
    data = {**asdict(case), "file": str(case.file)}
    command = [sys.executable, "-m", "tests.benchmarks.published", json.dumps(data), str(seconds)]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
        return Result(None, None, None, round(time.monotonic() - started, 1), 0, f"failed: {last}")
    return Result(**json.loads(done.stdout.splitlines()[-1]))


HEAD = "| set | instance | problem | published | found | bound | gap | seconds | MB | verdict |"
RULE = "|---|---|---|--:|--:|--:|--:|--:|--:|---|"


def line(case: Case, result: Result) -> str:
    """Return one row of the table."""
    p = "" if case.p is None else f", p = {case.p}"
    gap = "" if result.gap is None else f"{result.gap:.2%}"
    cells = [case.set, case.name, case.preset + p, case.published, result.found or "–"]
    cells += [result.bound or "–", gap, f"{result.seconds:g}", f"{result.megabytes:,}"]
    return f"| {' | '.join([*cells, verdict(case.published, result)])} |"


def page(rows: list[str], verdicts: list[str], seconds: float, sets: set[str]) -> str:
    """Return docs/published.md."""
    counts = ", ".join(f"{verdicts.count(v)} {v}" for v in sorted(set(verdicts)))
    words = f"""# Published optima

Written by `python -m tests.benchmarks published --write docs/published.md`, at most {seconds:g} s a file,
gap 0, HiGHS, one run a file in a process of its own; MB is the largest memory of that process and of the
solver. Every plan found was verified on the raw tables. "equal": proved optimal here, and the published
value, whose last decimal may be cut or rounded. "not proved in time": the bound lies below the value found;
nothing contradicts the published one. A published value is never changed here.

{len(rows)} files: {counts}.
"""
    papers = [f"- {name}: {PAPERS[name]}" for name in PAPERS if name in sets]
    return "\n".join([words, HEAD, RULE, *rows, "", "Published in:", "", *papers]) + "\n"


def run(arguments: list[str]) -> int:
    """Print the table; return 1 if a proved value differs from the published one."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks published")
    parser.add_argument("--time-limit", type=float, default=60)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--best-known", action="store_true", help="TSPLIB p-median too (slow)")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args(arguments)
    if not (BENCH / "optima.csv").is_file():
        print(f"no benchmark files in {BENCH}; name their folder in OPTIMIZER_BENCH")
        return 0
    wanted = set(asked.sets.split(","))
    unknown = wanted - set(SETS)
    if unknown:
        parser.error(f"no such set: {', '.join(sorted(unknown))}; one of {', '.join(SETS)}")
    todo = [case for case in [*cases(), *centers()] if case.set in wanted]
    todo += best_known() if asked.best_known else []
    rows, verdicts = [], []
    print(HEAD, RULE, sep="\n", flush=True)
    for case, result in _results(todo, asked.time_limit):
        rows.append(line(case, result))
        verdicts.append(verdict(case.published, result))
        print(rows[-1], flush=True)
    if asked.write is not None:
        sets = {case.set for case in todo}
        asked.write.write_text(page(rows, verdicts, asked.time_limit, sets), encoding="utf-8")
    wrong = [v for v in verdicts if v not in ("equal", "not proved in time", "no plan in time")]
    print(f"\n{len(rows)} files, {verdicts.count('equal')} equal, {len(wrong)} to look at")
    return 1 if wrong else 0


def _results(todo: list[Case], seconds: float) -> Iterator[tuple[Case, Result]]:
    for case in todo:
        yield case, run_apart(case, seconds)


if __name__ == "__main__":
    data = json.loads(sys.argv[1])
    case = Case(**{**data, "file": Path(data["file"])})
    print(json.dumps(asdict(run_here(case, float(sys.argv[2])))))
