"""The map of a city as shapes: where districts and counters are drawn, and where their labels go."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from optimizer.files.areas import Areas, Ring
from optimizer.files.tables import COORDINATE_SCALE
from optimizer.model.instance import Instance
from optimizer.report.map.marks import states

WIDTH, HEIGHT, MARGIN = 720, 900, 24
"""The box that a map must fit, and the room around it for labels."""

FONT = 12
SYMBOL = 9


@dataclass(frozen=True)
class District:
    """A district on the map: its area as an SVG path, or None for a circle about (x, y)."""

    id: str
    path: str | None
    x: int
    y: int


@dataclass(frozen=True)
class Office:
    """A counter on the map; its label starts at (dx, dy) from it and runs as `anchor` says."""

    id: str
    label: str
    x: int
    y: int
    dx: int
    dy: int
    anchor: str


@dataclass(frozen=True)
class CityMap:
    """A map of width x height. schematic: whether its areas are no borders; None without areas."""

    width: int
    height: int
    districts: tuple[District, ...]
    offices: tuple[Office, ...]
    schematic: bool | None
    kilometre: int


@dataclass(frozen=True)
class Frame:
    """Degrees to map units. A city is small: a degree of longitude shrinks by one cosine for all."""

    west: float
    north: float
    squeeze: float
    scale: float

    def place(self, lng: float, lat: float) -> tuple[int, int]:
        """Return x, y of a position."""
        x = (lng - self.west) * self.squeeze * self.scale
        return round(x) + MARGIN, round((self.north - lat) * self.scale) + MARGIN


def city_map(
    instance: Instance, areas: Areas | None, modes: dict[str, list[str]]
) -> CityMap | None:
    """Return the map, or None where the instance has no positions.

    modes: point -> its mode today and in every planned year. Counters that are never open, or
    have no position, are not drawn.
    """
    if not {"lat", "lng"} <= set(instance.districts) & set(instance.points):
        return None
    rings = areas.rings if areas else {}
    homes = {str(d): _degrees(row) for d, row in instance.districts.iterrows()}
    located = instance.points[instance.points["lat"].notna()]
    shown = {
        str(p): _degrees(row) for p, row in located.iterrows() if any(states(instance, modes[p]))
    }
    corners = [at for lines in rings.values() for line in lines for at in line]
    frame, size = _frame([*corners, *homes.values(), *shown.values()])
    districts = [
        District(d, _path(frame, rings[d]) if d in rings else None, *frame.place(*at))
        for d, at in homes.items()
    ]
    # A degree of latitude is 111.2 km.
    kilometre = round(frame.scale / 111.2)
    places = [(p, str(instance.points["name"][p]), *frame.place(*at)) for p, at in shown.items()]
    schematic = areas.schematic if areas else None
    return CityMap(*size, tuple(districts), tuple(_labelled(places, size[0])), schematic, kilometre)


def _degrees(row) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    return int(row["lng"]) / COORDINATE_SCALE, int(row["lat"]) / COORDINATE_SCALE


def _frame(corners: Sequence[tuple[float, float]]) -> tuple[Frame, tuple[int, int]]:
    """Return the frame that fits `corners` into the box, and the size that it needs."""
    lngs, lats = zip(*corners, strict=True)
    west, north = min(lngs), max(lats)
    squeeze = math.cos(math.radians((north + min(lats)) / 2))
    across = max((max(lngs) - west) * squeeze, 1e-6)
    down = max(north - min(lats), 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN) / down)
    frame = Frame(west, north, squeeze, scale)
    return frame, (round(across * scale) + 2 * MARGIN, round(down * scale) + 2 * MARGIN)


def _path(frame: Frame, rings: Iterable[Ring]) -> str:
    parts = []
    for ring in rings:
        places = list(dict.fromkeys(frame.place(*at) for at in ring))
        parts.append("M" + "L".join(f"{x} {y}" for x, y in places) + "Z")
    return "".join(parts)


def text_width(text: str) -> int:
    """Return the width of a label, a full-width character as wide as it is high."""
    return sum(FONT if ord(c) > 0x2E7F else round(FONT * 0.58) for c in text)


def short_name(name: str) -> str:
    """Return a name without what stands in brackets behind it."""
    return name.split("（")[0].split("(")[0].strip()


Box = tuple[float, float, float, float]


def _labelled(places: Sequence[tuple[str, str, int, int]], width: int) -> list[Office]:
    """Return the counters with labels beside, above or below, where they cover least of the rest."""
    taken: list[Box] = [(x - SYMBOL, y - SYMBOL, x + SYMBOL, y + SYMBOL) for _, _, x, y in places]
    offices = []
    for point, name, x, y in places:
        label = short_name(name)
        long = text_width(label)
        right, left, half = SYMBOL + 3, -SYMBOL - 3, long / 2
        choices: list[tuple[int, int, str, float]] = [
            (right, 4, "start", x + right),
            (left, 4, "end", x + left - long),
        ]
        choices += [(0, dy, "middle", x - half) for dy in (-SYMBOL - 4, SYMBOL + FONT)]
        choices += [
            (right - 4, dy, "start", x + right - 4) for dy in (-SYMBOL - 2, SYMBOL + FONT - 2)
        ]
        choices += [
            (left + 4, dy, "end", x + left + 4 - long) for dy in (-SYMBOL - 2, SYMBOL + FONT - 2)
        ]
        best = min(choices, key=lambda c: _covered(_box(c, y, long), taken, width))
        taken.append(_box(best, y, long))
        offices.append(Office(point, label, x, y, best[0], best[1], best[2]))
    return offices


def _box(choice: tuple[int, int, str, float], y: int, long: int) -> Box:
    _, dy, _, start = choice
    return (start, y + dy - FONT, start + long, y + dy + 3)


def _covered(box: Box, taken: Iterable[Box], width: int) -> float:
    """Return how much of what is taken, and of what lies outside the map, `box` would cover."""
    outside = (max(-box[0], 0) + max(box[2] - width, 0)) * FONT * 3
    return outside + sum(
        max(min(box[2], b[2]) - max(box[0], b[0]), 0)
        * max(min(box[3], b[3]) - max(box[1], b[1]), 0)
        for b in taken
    )
