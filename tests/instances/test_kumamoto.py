"""The first city: its figures, its policy and its rules are those of the draft of 2015."""

from fractions import Fraction

import pytest

from optimizer.city.baseline import baseline
from optimizer.city.demand import half_up
from optimizer.files.columns import TABLES
from optimizer.files.links import straight_metres
from optimizer.files.tables import read_table
from optimizer.model.expressions.community import districts_of_rooms
from optimizer.model.instance import Constraint, Instance
from tests.conftest import KUMAMOTO

CANDIDATES = ["B01", "B03", "B04", "B06", "B07", "B08", "B11", "B13"]


def entry(instance: Instance, name: str) -> Constraint:
    """The entry `name` of the instance."""
    return next(e for e in instance.entries if e.id == name)


def test_the_network(kumamoto: Instance) -> None:
    """94 districts, 19 rooms, 5 ward offices, 14 branches: 9 general and 5 plain ones."""
    kinds = kumamoto.points["kind"].value_counts()
    assert len(kumamoto.districts) == 94
    assert len(kumamoto.rooms) == 19
    assert kinds["ward_office"] == 5 and kinds["branch"] == 14
    assert kinds["annex"] == kinds["plaza"] == kinds["store"] == 1
    modes = kumamoto.points["mode_today"][kumamoto.points["kind"] == "branch"].value_counts()
    assert modes.to_dict() == {"general_branch": 9, "plain_branch": 5}


def test_residents(kumamoto: Instance) -> None:
    """One more than the register's 732,569, for the shares of split towns were rounded one by one."""
    assert kumamoto.districts["residents"].sum() == 732_570
    assert kumamoto.districts["residents65"].sum() == 173_595
    assert kumamoto.districts["residents75"].sum() == 87_142


def test_store_free_districts(kumamoto: Instance) -> None:
    """12 districts have no store, no way to one, and a post office each."""
    free = kumamoto.districts.index[~kumamoto.districts["store_access"]]
    assert len(free) == 12
    assert kumamoto.districts.loc[free, "store_free_class"].isin(["A", "B"]).all()
    offices = kumamoto.points.index[kumamoto.points["kind"] == "post_office"]
    assert set(offices) == {f"PO{district[1:]}" for district in free}
    reach = {d for d, p in kumamoto.travel.index if p == "S00"}
    assert reach == set(kumamoto.districts.index) - set(free)


def test_years_and_today(kumamoto: Instance) -> None:
    """FY2016 is given with open branches and no post office; four years are planned."""
    assert kumamoto.today == 2016
    assert kumamoto.planned == [2017, 2018, 2019, 2020]
    assert baseline(kumamoto).modes.isin(["post_office", "store", "service_corner"]).sum() == 0


def test_everybody_is_served_today(kumamoto: Instance) -> None:
    """Each district has a counter today for each service it asks for."""
    wanted = kumamoto.demand[kumamoto.demand > 0]
    wanted = wanted[wanted.index.get_level_values("period") == 2016]
    assert len(baseline(kumamoto).assignments) == len(wanted) == 94 * 4


def test_no_case_disappears(kumamoto: Instance) -> None:
    """Cases of today are residents x 1.00 and x 0.18, and residents aged 65 and over x 0.30."""
    cases = kumamoto.demand.xs(2016, level="period").groupby(level="service").sum()
    residents = kumamoto.districts[["residents", "residents65"]].sum()
    assert cases["certificate_card"] + cases["certificate_counter"] == residents["residents"]
    assert cases["registration"] == half_up(int(residents["residents"]) * Fraction("0.18"))
    assert cases["welfare"] == half_up(int(residents["residents65"]) * Fraction("0.30"))


