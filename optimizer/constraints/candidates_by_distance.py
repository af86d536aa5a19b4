"""Only branches within a stated distance of a ward office may be wound down."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, KindIds, Metres, ModeIds
from optimizer.rules import Plan, Problem, Readings, Rows, Text, Words, at_most, town, town_plan


class CandidatesByDistance(Constraint):
    """mode[p, m, t] = 0 for wound-down modes m where p is over `metres` from every ward office.

    Uses the distances stated between offices, to the nearest of `office_kinds` of whatever ward,
    never computed ones. A reading is the distance of a wound-down branch, 0 while it stands.
    """

    metres: Metres
    kinds: KindIds = ("branch",)
    office_kinds: KindIds = ("ward_office",)
    wound_down: ModeIds = ("service_corner", "closed")

    key, unit, limit = ("point", "period"), "m", "metres"
    words = Words(
        name=Text("Candidates near a ward office", "再編対象は区役所に近い出張所等のみ"),
        reading=Text("{point} in {period}: wound down at {actual} m from a ward office (at most {limit}).",
                     "{point}({period}): 区役所から{actual}mで再編(上限{limit}m)。"),
        conflict=Text("{point} is over {metres} m from every ward office and must stay a branch in {period}.",
                      "{point}は最寄りの区役所から{metres}mを超えるため、{period}も出張所等として残す。"),
        repair=Text("Allow branches up to {actual} m instead of {metres} m.",
                    "再編対象の距離を{metres}mから{actual}mに広げる。"),
    )  # fmt: skip

    def _nearest_office(self, instance: Instance) -> pd.Series:
        """Stated metres to the nearest ward office, index point, over the points of `kinds`."""
        kind = instance.points["kind"]
        stated = instance.office_distances["metres"].reset_index()
        stated = stated[stated["other"].map(kind).isin(self.office_kinds)]
        nearest = stated.groupby("point")["metres"].min()
        return nearest.reindex(kind.index[kind.isin(self.kinds)])

    def problems(self, instance: Instance) -> list[Problem]:
        nearest = self._nearest_office(instance)
        message = Text(
            "no distance to a ward office is stated for this point",
            "この窓口から区役所までの距離が示されていない",
        )
        remedy = Text(
            "add a row with its nearest ward office to office_distances.csv",
            "最寄りの区役所との距離を office_distances.csv に加える",
        )
        return [
            Problem(message, remedy, "office_distances.csv", None, "point_id", str(point))
            for point in nearest.index[nearest.isna()]
        ]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        nearest = self._nearest_office(instance)
        far = list(nearest.index[nearest > self.metres])
        return [x.in_modes(self.wound_down).select(point=far) <= 0]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        nearest = self._nearest_office(instance)
        modes = plan.modes[plan.modes.index.get_level_values("point").isin(nearest.index)]
        metres = pd.Series(modes.index.get_level_values("point").map(nearest), index=modes.index)
        return at_most(metres.where(modes.isin(self.wound_down), 0), self.metres)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(
            town(), cls(id="candidates", metres=5000), plan.with_mode("B1", 2018, "service_corner"), {
            "far branch made a corner": plan.with_mode("B2", 2017, "service_corner"),
            "far branch closed": plan.with_mode("B2", 2018, "closed"),
            "only in the last year": plan.with_mode("B2", 2018, "service_corner"),
        })  # fmt: skip
