"""Changes: how often counters change their mode, so that as little as possible is disturbed."""

from optimizer.rules import Affine, Decisions, Instance, KindIds, Objective, Plan, Text, changed


class Changes(Objective):
    """Sum of enter[p, m, t] over the points of `kinds` (all if empty), modes and periods; every
    change counts 1, whatever it costs and however many years a period has.
    """

    kinds: KindIds = ()

    name = Text("changes of mode", "形態の変更数")
    unit = "changes"

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        entered: Affine = x.enter.select(point=self._points(instance)).sum()
        return entered

    def value(self, instance: Instance, plan: Plan) -> int:
        moved = changed(instance, plan)
        return int(moved[moved.index.get_level_values("point").isin(self._points(instance))].sum())

    def _points(self, instance: Instance) -> list[str]:
        kinds = instance.points["kind"]
        return list(kinds.index[kinds.isin(self.kinds or tuple(instance.kinds))])