def test_candidates_by_stated_distance(kumamoto: Instance) -> None:
    """Eight branches lie within 5 km of a ward office by the distances the policy states."""
    stated = kumamoto.office_distances["metres"].reset_index()
    kind = kumamoto.points["kind"]
    stated = stated[(stated["point"].map(kind) == "branch")
                    & (stated["other"].map(kind) == "ward_office")]  # fmt: skip
    nearest = stated.groupby("point")["metres"].min()
    assert sorted(nearest.index[nearest <= 5000]) == CANDIDATES


def test_the_five_km_rule_sees_those_candidates(kumamoto: Instance) -> None:
    """The constraint forbids winding down the other six branches, in every year, and no more."""
    plan = baseline(kumamoto)
    for period in kumamoto.planned:
        modes = plan.modes.xs(2016, level="period")
        down = modes.where(kumamoto.points["kind"] != "branch", "closed")
        down.index = down.index.map(lambda point, t=period: (point, t))
        closed = type(plan)(down.rename_axis(["point", "period"]), plan.assignments, plan.staff)
        violations = entry(kumamoto, "five_km").readings(kumamoto, closed).violations
        others = {p for p in modes.index if p.startswith("B")} - set(CANDIDATES)
        assert set(violations.index) == {(p, period) for p in others}


def test_computed_distances_would_lose_a_candidate() -> None:
    """Straight line x circuity puts 幸田 (B08) beyond 5 km, and leaves 北部 (B13) four metres short."""
    points = read_table(KUMAMOTO / "points.csv", *TABLES["points.csv"]).set_index("point_id")
    branches = points[points["kind"] == "branch"]
    offices = points[points["kind"] == "ward_office"]
    metres = (straight_metres(branches, offices, "EPSG:6670") * 1.31).min(axis=1).round()
    computed = dict(zip(branches.index, metres.astype(int), strict=True))
    assert {p for p in CANDIDATES if computed[p] > 5000} == {"B08"}
    assert (computed["B08"], computed["B13"]) == (5328, 4996)
    assert all(metres > 5000 for p, metres in computed.items() if p not in CANDIDATES)


def test_every_stated_entry_has_a_source(kumamoto: Instance) -> None:
    """Each constraint of the file names the policy sentences it comes from."""
    stated = [e for e in kumamoto.entries if not type(e).always or e.id != e.type_name()]
    assert len(stated) == 13
    for e in stated:
        assert e.source and set(e.source) <= set(kumamoto.policy), e.id


def test_every_assumption_has_its_reason(kumamoto: Instance) -> None:
    """Whoever asks why a number was chosen finds an answer in both languages."""
    for assumption in kumamoto.assumptions.values():
        assert assumption.reason.en.strip() and assumption.reason.ja.strip(), assumption.name
        assert assumption.unit, assumption.name


def test_every_assumption_is_used(kumamoto: Instance) -> None:
    """No number stands in the list that nothing refers to."""
    text = (KUMAMOTO / "instance.toml").read_text(encoding="utf-8")
    for name in kumamoto.assumptions:
        assert f'"{name}"' in text, name


def test_policy_sentences_are_told_in_both_languages(kumamoto: Instance) -> None:
    """Every sentence has its quotation and translation; what is left out of the model says why."""
    assert len(kumamoto.policy) > 40
    for sentence in kumamoto.policy.values():
        assert sentence.text.en.strip() and sentence.text.ja.strip(), sentence.id
        if sentence.kind == "outside":
            assert sentence.why and sentence.why.en.strip() and sentence.why.ja.strip()


@pytest.mark.parametrize("per_person", [1, 2, 3, 4, 5, 6])
def test_community_staff_can_always_be_spread(kumamoto: Instance, per_person: int) -> None:
    """For every total up to 250 persons the bands of the rooms leave a way to post them all."""
    share = districts_of_rooms(kumamoto)
    minimum = -(-share // per_person)
    for total in range(251):
        low = total * share // share.sum()
        high = -(-total * share // share.sum())
        if total >= minimum.sum():
            low = low.clip(lower=minimum)
        assert (low <= high).all(), total
        assert low.sum() <= total <= high.sum(), total
