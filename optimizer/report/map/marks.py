"""What a mode looks like: a shape, a colour and its name; no two look alike without the colour."""

from dataclasses import dataclass

from optimizer.base.words import Text
from optimizer.model.instance import Instance

SHAPES = (
    "M-7-7H7V7H-7Z",  # square
    "M0-7.5A7.5 7.5 0 1 1 0 7.5A7.5 7.5 0 1 1 0-7.5Z",  # circle
    "M0-8.5L8.5 6.5H-8.5Z",  # triangle
    "M0-9L9 0 0 9-9 0Z",  # diamond
    "M0-8.5L8.1-2.6 5 6.9H-5L-8.1-2.6Z",  # pentagon
    "M-4.2-7.5H4.2L8.5 0 4.2 7.5H-4.2L-8.5 0Z",  # hexagon
    "M0 8.5L8.5-6.5H-8.5Z",  # triangle, point down
    "M-3-8H3V-3H8V3H3V8H-3V3H-8V-3H-3Z",  # plus
    "M0-9L2.4-3.2 8.6-2.8 3.8 1.2 5.3 7.3 0 4-5.3 7.3-3.8 1.2-8.6-2.8-2.4-3.2Z",  # star
)
COLOURS = (
    "#12305c",
    "#0b5fa5",
    "#00705a",
    "#b34700",
    "#6a3d9a",
    "#7a4a12",
    "#a3195b",
    "#b3121d",
    "#4a4a4a",
)
CLOSED = "M-6-6L6 6M6-6L-6 6"


@dataclass(frozen=True)
class Mark:
    """The look of a mode. closed: a cross of lines, not a filled shape."""

    name: Text
    path: str
    colour: str
    closed: bool = False


GONE = Mark(Text("closed", "廃止"), CLOSED, "#5a5a5a", True)


def marks(instance: Instance) -> dict[str, Mark]:
    """Return the mark of every mode that somebody runs, and under "closed" that of a counter gone.

    A tenth open mode has the shape of the first in another colour; its name tells them apart.
    """
    found = {}
    for number, mode in enumerate(m for m in instance.modes.index if m in instance.open_modes):
        shape = SHAPES[number % len(SHAPES)]
        colour = COLOURS[(number + number // len(SHAPES)) % len(COLOURS)]
        name = Text(*(instance.name_of("mode", mode, lang) for lang in ("en", "ja")))
        found[str(mode)] = Mark(name, shape, colour)
    return {**found, "closed": GONE}


def states(instance: Instance, modes: list[str]) -> list[str | None]:
    """Return what a counter with these modes, from today on, shows each year.

    An open mode shows itself; where nobody runs it, "closed" after it was open, else None.
    """
    shown: list[str | None] = []
    for mode in modes:
        ever = any(state is not None for state in shown)
        shown.append(mode if mode in instance.open_modes else "closed" if ever else None)
    return shown
