"""A counter is wound down only if its nearest remaining one has room for a stated number of cases more."""

from optimizer.rules import Cases, Constraint, Decisions, Examples, Instance, KindIds, ModeIds, Plan
from optimizer.rules import Readings, Rows, ServiceId, Text, Words, at_least, modes_before
from optimizer.rules import nearest_city_counter, nearest_counter, town, town_plan


class SpareCapacityNearby(Constraint):
    """capacity[q, t] - work[q, t] >= `cases` x minutes of `service`, q the nearest by stated distance
    that the city runs and that serves it in t, where p goes over to `wound_down` in t.
    """

    cases: Cases
    service: ServiceId
    kinds: KindIds = ("branch",)
    wound_down: ModeIds = ("service_corner", "closed")
    key, unit, limit, widens = ("point", "period"), "cases", "cases", "down"
    words = Words(
        Text("Room at the nearest remaining counter", "最寄りに残る窓口の余力"),
        Text("{point}, {period}: the nearest remaining counter has room for {actual} more cases (at least {limit}).", "{point}({period}): 最寄りに残る窓口の余力{actual}件(下限{limit}件)。"),
        Text("{point} may be wound down in {period} only if the nearest remaining counter has room for {cases} cases.", "{point}を{period}に縮小できるのは、最寄りに残る窓口に{cases}件分の余力があるときに限る。"),
        Text("Be content with room for {actual} cases instead of {cases}.", "必要な余力を{cases}件から{actual}件に下げる。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        need = self.cases * int(instance.services.at[self.service, "minutes"])
        near, remaining = nearest_counter(instance, x, self.service)
        down = (x.mode - x.mode_before).select(mode=self.wound_down).sum(by=self.key)
        down = down.select(point=self._points(instance))
        free = 2 - near - down.over(near.index, fill=True)
        room = (x.capacity - x.work).rename(point="other").over(near.index, fill=True)
        most = x.most_work.rename_axis(["other", "period"])
        return [room >= need - free * (most + need), down * need <= remaining * need]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        now, before = plan.modes.unstack(), modes_before(instance, plan).unstack()
        down = now.isin(self.wound_down) & ~before.isin(self.wound_down)
        down = down.loc[self._points(instance)].stack()
        room = (plan.capacity(instance) - plan.minutes(instance)).rename("room")
        near = nearest_city_counter(instance, plan, self.service)
        near = near.merge(room.rename_axis(["other", "period"]).reset_index())
        cases = near.set_index(list(self.key))["room"].reindex(down.index, fill_value=0)
        cases //= int(instance.services.at[self.service, "minutes"])
        return at_least(cases.where(down, cases.clip(lower=0)), down * self.cases)

    def _points(self, instance: Instance) -> list[str]:
        kind = instance.points["kind"]
        return list(kind.index[kind.isin(self.kinds)])

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan().with_mode("B1", 2018, "service_corner").with_staff("W1", 2018, 3)
        return Examples(town(), cls(id="room", cases=1000, service="registration"), plan, {
            "the ward office one person short": plan.with_staff("W1", 2018, 2),
            "too much sent there": plan.with_assignment("D4", "certificate_counter", 2018, "W1"),
            "another branch, far away": plan.with_mode("B2", 2017, "closed").with_staff("W1", 2017, 2),
        })  # fmt: skip
