"""Proofs about cities: true by brute force, tied to `verify` plan by plan, rebuilt row by row."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from typing import NamedTuple

import pytest

from optimizer.audit.verify import verify
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.instance import Instance
from optimizer.model.random_city import city
from optimizer.model.random_plan import entry_for, perturbed, sound_plan, within_columns
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.proof.check import Refused, check, read_rows, total
from optimizer.proof.make import encoded, packed, prove
from optimizer.proof.rebuild import differences
from optimizer.proof.text import rows_text
from tests.brute import Brute
from tests.proof.programs import unpacked
from tests.tiny import tiny, with_entries

SEEDS = (8, 11, 41, 46, 51)


class Case(NamedTuple):
    """A tiny city, its best plan and value by trying all plans, and a proof about that plan."""

    instance: Instance
    plan: Plan
    value: tuple[int, ...]
    proof: bytes


@cache
def _case(seed: int) -> Case:
    instance = replace(with_entries(tiny(seed)), objectives=(StaffCost(), Travel()))
    best = Brute(tiny(seed)).best(build(instance))
    assert best is not None
    value, plan = best
    return Case(instance, plan, value, prove(instance, plan, {}, [], 10))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_is_the_best_of_all_plans(seed: int) -> None:
    """On cities whose plans can all be tried, each stage closes at the least value there is."""
    case = _case(seed)
    proof = check(case.proof)
    assert not differences(proof, case.instance, case.plan)
    assert tuple(stage.value for stage in proof.stages) == case.value
    assert tuple(stage.bound for stage in proof.stages) == case.value
    assert proof.stages[1].held == [('["staff_cost"]', case.value[0])]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_about_a_dearer_plan_is_no_higher(seed: int) -> None:
    """A proof about any plan that `verify` accepts bounds by at most the least value there is."""
    case = _case(seed)
    plan = sound_plan(case.instance, Random(seed))
    if verify(case.instance, plan).violations:
        plan = case.plan
    stage = check(prove(case.instance, plan, {}, [], 5)).stages[0]
    assert stage.bound is not None and stage.bound <= case.value[0]
    assert stage.value == verify(case.instance, plan).values["staff_cost"]


@pytest.mark.parametrize("name", sorted(registry()))
def test_rows_accept_a_plan_exactly_when_verify_does(name: str) -> None:
    """The text of the rows, read by the checker, and the checks on raw tables say the same."""
    random, verdicts = Random(name), set()
    for seed in range(6):
        entry = entry_for(registry()[name], city(seed), random)
        instance = replace(with_entries(city(seed), entry), objectives=(StaffCost(),))
        model = build(instance)
        program = read_rows(rows_text(model))
        for number in range(3):
            drawn = sound_plan(instance, random)
            drawn = drawn if number == 0 else perturbed(drawn, instance, random)
            plan = within_columns(drawn, model)
            values = model.encode(plan)
            kept = values is not None and _keeps(program, values.tolist())
            assert kept == (verify(instance, plan).violations == 0), (seed, number, entry)
            verdicts.add(kept)
            if kept:
                _, offset, cost = program.objectives[0]
                value = offset + total(cost, encoded(model, plan) or [])
                assert value == verify(instance, plan).values["staff_cost"]
    assert False in verdicts


def _keeps(program: object, values: list[int]) -> bool:
    for (kind, number), (low, high) in program.limits.items():
        value = values[number] if kind == "column" else total(program.rows[number], values)
        if (low is not None and value < low) or (high is not None and value > high):
            return False
    return True


Saboteur = Callable[[list[str], Random], list[str]]


def _place(lines: list[str], random: Random, kind: str) -> int:
    return random.choice([n for n, line in enumerate(lines) if line.startswith(f"{kind} ")])


def _add(lines: list[str], random: Random) -> list[str]:
    """A row that no plan breaks but the cheaper ones: the sum of all columns, from below."""
    return [*lines, 'row - 999999999 0:1 ["added"]']


def _drop(lines: list[str], random: Random) -> list[str]:
    place = _place(lines, random, "row")
    return lines[:place] + lines[place + 1 :]


def _double(lines: list[str], random: Random) -> list[str]:
    return [*lines, lines[_place(lines, random, "row")]]


def _swap(lines: list[str], random: Random) -> list[str]:
    place = _place(lines[:-1], random, "row")
    first, second = lines[place : place + 2]
    assert first != second
    return [*lines[:place], second, first, *lines[place + 2 :]]


def _tighten(lines: list[str], random: Random) -> list[str]:
    """Raise the lower limit of a row by 1, or give it one."""
    place = _place(lines, random, "row")
    kind, low, *rest = lines[place].split(" ", 2)
    fresh = "0" if low == "-" else str(int(low) + 1)
    return [*lines[:place], " ".join([kind, fresh, *rest]), *lines[place + 1 :]]


def _loosen(lines: list[str], random: Random) -> list[str]:
    place = _place(lines, random, "int")
    kind, low, high, name = lines[place].split(" ", 3)
    return [*lines[:place], f"{kind} {low} {int(high) + 1} {name}", *lines[place + 1 :]]


def _reprice(lines: list[str], random: Random) -> list[str]:
    place = _place(lines, random, "objective")
    kind, offset, rest = lines[place].split(" ", 2)
    return [*lines[:place], f"{kind} {int(offset) + 1} {rest}", *lines[place + 1 :]]


def _rename(lines: list[str], random: Random) -> list[str]:
    place = _place(lines, random, "row")
    return [*lines[:place], lines[place].replace('["', '["not ', 1), *lines[place + 1 :]]


COUNTEREXAMPLES = (_add, _drop, _double, _swap, _tighten, _loosen, _reprice, _rename)


@pytest.mark.parametrize("counterexample", COUNTEREXAMPLES)
@pytest.mark.parametrize("seed", SEEDS)
def test_saboteurs_are_caught_by_rebuilding(seed: int, counterexample: Saboteur) -> None:
    """Added, dropped, tightened, loosened or swapped rows may pass the check, never the rebuild."""
    case, random = _case(seed), Random(seed)
    for _ in range(5):
        rows = check(case.proof).rows
        lines = counterexample(rows.removesuffix("\n").split("\n"), random)
        sabotaged = check(case.proof)._replace(rows="\n".join(lines) + "\n")
        assert differences(sabotaged, case.instance, case.plan)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_that_is_too_tight_passes_the_check_alone(seed: int) -> None:
    """cost >= value as a row "proves" a plan optimal, so the check speaks of these rows only."""
    case = _case(seed)
    proof = unpacked(case.proof)
    offset, terms, _ = proof["rows"].split("\nobjective ", 1)[1].split(" ", 2)
    value, count = case.value[0], proof["rows"].count("\nrow ")
    proof["rows"] += f'row {value - int(offset)} - {terms} ["too tight"]\n'
    proof["stages"] = [{"bound": value, "value": value, "held": [], "tree": [[1, count, 1]]}]
    checked = check(packed(proof))
    assert checked.stages[0].bound == value
    assert differences(checked, case.instance, case.plan)


def test_a_proof_of_another_city_is_caught() -> None:
    """Whatever it proves, it is about other rows and another plan."""
    first, other = _case(SEEDS[0]), _case(SEEDS[1])
    assert len(differences(check(first.proof), other.instance, other.plan)) >= 2


def test_another_plan_of_the_same_city_is_caught() -> None:
    """A proof is about one plan; its value is not that of another."""
    case = _case(SEEDS[0])
    other = case.plan.with_staff(*case.plan.staff.index[0], int(case.plan.staff.iloc[0]) + 1)
    assert differences(check(case.proof), case.instance, other)


def test_a_plan_that_breaks_a_rule_is_refused() -> None:
    """Neither the prover nor the checker takes a plan that breaks a row."""
    case = _case(SEEDS[0])
    proof = unpacked(case.proof)
    proof["plan"] = [0 for _ in proof["plan"]]
    with pytest.raises(Refused, match="the plan breaks"):
        check(packed(proof))
