"""The policy's words beside the derived volumes: what can be compared is, what cannot says so."""

import pytest

from optimizer.base.errors import InputError
from optimizer.city.city import Claim
from optimizer.files.instance_folder import read_instance
from optimizer.report.instance_tables import check_claim, claims_table

WHERE = ("B01", "B02", "B03", "B04")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_trends_are_not_compared_with_volumes(kumamoto, lang):
    """The halving of 東部 and 秋津 (P49) and the level trend of P50 are marked as not comparable."""
    rows = {row[0]: row for row in claims_table(kumamoto, lang).rows}
    words = {"en": ("not comparable", "no past volumes"), "ja": ("照合不能", "過去の件数")}[lang]
    for source, names in {"P49": ("東部", "秋津"), "P50": ("花園", "清水", "大江")}.items():
        _, _, verdict, derived = rows[source]
        assert verdict == words[0] and words[1] in derived
        assert all(name in derived for name in names)
    assert words[0] not in {rows[source][2] for source in ("P15", "P51", "P52")}


def test_a_claim_is_borne_out_or_not(kumamoto):
    """The largest, the median and the share are told from today's derived volumes, either way."""
    largest, median = "largest", "at_least_median"
    for claim, verdict in [
        (Claim("P51", largest, ("B04",), WHERE), True),
        (Claim("P51", largest, ("B03",), WHERE), False),
        (Claim("P52", median, ("B01",), WHERE), True),
        (Claim("P52", median, ("B03",), WHERE), False),
        (Claim("P15", "service_share", (), WHERE, ("registration",), 15), True),
        (Claim("P15", "service_share", (), WHERE, ("registration",), 80), False),
        (Claim("P49", "trend", ("B03",)), None),
    ]:
        assert check_claim(kumamoto, claim)[0] is verdict


@pytest.mark.parametrize(
    "claim",
    [
        'source = "P51"\ntest = "largest"',
        'source = "P51"\ntest = "largest"\npoints = ["B01"]\namong = ["B01"]',
        'source = "P49"\ntest = "trend"',
        'source = "P15"\ntest = "service_share"\namong = ["B01"]',
    ],
)
def test_a_claim_that_compares_nothing_is_refused(folder, claim):
    """A claim without the points, others or services that its test needs cannot always agree."""
    path = folder / "instance.toml"
    path.write_text(path.read_text(encoding="utf-8") + f"\n[[claim]]\n{claim}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_instance(folder)
    assert "claim" in caught.value.problems[0].column
