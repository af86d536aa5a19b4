"""Scenario files: what they say becomes changes; what they cannot say is refused with the place."""

import shutil
from pathlib import Path

import pytest

from optimizer.base.errors import InputError
from optimizer.files.changes import read_changes
from optimizer.files.instance_folder import read_instance
from optimizer.files.scenario_files import (
    point_modes,
    read_scenario,
    scenario_changes,
    scenario_names,
    scenario_text,
)
from tests.conftest import KUMAMOTO

HEAD = 'id = "{name}"\nbase = "{base}"\nname_en = "a"\nname_ja = "あ"\n'
TOLD = '\nauthor = "me"\nreason_en = "why"\nreason_ja = "理由"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = Path(shutil.copytree(KUMAMOTO, tmp_path / "city"))
    shutil.rmtree(copy / "scenarios")
    (copy / "scenarios").mkdir()
    return copy


def write(folder: Path, name: str, *changes: str, base: str = "kumamoto-2015") -> None:
    body = "".join(f"[[change]]\n{change}{TOLD}" for change in changes)
    text = HEAD.format(name=name, base=base) + body
    (folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "change"),
    [
        ('set = "constraint.pace.changes"\nvalue = 3', "set constraint.pace.changes=3"),
        ('set = "assumptions.certificate_rate"\nvalue = "1.1"',
         'set assumptions.certificate_rate="1.1"'),
        ('scale = "assumptions.wage"\nby = "1.1"', "scale assumptions.wage=1.1"),
        ('drop = "pace"', "drop pace"),
        ('add = "moves"\nentry = ["plaza", "annex"]', 'add moves=["plaza", "annex"]'),
        ('fix = ["B01"]\nmodes = ["closed"]\nperiods = [2019, 2020]',
         'add constraint={ type = "allowed_modes", id = "fix-B01-2019-2020", modes = ["closed"],'
         ' where = { points = ["B01"], periods = [2019, 2020] } }'),
        ('forbid = ["X02"]\nmodes = ["closed"]\nperiods = [2020]',
         'add constraint={ type = "allowed_modes", id = "forbid-X02-2020", modes = ["plaza"],'
         ' where = { points = ["X02"], periods = [2020] } }'),
    ],
)  # fmt: skip
def test_each_kind_of_change(folder, written, change):
    """What is written is what `--set` and its like would say; writing it again says the same."""
    write(folder, "one", written)
    scenario = read_scenario(folder, "one", point_modes(folder))
    assert scenario.changes == read_changes([change])
    assert (scenario.steps[0].author, scenario.steps[0].reason.ja) == ("me", "理由")
    read_instance(folder, scenario.changes)
    (folder / "scenarios" / "one.toml").write_text(scenario_text(scenario), encoding="utf-8")
    assert scenario_changes(folder, "one") == read_changes([change])


def test_a_scenario_stands_on_another(folder):
    """The steps of the base come first; a ring and a base that is not there are refused."""
    write(folder, "one", 'drop = "pace"')
    write(folder, "two", 'set = "constraint.five_km.metres"\nvalue = 6000', base="one")
    assert scenario_changes(folder, "two") == read_changes(
        ["drop pace", "set constraint.five_km.metres=6000"]
    )
    write(folder, "one", 'drop = "pace"', base="two")
    for name in ("one", "two"):
        with pytest.raises(InputError, match="ring"):
            scenario_changes(folder, name)
    write(folder, "one", 'drop = "pace"', base="three")
    with pytest.raises(InputError, match="no such scenario"):
        scenario_changes(folder, "one")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('set = "constraint.pace.changes"', "a change has one verb"),
        ('set = "constraint.pace.changes"\nvalue = 3\ndrop = "pace"', "a change has one verb"),
        ('drop = "pace"\nvalue = 3', "a change has one verb"),
        ("", "a change has one verb"),
        ('set = "constraint.pace.changes"\nvalue = 3.5', "decimals are written as text"),
        ('fix = ["B77"]\nmodes = ["closed"]\nperiods = [2019]', "no such point"),
        ('fix = "B01"\nmodes = ["closed"]\nperiods = [2019]', "fix"),
        ('drop = "pace"\nwhim = 3', "whim"),
    ],
)
def test_a_faulty_change_is_refused(folder, written, told):
    """File and number of the change are named."""
    write(folder, "one", 'drop = "pace"', written)
    with pytest.raises(InputError) as caught:
        scenario_changes(folder, "one")
    problem = caught.value.problems[0]
    assert problem.file == "one.toml" and told in problem.say("en")


@pytest.mark.parametrize("name", ["../one", "one.toml", "", "nowhere", "a/b", "NUL\0"])
def test_names_do_not_leave_the_folder(folder, name):
    """A name that is none of the listed ones reads no file."""
    write(folder, "one", 'drop = "pace"')
    (folder / "one.toml").write_text(HEAD.format(name="one", base="kumamoto-2015"))
    with pytest.raises(InputError, match="no such scenario"):
        scenario_changes(folder, name)


def test_the_id_is_the_name_of_the_file(folder):
    """A copied file whose id was forgotten is refused."""
    write(folder, "one", 'drop = "pace"')
    shutil.copy(folder / "scenarios" / "one.toml", folder / "scenarios" / "two.toml")
    with pytest.raises(InputError, match="not the name of the file"):
        scenario_changes(folder, "two")


def test_every_scenario_of_kumamoto_is_a_sound_instance():
    """Each gives an instance of its own, with a reason in both languages for every change."""
    names, prints = scenario_names(KUMAMOTO), set()
    assert len(names) >= 10
    modes = point_modes(KUMAMOTO)
    for name in names:
        scenario = read_scenario(KUMAMOTO, name, modes)
        assert all(s.author and s.reason.en and s.reason.ja for s in scenario.steps)
        prints.add(read_instance(KUMAMOTO, scenario.changes).fingerprint)
    assert len(prints) == len(names)
