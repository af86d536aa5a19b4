"""All that the file of a constraint or an objective needs, from one place.

Our own files import nothing else of this package, and neither need yours (docs/developer.md). What
a rule does not need is not here: no program, no engine.
"""

from typing import TYPE_CHECKING

from optimizer.base.errors import Problem
from optimizer.base.labels import extended, matched
from optimizer.base.words import GROUPS, Text, Words
from optimizer.city import adjacency, kolm_pollak
from optimizer.city.baseline import baseline, baseline_counters, baseline_metres, network
from optimizer.city.city import UNLIMITED
from optimizer.city.frozen_plan import (
    frozen_plan,
    misnamed_fallback,
    nearest_fallback,
    with_fallback,
)
from optimizer.city.hours import hours_problems
from optimizer.city.ledger import ITEMS, changed, ledger, modes_before
from optimizer.city.plan import UNREACHABLE, Plan
from optimizer.city.stated import nearest_city_counter
from optimizer.city.weights import assigned_links, link_weights, weights
from optimizer.city.years import period_before, years_between
from optimizer.model.algebra import Affine
from optimizer.model.distance_objective import DistanceObjective
from optimizer.model.example import town, town_open_longer, town_plan, town_plan_open_longer
from optimizer.model.expressions import reassignments
from optimizer.model.expressions.caseload import caseload, caseloads, moves_made, possible_moves
from optimizer.model.expressions.closest_assignment import (
    beyond_nearest,
    closest_rows,
    never_closest,
)
from optimizer.model.expressions.community import (
    community_staff,
    districts_of_rooms,
    due_in_rooms,
    headcount,
    posted,
)
from optimizer.model.expressions.connected import connected_rows
from optimizer.model.expressions.costs import costs
from optimizer.model.expressions.distances import (
    assigned_metres,
    furthest,
    mean_metres,
    metres_at,
    travel_metres,
    ways_by_year,
)
from optimizer.model.expressions.mitigation import Mitigation, growth
from optimizer.model.expressions.nearest_counter import nearest_counter
from optimizer.model.expressions.perceived_distance import PerceivedDistance
from optimizer.model.expressions.ratio import ratio
from optimizer.model.expressions.stopping import fallback_rows, settled_fallback
from optimizer.model.instance import (
    Constraint,
    Examples,
    Instance,
    Objective,
    completed,
    forbidden,
    out_of_bounds,
)
from optimizer.model.parameters import (
    Cases,
    Count,
    DistrictIds,
    EntryIds,
    Group,
    KindId,
    KindIds,
    Metres,
    ModeIds,
    People,
    Percent,
    Period,
    Persons,
    PointId,
    PointIds,
    Residents,
    ServiceId,
    ServiceIds,
    WardId,
    Yen,
    YesNo,
)
from optimizer.model.readings import Readings, at_least, at_most, by_label, exactly, nearer
from optimizer.model.where import Where

if TYPE_CHECKING:
    from optimizer.model.algebra import Rows as Rows
    from optimizer.model.decisions import Decisions as Decisions
else:  # Only names for annotations: checking a plan must not load what builds a program.
    Rows = Decisions = object

__all__ = [
    "GROUPS",
    "ITEMS",
    "UNLIMITED",
    "UNREACHABLE",
    "Affine",
    "Cases",
    "Constraint",
    "Count",
    "Decisions",
    "DistanceObjective",
    "DistrictIds",
    "EntryIds",
    "Examples",
    "Group",
    "Instance",
    "KindId",
    "KindIds",
    "Metres",
    "Mitigation",
    "ModeIds",
    "Objective",
    "People",
    "PerceivedDistance",
    "Percent",
    "Period",
    "Persons",
    "Plan",
    "PointId",
    "PointIds",
    "Problem",
    "Readings",
    "Residents",
    "Rows",
    "ServiceId",
    "ServiceIds",
    "Text",
    "WardId",
    "Where",
    "Words",
    "Yen",
    "YesNo",
    "adjacency",
    "assigned_links",
    "assigned_metres",
    "at_least",
    "at_most",
    "baseline",
    "baseline_counters",
    "baseline_metres",
    "beyond_nearest",
    "by_label",
    "caseload",
    "caseloads",
    "changed",
    "closest_rows",
    "community_staff",
    "completed",
    "connected_rows",
    "costs",
    "districts_of_rooms",
    "due_in_rooms",
    "exactly",
    "extended",
    "fallback_rows",
    "forbidden",
    "frozen_plan",
    "furthest",
    "growth",
    "headcount",
    "hours_problems",
    "kolm_pollak",
    "ledger",
    "link_weights",
    "matched",
    "mean_metres",
    "metres_at",
    "misnamed_fallback",
    "modes_before",
    "moves_made",
    "nearer",
    "nearest_city_counter",
    "nearest_counter",
    "nearest_fallback",
    "network",
    "never_closest",
    "out_of_bounds",
    "period_before",
    "possible_moves",
    "posted",
    "ratio",
    "reassignments",
    "settled_fallback",
    "town",
    "town_open_longer",
    "town_plan",
    "town_plan_open_longer",
    "travel_metres",
    "ways_by_year",
    "weights",
    "with_fallback",
    "years_between",
]
