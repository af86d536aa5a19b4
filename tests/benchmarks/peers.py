"""The same location problems solved here and by other tools, each run in a process of its own.

    python -m tests.benchmarks peers [--time-limit 120] [--memory 8000] [--runs 3] [--only NAME,...]
                                     [--peers NAME,...] [--write docs/peers.md]

spopt comes with `pip install -e '.[bench]'`; a peer that is not installed is left out.
"""

import argparse
import json
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.peer_models import PEERS, Answer, Job
from tests.benchmarks.published import BENCH, CENTERS, cases

SHORT = 10
"""A first run shorter than so many seconds is repeated, and the median told."""

GRACE, SLACK = 1.25, 5
"""A peer is killed after this times the time limit, and so many seconds to start and stop."""

PMED = tuple(f"pmed{number}" for number in range(1, 41, 2))
CENTER = ("pmed1", "pmed19")


@dataclass(frozen=True)
class Result:
    """One peer on one problem: megabytes of its process and solver, or what went wrong."""

    value: int | None
    proved: bool
    seconds: float
    megabytes: int
    fault: str = ""


def jobs(bench: Path = BENCH) -> dict[str, tuple[Job, int | None]]:
    """Return every problem by its name, with its published optimum where there is one."""
    found: dict[str, tuple[Job, int | None]] = {}
    if (bench / "optima.csv").is_file():
        optima = {
            case.name: int(case.published) for case in cases(bench) if case.set == "orlib-pmed"
        }
        file = {name: str(bench / "orlib-pmed" / f"{name}.txt") for name in optima}
        found |= {name: (Job("p-median", file[name]), optima[name]) for name in PMED}
        for name in CENTER:
            found[f"{name}-center"] = Job("p-center", file[name]), CENTERS[name]
        found["pmed39-lscp"] = Job("lscp", file["pmed39"], metres=15), None
    found["random-500"] = Job("p-median", p=30, sites=500, customers=1000), None
    found["random-500-mclp"] = Job("mclp", p=10, metres=1500, sites=500, customers=1000), None
    found["random-500-lscp"] = Job("lscp", metres=1500, sites=500, customers=1000), None
    return found


def run_here(name: str, job: Job, limit: float, memory: int) -> dict[str, object]:
    """Let a peer solve a problem in this process."""
    resource.setrlimit(resource.RLIMIT_AS, (memory * 2**20, memory * 2**20))
    answer: Answer = PEERS[name][1](job, limit)
    used = [resource.getrusage(who).ru_maxrss for who in (_SELF, _CHILDREN)]
    return {**asdict(answer), "megabytes": sum(used) // 1024}


_SELF, _CHILDREN = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN


def run_apart(name: str, job: Job, limit: float, memory: int) -> Result:
    """Run a peer in a process of its own, killed with all it started if it does not end."""
    command = [sys.executable, "-m", "tests.benchmarks.peers", "--here", name]
    command += [json.dumps(asdict(job)), str(limit), str(memory)]
    started = time.monotonic()
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )
    try:
        told, wrong = child.communicate(timeout=limit * GRACE + SLACK)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return Result(None, False, time.monotonic() - started, 0, "did not end in time")
    if child.returncode:
        last = (wrong.strip().splitlines() or [f"ended with {child.returncode}"])[-1]
        short = "out of memory" if "MemoryError" in last else last[:60]
        return Result(None, False, time.monotonic() - started, 0, short)
    return Result(**json.loads(told.splitlines()[-1]))


def measured(name: str, job: Job, limit: float, memory: int, runs: int) -> Result:
    """Return one run, or with the median time of several where one is short."""
    done = [run_apart(name, job, limit, memory)]
    while len(done) < runs and done[0].seconds < SHORT and not done[0].fault:
        done.append(run_apart(name, job, limit, memory))
    worst = next((r for r in done if not r.proved), done[0])
    return replace(worst, seconds=statistics.median(r.seconds for r in done))


HEAD = "| problem | peer | seconds | MB | value | proved | known optimum | times ours |"
RULE = "|---|---|--:|--:|--:|---|--:|--:|"


def line(title: str, name: str, result: Result, known: int | None, ours: float | None) -> str:
    """Return one row of the table; a peer that did not prove counts with the time it spent."""
    ratio = "" if ours is None or name == "ours" else f"{result.seconds / ours:.1f}"
    ratio = f"> {ratio}" if ratio and not result.proved else ratio
    proved = "yes" if result.proved else result.fault or "no"
    cells = [
        title,
        name,
        f"{result.seconds:.2f}",
        f"{result.megabytes:,}" if result.megabytes else "–",
    ]
    cells += ["–" if result.value is None else f"{result.value:,}", proved]
    return f"| {' | '.join([*cells, '' if known is None else f'{known:,}', ratio])} |"


