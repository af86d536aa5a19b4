"""`optimizer doctor`: whether this machine can do the work."""

import importlib.util
import platform
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from optimizer.cli import output
from optimizer.cli.language import say
from optimizer.engines.capability import ENGINES
from optimizer.engines.child import Engine
from optimizer.engines.job import Settings
from optimizer.errors import EngineError
from optimizer.program import Program


def run(as_json: bool) -> int:
    """Check and report; return 0, or 6 when any engine does not answer rightly."""
    engines = [_engine(key) for key in ENGINES]
    checks = [_python(), *engines, _clash(), _encoding(), _fonts(), _writing()]
    if as_json:
        output.print_json([{"check": n, "ok": ok, "detail": d} for n, ok, d in checks])
    else:
        for name, ok, detail in checks:
            print(f"{'✓' if ok else '✗'} {name}: {detail}")
    return output.FINE if all(ok for _, ok, _ in engines) else output.ENGINE


def five_rows() -> tuple[Program, int]:
    """Return a knapsack with five rows and its known optimum."""
    program = Program()
    index = pd.MultiIndex.from_arrays([range(5)], names=["item"])
    x = program.add_columns("x", index, 0, 3)
    program.add_rows("least", x >= np.array([0, 1, 0, 1, 0]))
    return program, 2


def _python() -> tuple[str, bool, str]:
    good = sys.version_info >= (3, 11)
    return "Python", good, platform.python_version()


def _engine(key: str) -> tuple[str, bool, str]:
    program, least = five_rows()
    x = program.columns["x"].expression
    try:
        with Engine(key) as engine:
            answer = engine.run(program.matrix(x.sum()), Settings(time_limit=20, gap=0.0))
            detail = f"{engine.version}: {answer.status}, {answer.value}"
    except (EngineError, OverflowError) as error:
        return ENGINES[key].name, False, str(error)
    return ENGINES[key].name, answer.status == "optimal" and answer.value == least, detail


def _clash() -> tuple[str, bool, str]:
    there = importlib.util.find_spec("highspy") is not None
    detail = say(
        "installed; it clashes with ortools in one process, and is not used here",
        "導入済み。ortools と同じプロセスでは衝突するが、ここでは使わない",
    )
    return "highspy", True, detail if there else say("not installed", "未導入")


def _encoding() -> tuple[str, bool, str]:
    name = (sys.stdout.encoding or "").lower()
    return "UTF-8", name.replace("-", "") == "utf8", name


def _fonts() -> tuple[str, bool, str]:
    if shutil.which("fc-list") is None:
        return say("fonts", "フォント"), True, say("fontconfig absent, not checked", "確認できない")
    import subprocess

    found = subprocess.run(["fc-list", ":lang=ja", "family"], capture_output=True, text=True)
    names = found.stdout.strip().splitlines()
    missing = say("no Japanese font; reports need one to be read here", "日本語フォントがない")
    return say("fonts", "フォント"), True, names[0] if names else missing


def _writing() -> tuple[str, bool, str]:
    try:
        with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory(dir="."):
            Path(place, "probe").write_text("probe")
    except OSError as error:
        return say("writing", "書込み"), False, str(error)
    return say("writing", "書込み"), True, say("here and in the temporary folder", "可")
