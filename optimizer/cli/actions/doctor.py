"""`optimizer doctor`: whether this machine can do the work."""

import importlib.util
import platform
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.report.wrapping import wrap
from optimizer.solver.engines.capability import ENGINES, PULP, engine
from optimizer.solver.engines.pulp import available
from optimizer.solver.engines.self_check import self_check

SKILLS = {
    "shares": Text("part columns", "連続変数"),
    "hint": Text("start plan", "開始解"),
    "keeps": Text("keeps plans", "中断時の計画保持"),
    "bounds": Text("running bound", "途中の下界"),
    "proves": Text("proof", "証明"),
    "memory": Text("memory limit", "メモリ上限"),
    "threads": Text("threads", "スレッド数"),
    "seed": Text("seed", "乱数の種"),
}


def run(as_json: bool) -> int:
    """Check and report; return 0, or 6 when any engine does not answer rightly."""
    engines = [_engine(key) for key in [*ENGINES, *_found_by_pulp()]]
    around = [_python(), _clash(), _encoding(), _fonts(), _writing()]
    checks = [{"check": n, "ok": ok, "detail": d} for n, ok, d in around]
    if as_json:
        output.print_json([checks[0], *engines, *checks[1:]])
    else:
        for check in [checks[0], *engines, *checks[1:]]:
            print(f"{'✓' if check['ok'] else '✗'} {check['check']}: {check['detail']}")
            for line in (part for told in _skills(check) for part in wrap(told, 96)):
                print(f"    {line}")
    return output.FINE if all(check["ok"] for check in engines) else output.ENGINE


def _found_by_pulp() -> list[str]:
    return [f"{PULP}{name}" for name in available()]


def _skills(check: dict[str, Any]) -> list[str]:
    """Return what an engine can do and what not, in two lines at most."""
    has = check.get("can", {})
    can = [text.say(LANG) for name, text in SKILLS.items() if has.get(name)]
    if has:
        can.append(say("coefficients up to ", "係数の上限 ") + f"{has['coefficient']:,}")
    cannot = [text.say(LANG) for name, text in SKILLS.items() if has.get(name) is False]
    heads = (say("takes: ", "対応: "), can), (say("not: ", "非対応: "), cannot)
    return [head + say(", ", "、").join(names) for head, names in heads if names]


def _python() -> tuple[str, bool, str]:
    good = sys.version_info >= (3, 11)
    return "Python", good, platform.python_version()


def _engine(key: str) -> dict[str, Any]:
    """Return the check of one engine, with its version and every cell of its capabilities."""
    can = engine(key)
    version = ""
    try:
        version, wrong = self_check(key)
        detail = "; ".join([version, *(wrong or [say("answers rightly", "正しく解けた")])])
        ok = not wrong
    except EngineError as error:
        ok, detail = False, error.message.say(LANG)
    return {
        "check": can.name,
        "ok": ok,
        "detail": f"{detail} (--engine {key})",
        "engine": key,
        "version": version,
        "can": {name: getattr(can, name) for name in [*SKILLS, "coefficient", "largest"]},
    }


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
