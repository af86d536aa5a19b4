"""Connected areas: rows by which the districts of a counter hang together."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from optimizer.city import adjacency
from optimizer.city.plan import Plan
from optimizer.model.instance import Instance

if TYPE_CHECKING:
    from optimizer.model.algebra import Rows
    from optimizer.model.decisions import Decisions

KEY = ["point", "service", "period"]
NODE = [*KEY, "district"]


def connected_rows(
    name: str,
    instance: Instance,
    x: "Decisions",
    services: Collection[str],
    apart: Collection[str],
) -> "list[Rows]":
    """Return the rows of Shirabe: a root sends flow to all other districts of its area.

    services: only those; none means all. Districts `apart` need no flow. Columns `name` flow and
    `name` root; labels KEY, and `member` for the district, as `where` is about the counter: what
    the rows say of a district must not be taken for the key.
    """
    links = x.links.loc[x.links["service"].isin(services or instance.services.index), NODE]
    needed = links[~links["district"].isin(apart)]
    n = needed.groupby(KEY).size()
    n = n[n > 1]
    keys = n.index.to_frame(index=False)
    links, needed = links.merge(keys), needed.merge(keys)
    nodes = pd.concat([links, keys.merge(adjacency.idle(instance))])[NODE]
    borders = pd.DataFrame(sorted(instance.neighbours), columns=["district", "other"])
    steps = nodes.merge(borders).merge(nodes.rename(columns={"district": "other"}))
    most = n.reindex(pd.MultiIndex.from_frame(steps[KEY])).to_numpy() - 1

    def flows(plan: Plan) -> pd.Series:
        return adjacency.flows(adjacency.areas(instance, plan, services, apart))

    def roots(plan: Plan) -> pd.Series:
        return adjacency.roots(adjacency.areas(instance, plan, services, apart))

    flow = x.derive(f"{name} flow", pd.MultiIndex.from_frame(steps), 0, most, flows)
    root = x.derive(f"{name} root", pd.MultiIndex.from_frame(needed), 0, 1, roots)
    at, inside = pd.MultiIndex.from_frame(nodes), pd.MultiIndex.from_frame(links)
    due = x.assign.over(root.index)
    out = flow.sum(by=NODE).over(at, fill=True)
    into = flow.rename(district="from", other="district").sum(by=NODE).over(at, fill=True)
    least = [
        into - out - due.over(at, fill=True) + root.over(at, fill=True) * n,
        x.assign.over(inside) * (n - 1) - into.over(inside),
        due - root,
    ]
    return [
        *(expression.rename(district="member") >= 0 for expression in least),
        root.sum(by=KEY) <= 1,
    ]
