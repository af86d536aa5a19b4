"""OR-Library warehouse location (cap41 ... capc): fixed costs, capacities, costs of whole demands.

`sites customers`, then a site each `capacity fixed-cost` (the word "capacity" where the library
leaves it open), then a customer each its demand and the cost of serving all of it from every
site (Beasley, An algorithm for solving large capacitated warehouse location problems, European
Journal of Operational Research 33, 1988). The customer's demand itself is no cost.
"""

from pathlib import Path

from optimizer.base.words import Text
from optimizer.importers.location import LocationData, numbered
from optimizer.importers.numbers import Numbers, decimals_needed, made_whole


def read(path: Path) -> LocationData:
    """Return the problem in `path`. Raises InputError."""
    numbers = Numbers(path)
    m = numbers.whole(Text("number of sites", "候補地の数"), 1, 5000)
    n = numbers.whole(Text("number of customers", "需要地の数"), 1, 5000)
    capacity, fixed, demand, cost = [], [], [], []
    what = Text("capacity of a site", "候補地の容量")
    for _ in range(m):
        word = numbers.word(what)
        capacity.append(None if word == "capacity" else numbers.parsed(word, what))
        fixed.append(numbers.decimal(Text("fixed cost of a site", "候補地の固定費")))
    for _ in range(n):
        demand.append(numbers.decimal(Text("demand of a customer", "需要地の需要量")))
        cost += numbers.decimals(m, Text("cost of serving a customer", "需要地の費用"))
    numbers.finish()
    decimals = decimals_needed([*cost, *fixed])
    known = [value for value in capacity if value is not None]
    units = decimals_needed([*demand, *known])
    return LocationData(
        numbered(n),
        numbered(m),
        made_whole(cost, decimals, path.name).reshape(n, m),
        decimals,
        site_cost=made_whole(fixed, decimals, path.name),
        demand=made_whole(demand, units, path.name),
        capacity=made_whole(known, units, path.name) if len(known) == m else None,
        demand_decimals=units,
    )
