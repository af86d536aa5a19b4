"""The links of an instance: every way that somebody could be sent. Made from codes, not from text."""

import numpy as np
import pandas as pd

from optimizer.base.labels import combined, joined

LINK = ["district", "service", "point", "period"]


def linked(demand: pd.Series, travel: pd.DataFrame) -> pd.DataFrame:
    """Return each way of `demand` with each point in reach: index LINK, sorted; metres, cases.

    demand: cases, index (district, service, period). travel: metres, index (district, point); a
    point without a figure there is out of reach.
    """
    demand, travel = demand.sort_index(), travel.sort_index()
    home, districts = _coded(travel.index, "district")
    point, points = _coded(travel.index, "point")
    service, services = _coded(demand.index, "service")
    period, periods = _coded(demand.index, "period")
    district = districts.get_indexer(demand.index.get_level_values("district"))
    pairs = combined([district, service], [len(districts), len(services)])
    _, first, pair = np.unique(pairs, return_index=True, return_inverse=True)
    once, there = joined(district[first], home)
    at, way = joined(once, pair)
    there = there[at]
    index = pd.MultiIndex(
        levels=[districts, services, points, periods],
        codes=[district[way], service[way], point[there], period[way]],
        names=LINK,
        verify_integrity=False,
    )
    metres, cases = travel["metres"].to_numpy()[there], demand.to_numpy()[way]
    return pd.DataFrame({"metres": metres, "cases": cases}, index=index)


def unfolded(links: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its labels as columns in front.

    They are plain objects: pandas maps and compares them several times faster than its own strings.
    """
    labels = {name: links.index.get_level_values(name) for name in links.index.names}
    columns = {
        name: pd.Series(label.to_numpy(), dtype=object if label.dtype == "str" else None)
        for name, label in labels.items()
    }
    return pd.DataFrame({**columns, **links.reset_index(drop=True)})


def _coded(index: pd.MultiIndex, label: str) -> tuple[np.ndarray, pd.Index]:
    codes, level = pd.factorize(index.get_level_values(label), sort=True)
    return codes, level
