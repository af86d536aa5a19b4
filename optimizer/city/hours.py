"""Longer opening hours: what an entry that speaks of them needs of the instance."""

from optimizer.base.errors import Problem
from optimizer.base.words import Text
from optimizer.city.city import City


def hours_problems(instance: City, place: str) -> list[Problem]:
    """Return the fault that the instance offers no longer hours; `place` is what asks for them."""
    if instance.extension is not None:
        return []
    message = Text(
        "the instance offers no longer opening hours", "開庁時間の延長が用意されていない"
    )
    remedy = Text(
        "add a table [extension] with minutes and cost",
        "表 [extension] に minutes と cost を書く",
    )
    return [Problem(message, remedy, "instance.toml", None, place)]
