"""Districts without a convenience store are served for certificates within a stated distance."""

import numpy as np
import pandas as pd

from optimizer.rules import UNREACHABLE, Constraint, Examples, Instance, Metres, Plan, Readings
from optimizer.rules import ServiceIds, Text, Words, at_most, town, town_plan


class StoreFreeDistricts(Constraint):
    """assign[d, s, p, t] = 0 for store-free d where p is a store or over `metres` away.

    What remains is a post office, an agency or a staffed counter within reach. A reading is the
    distance to the counter named; a store counts as out of reach however near it is.
    """

    metres: Metres
    services: ServiceIds = ("certificate_card", "certificate_counter")

    key, unit, limit = ("district", "service", "period"), "m", "metres"
    words = Words(
        name=Text("Store-free districts are served nearby", "コンビニ空白校区への配慮"),
        reading=Text("{district} (no store), {service}, {period}: {actual} m to its counter (at most {limit}).",
                     "{district}校区(空白校区)・{service}・{period}: 窓口まで{actual}m(上限{limit}m)。"),
        conflict=Text("{district} has no store and needs a counter for {service} within {metres} m in"
                      " {period}.",
                      "空白校区である{district}校区には、"
                      "{period}に{service}の窓口が{metres}m以内に必要である。"),
        repair=Text("Allow {actual} m instead of {metres} m for {service} of {district}.",
                    "{district}校区の{service}の距離を{metres}mから{actual}mに広げる。"),
    )  # fmt: skip

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        free = instance.districts.index[~instance.districts["store_access"].astype(bool)]
        stores = instance.points.index[instance.points["kind"] == "store"]
        concerned = instance.having(links, district=free, service=self.services)
        in_store = instance.having(links, point=stores)
        return np.asarray(concerned & (in_store | (links["metres"] > self.metres)))

    def check(self, instance: Instance, plan: Plan) -> Readings:
        served = plan.served(instance)
        free = instance.districts.index[~instance.districts["store_access"].astype(bool)]
        served = served[served["district"].isin(free) & served["service"].isin(self.services)]
        stores = instance.points.index[instance.points["kind"] == "store"]
        metres = served["metres"].where(~served["point"].isin(stores), UNREACHABLE)
        index = pd.MultiIndex.from_frame(served[list(self.key)])
        return at_most(pd.Series(metres.to_numpy(), index=index), self.metres)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="store_free", metres=3000), plan, {
            "sent to a store": plan.with_assignment("D2", "certificate_card", 2017, "S1"),
            "sent too far": plan.with_assignment("D2", "certificate_counter", 2018, "B1"),
            "sent to the ward office": plan.with_assignment("D2", "certificate_card", 2018, "W1"),
        })  # fmt: skip
