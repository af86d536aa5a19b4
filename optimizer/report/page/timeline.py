"""The timeline: for every counter that is open at some time, its modes as spans of years."""

from dataclasses import dataclass

from optimizer.audit.verify import Audit
from optimizer.base.words import Text
from optimizer.report.map.map_data import modes_by_year
from optimizer.report.map.marks import states


@dataclass(frozen=True)
class Span:
    """`years` columns in which a counter has one mark; None where it is not open yet."""

    mark: str | None
    years: int


@dataclass(frozen=True)
class Line:
    """One counter: its kind, its name, its spans. changes: whether it has more than one."""

    point: str
    name: str
    kind: Text
    spans: tuple[Span, ...]

    @property
    def changes(self) -> bool:
        """Whether the counter ever changes."""
        return len(self.spans) > 1


def timeline(audit: Audit) -> list[Line]:
    """Return the counters in the order of their kinds."""
    instance, lines = audit.instance, []
    kinds = list(instance.kinds)
    kind = instance.points["kind"]
    modes = modes_by_year(audit)
    for point in sorted(modes, key=lambda p: (kinds.index(kind[p]), p)):
        shown = states(instance, modes[point])
        if not any(shown):
            continue
        spans: list[Span] = []
        for state in shown:
            if spans and spans[-1].mark == state:
                spans[-1] = Span(state, spans[-1].years + 1)
            else:
                spans.append(Span(state, 1))
        words = instance.kind_names.get(kind[point], Text(kind[point], kind[point]))
        name = str(instance.points["name"][point])
        lines.append(Line(point, name, words, tuple(spans)))
    return lines
