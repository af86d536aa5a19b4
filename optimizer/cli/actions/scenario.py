"""`optimizer scenario`: the scenarios of an instance, listed, shown, made, checked."""

import sys
from pathlib import Path

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.files.changes import Change
from optimizer.files.instance_folder import read_instance, read_toml
from optimizer.files.scenario import Scenario, Step
from optimizer.files.scenario_files import (
    FOLDER,
    NAME,
    point_modes,
    read_scenario,
    scenario_changes,
    scenario_names,
    scenario_text,
)
from optimizer.files.solution_folder import write_text
from optimizer.report.answers.scenario import scenario_report, scenarios_report
from optimizer.report.terminal import console, print_report


def list_scenarios(folder: Path, as_json: bool) -> None:
    """Print the name of every scenario, in words too, and how much it changes."""
    kinds = point_modes(folder)
    found = [read_scenario(folder, name, kinds) for name in scenario_names(folder)]
    if as_json:
        output.print_json([scenario.to_json() for scenario in found])
        return
    print_report(scenarios_report(found, LANG), console(sys.stdout), LANG)


def show_scenario(folder: Path, name: str, as_json: bool) -> None:
    """Print every change with its reason, and the fingerprint of the changed instance."""
    scenario = read_scenario(folder, name, point_modes(folder))
    instance = read_instance(folder, scenario.changes)
    if as_json:
        output.print_json({**scenario.to_json(), "fingerprint": instance.fingerprint})
        return
    report = scenario_report(scenario, instance.fingerprint, LANG)
    print_report(report, console(sys.stdout), LANG)


def new_scenario(
    folder: Path,
    name: str,
    base: str | None,
    changes: tuple[Change, ...],
    told: tuple[str, str, str],
    as_json: bool,
) -> None:
    """Write a scenario whose changes hold. told: author, reason, source. Raises InputError."""
    path = folder / FOLDER / f"{name}.toml"
    if not NAME.fullmatch(name) or path.exists():
        raise refuse(
            Text("the name is taken or not a name", "名前が使われているか、使えない文字を含む"),
            Text("letters, digits, - and _", "英数字、-、_ だけの別の名前にする"),
            value=name,
        )
    if not changes:
        raise refuse(
            Text("a scenario without a change", "変更がない"),
            Text("give --set or --drop", "--set か --drop を指定する"),
        )
    author, reason, source = told
    steps = tuple(Step(change, author, Text(reason, reason), source) for change in changes)
    before = () if base is None else scenario_changes(folder, base)
    instance = read_instance(folder, (*before, *changes))
    scenario = Scenario(name, base or instance.id, Text(name, name), steps)
    path.parent.mkdir(exist_ok=True)
    write_text(path, scenario_text(scenario))
    if as_json:
        output.print_json({"file": str(path), "fingerprint": instance.fingerprint})
    else:
        print(say(f"written: {path}", f"{path} に書き出した"))


def check_scenarios(folder: Path, as_json: bool) -> int:
    """Read the instance under every scenario; tell all faults. Return the exit code."""
    read_toml(folder / "instance.toml")
    faults: dict[str, InputError] = {}
    names = scenario_names(folder)
    for name in names:
        try:
            read_instance(folder, scenario_changes(folder, name))
        except InputError as error:
            faults[name] = error
    if as_json:
        told = {
            name: [output.problem_data(problem) for problem in error.problems]
            for name, error in faults.items()
        }
        output.print_json({"scenarios": names, "problems": told})
        return output.BAD_INPUT if faults else output.FINE
    for name in names:
        print(f"{'✗' if name in faults else '✓'} {name}")
        if name in faults:
            output.tell_problems(faults[name], False)
    return output.BAD_INPUT if faults else output.FINE
