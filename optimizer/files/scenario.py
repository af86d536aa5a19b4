"""Scenario: a named, short list of changes on an instance, each with author and reason."""

from dataclasses import dataclass

from optimizer.base.words import Text
from optimizer.files.changes import Change


@dataclass(frozen=True)
class Step:
    """One change, who wants it and why; `source` where it is known."""

    change: Change
    author: str
    reason: Text
    source: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the step as plain data."""
        reasons = {"reason_en": self.reason.en, "reason_ja": self.reason.ja}
        return {"change": self.change.text, "author": self.author, **reasons, "source": self.source}


@dataclass(frozen=True)
class Scenario:
    """base: the id of the instance, or of the scenario whose steps come first in `steps`."""

    id: str
    base: str
    name: Text
    steps: tuple[Step, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes in order."""
        return tuple(step.change for step in self.steps)

    def to_json(self) -> dict[str, object]:
        """Return the scenario as plain data."""
        return {
            "id": self.id,
            "base": self.base,
            "name_en": self.name.en,
            "name_ja": self.name.ja,
            "steps": [step.to_json() for step in self.steps],
        }
