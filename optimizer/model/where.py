"""Where an entry applies: the districts, wards, rooms, points, kinds, services and periods it names."""

from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from optimizer.city.city import City


class Where(BaseModel):
    """Which keys an entry applies to; an empty list means all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    districts: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    periods: tuple[int, ...] = ()

    #           field -> the labels it can look at; the first that a key has is the one
    LABELS: ClassVar[dict[str, tuple[str, ...]]] = {
        "districts": ("district",),
        "wards": ("ward", "district", "point"),
        "rooms": ("room", "district"),
        "points": ("point",),
        "kinds": ("point",),
        "services": ("service",),
        "periods": ("period",),
    }

    def mask(self, city: City, keys: pd.MultiIndex | pd.DataFrame) -> np.ndarray:
        """Return which of `keys` (an index or a table with label columns) the entry applies to."""
        chosen = np.ones(len(keys), dtype=bool)
        names = keys.columns if isinstance(keys, pd.DataFrame) else keys.names
        for field, labels in self.LABELS.items():
            wanted = getattr(self, field)
            if not wanted:
                continue
            label = next(label for label in labels if label in names)
            values = keys[label] if isinstance(keys, pd.DataFrame) else keys.get_level_values(label)
            table = {"district": city.districts, "point": city.points}.get(label)
            if table is not None and field.removesuffix("s") in table:
                values = values.map(table[field.removesuffix("s")])
            chosen &= np.asarray(values.isin(list(wanted)))
        return chosen