def title(name: str, job: Job) -> str:
    """Return what a problem is called in the table."""
    place = (
        name.split("-")[0]
        if job.file
        else f"random, {job.sites} sites, {job.customers:,} customers"
    )
    asked = [f"p = {job.p}"] if job.p else []
    asked += [f"within {job.metres:,}"] if job.metres else []
    return ", ".join([f"{place}: {job.preset}", *asked])


def page(lines: list[str], means: list[str], limit: float, memory: int, runs: int) -> str:
    """Return docs/peers.md."""
    names = ("spopt", "pulp", "highspy", "ortools", "numpy")
    words = f"""# Beside other tools

Written by `python -m tests.benchmarks peers --time-limit {limit:g} --write docs/peers.md` (`pip install -e '.[bench]'` for spopt):
the same problems solved here and by what a Python user would otherwise reach for. {os.cpu_count()} cores,
one problem after the other, so seconds are rough; Python {platform.python_version()}, {", ".join(f"{n} {_version(n)}" for n in names)}.

- "ours" is `optimizer.solver.solve.solve` with gap 0 on the imported problem; "spopt" is its `from_cost_matrix`
  and `solve`; "PuLP" is the textbook model with a row `x <= y` for every pair. CBC and HiGHS run as PuLP
  starts them, with one thread for CBC.
- Seconds are from reading the file to the answer, building included, the import of modules left out; the
  median of {runs} runs where the first took less than {SHORT} s, else one run. MB is the largest memory of the
  process plus that of its largest solver process.
- Each run has {limit:g} s (building counts) and {memory:,} MB of address space; {limit * GRACE + SLACK:g} s after
  its start it is killed, solver and all: CBC looks at its own limit seldom. Then no memory is known.
- Proved: the solver itself claims the optimum. PuLP's status says "Optimal" after a time-out as well, and
  spopt hands such a solution on as a success; here it is "no".
- Times ours: seconds against ours; "> " where the peer got no proof, with the time it spent.
- MCLP counts what is not covered.
"""
    return "\n".join([words, HEAD, RULE, *lines, "", *means]) + "\n"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def summary(found: dict[str, dict[str, Result]]) -> list[str]:
    """Return, per peer, how often it proved, the mean of its ratios, and where it is ahead."""
    said = []
    for name in [n for n in PEERS if n != "ours"]:
        both = {key: r for key, r in found.items() if name in r and "ours" in r}
        ratio = {key: r[name].seconds / r["ours"].seconds for key, r in both.items()}
        if not both:
            continue
        proved = sum(r[name].proved for r in both.values())
        ours = sum(r["ours"].proved for r in both.values())
        ahead = [
            key
            for key, r in both.items()
            if r[name].proved and (ratio[key] < 1 or not r["ours"].proved)
        ]
        text = f"- {name}: {proved} of {len(both)} problems proved (ours {ours}); geometric mean of times ours"
        text += f" {statistics.geometric_mean(ratio.values()):.1f}"
        if files := [ratio[key] for key in PMED if key in ratio]:
            text += f", over the p-median files {statistics.geometric_mean(files):.1f}"
        text += ", with the time spent where it did not get there; ahead of ours on: "
        said.append(f"{text}{', '.join(ahead) or 'none'}.")
    return said


def run(arguments: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks peers")
    parser.add_argument("--time-limit", type=float, default=120)
    parser.add_argument("--memory", type=int, default=8000, help="MB of address space")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", help="problems, divided by commas")
    parser.add_argument("--peers", default=",".join(PEERS), help="divided by commas")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args(arguments)
    every = jobs()
    todo = asked.only.split(",") if asked.only else list(every)
    names = asked.peers.split(",")
    for given, known in ((todo, every), (names, PEERS)):
        if unknown := set(given) - set(known):
            parser.error(f"no such name: {', '.join(sorted(unknown))}; one of {', '.join(known)}")
    for name in [n for n in names if not all(map(find_spec, PEERS[n][0]))]:
        print(f"{name} is left out: not installed")
        names.remove(name)
    lines: list[str] = []
    found: dict[str, dict[str, Result]] = {}
    print(HEAD, RULE, sep="\n", flush=True)
    for key in todo:
        job, known = every[key]
        found[key] = {}
        for name in names:
            result = measured(name, job, asked.time_limit, asked.memory, asked.runs)
            found[key][name] = result
            ours = found[key]["ours"].seconds if "ours" in found[key] else None
            lines.append(line(title(key, job), name, result, known, ours))
            print(lines[-1], flush=True)
    means = summary(found)
    print("", *means, sep="\n")
    if asked.write is not None:
        text = page(lines, means, asked.time_limit, asked.memory, asked.runs)
        asked.write.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    name, text, limit, memory = sys.argv[2:]
    print(json.dumps(run_here(name, Job(**json.loads(text)), float(limit), int(memory))))
