"""Ward boundaries: which counters are out of bounds, by the service itself or by an entry."""

import numpy as np
import pandas as pd

from optimizer.instance import Instance


def out_of_bounds(instance: Instance, links: pd.DataFrame) -> np.ndarray:
    """Return which of `links` cross a ward boundary that a rule of the instance keeps closed.

    links: columns district, service, point, period. Services marked `ward_bound` are bound in all
    periods, today's baseline included; entries of `within_ward` may bind more, where they apply.
    """
    crossing = instance.outside_ward(links)
    for entry in instance.entries:
        if entry.type_name() == "within_ward":
            named = entry.forbids(instance, links)
            assert named is not None
            crossing = crossing | (named & entry.where.mask(instance, links))
    return crossing
