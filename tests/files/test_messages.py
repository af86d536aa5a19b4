"""Whatever is wrong with a file, the reader is told in the language asked for."""

import json
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from optimizer.base.errors import InputError
from optimizer.constraints import registry
from optimizer.files.entries import JAPANESE, pydantic_problems
from optimizer.files.instance_folder import read_instance
from optimizer.files.schema import ClaimSpec, InstanceSpec, ManifestSpec, OutcomeSpec, PolicySpec
from optimizer.objectives import registry as objectives
from tests.conftest import KUMAMOTO

SOLUTION = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"
WRONG = [None, True, "", "x", "Zz", "7.5", -1, 0, 2, 1.5, 10**12, 10**5000, [], ["x"], ["x", "y", "z"], {}, {"x": "y"},
         float("nan"), float("inf"), tomllib.loads("d = 2016-01-01")["d"], "\ud800"]  # fmt: skip


def toml(name: str) -> dict[str, Any]:
    """Return a file of the instance as parsed."""
    return tomllib.loads((KUMAMOTO / name).read_text(encoding="utf-8"))


def stored(name: str) -> dict[str, Any]:
    """Return a JSON file of the stored solution as parsed."""
    return json.loads((SOLUTION / name).read_text(encoding="utf-8"))


def short(data: Any) -> Any:
    """Return `data` with at most the first item of each list and two of each table of like things."""
    if isinstance(data, list) and data:
        return [short(item) for item in data[: 1 if isinstance(data[0], (dict, list)) else 2]]
    if isinstance(data, dict):
        alike = len(data) > 20
        return {key: short(value) for key, value in list(data.items())[: 2 if alike else None]}
    return data


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value within `data`."""
    if path:
        yield path
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in items:
        yield from places(value, (*path, key))


def spoilt(data: Any) -> Iterator[Any]:
    """Yield `data` with one value after the other replaced, removed or joined by a stranger."""
    for *steps, last in places(data):
        for wrong in (*WRONG, "remove", "add"):
            copy = deepcopy(data)
            place = copy
            for step in steps:
                place = place[step]
            if wrong == "remove":
                del place[last]
            elif wrong == "add" and isinstance(place, dict):
                place["stranger"] = 1
            else:
                place[last] = wrong
            yield copy
    yield from WRONG


def models() -> Iterator[tuple[str, type[BaseModel], Any]]:
    """Yield every model that a file is read into, with sound data for it."""
    instance = short(toml("instance.toml"))
    yield "instance", InstanceSpec, {**instance, "period": toml("instance.toml")["period"][:2]}
    yield "policy", PolicySpec, short(toml("policy.toml"))
    yield "manifest", ManifestSpec, stored("manifest.json")
    yield "outcome", OutcomeSpec, short(stored("outcome.json"))
    claim = {"source": "P1", "points": ["B1"], "among": ["B2"], "services": [], "per_cent": 5}
    yield "claim", ClaimSpec, {**claim, "test": "largest"}
    for name, rule in registry().items():
        entry = rule.examples().entry
        yield name, rule, json.loads(entry.model_dump_json())
    for name, kind in objectives().items():
        yield name, kind, json.loads(kind.example().model_dump_json(by_alias=True))


@pytest.mark.parametrize(
    ("name", "model", "data"), list(models()), ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_fault_that_pydantic_can_find_has_japanese_words(name, model, data):
    """Spoiling every value of every file gives only faults that are told in Japanese, without English."""
    model.model_validate(data)
    faults = 0
    for wrong in spoilt(data):
        try:
            model.model_validate(wrong)
        except ValidationError as error:
            for fault in error.errors():
                assert fault["type"] in JAPANESE, fault
            problems = pydantic_problems(error, "file")
            faults += len(problems)
            assert len({problem.column for problem in problems}) == len(problems)
            for problem in problems:
                told = re.sub("「[^」]*」", "", problem.message.ja)
                assert told and not re.search(r"[A-Za-z{]", told), told
                assert not re.search(r"\{|constrained|function-|tuple|\[", problem.column), problem
    assert faults > 10


def test_a_way_is_not_shorter_than_the_straight_line(folder):
    """A circuity below 1 is refused, in both languages; 1 is taken."""
    path = folder / "instance.toml"
    text = path.read_text(encoding="utf-8")
    for value in ("0", "0.99"):
        path.write_text(
            text.replace('circuity = "1.31"', f'circuity = "{value}"'), encoding="utf-8"
        )
        with pytest.raises(InputError) as caught:
            read_instance(folder)
        (problem,) = caught.value.problems
        assert problem.column == "travel.circuity" and "straight line" in problem.message.en
        assert "直線距離" in problem.message.ja
    path.write_text(text.replace('circuity = "1.31"', 'circuity = "1"'), encoding="utf-8")
    assert read_instance(folder).travel["metres"].min() >= 0


def test_an_unknown_mode_of_today_is_told_once(folder):
    """A mode that does not exist is one problem; one that its kind does not have is another."""
    path = folder / "points.csv"
    text = path.read_text(encoding="utf-8")
    for wrong in ("no_such_mode", "agency"):
        path.write_text(
            text.replace(",plaza,", f",{wrong},", 2).replace(f",{wrong},", ",plaza,", 1)
        )
        with pytest.raises(InputError) as caught:
            read_instance(folder)
        assert [p.value for p in caught.value.problems] == [wrong]
