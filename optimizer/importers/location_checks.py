"""Whether a location problem has what its preset asks for, and fits a program."""

import numpy as np

from optimizer.base.errors import InputError, Problem
from optimizer.base.words import Text
from optimizer.city.city import UNLIMITED
from optimizer.files.presets import Preset
from optimizer.importers.location import NO_WAY, LocationData

MOST_LINKS = 10_000_000
"""Pairs of customer and site that a program may hold; that many take five gigabytes to build."""


def check(location: LocationData, preset: Preset, parts: int, file: str) -> None:
    """Raise InputError where `preset` asks for more than the file has or a program can hold."""
    found = _size(location, preset, parts)
    found = found or _lacking(location, preset)
    found = found or _sums(location, parts)
    if found is not None:
        message, remedy, value = found
        raise InputError([Problem(message, remedy, file, value=value)])


Fault = tuple[Text, Text, str] | None
"""What is wrong, what to do about it, and the value concerned."""


def _size(location: LocationData, preset: Preset, parts: int) -> Fault:
    links = len(location.customers) * len(location.sites) * parts
    if not preset.customers or links <= MOST_LINKS:
        return None
    message = Text(
        f"{links:,} pairs of customer and site would not fit the memory of most machines",
        f"需要地と候補地の組が{links:,}あり、多くの計算機の記憶容量を超える",
    )
    remedy = Text(
        f"give a file with at most {MOST_LINKS:,} pairs (with --parts: fewer parts)",
        f"組が{MOST_LINKS:,}以下のファイルにする(--parts は小さくする)",
    )
    return message, remedy, ""


def _lacking(location: LocationData, preset: Preset) -> Fault:
    alone = (location.cost == NO_WAY).all(axis=1)
    if preset.between and location.between is None:
        message = Text(
            "the file has no distances between sites", "候補地どうしの距離がファイルにない"
        )
        remedy = Text(
            "give one whose sites are its customers, with the same distance both ways",
            "候補地が需要地でもあり、往復の距離が同じファイルにする",
        )
        return message, remedy, ""
    if preset.customers and alone.any():
        message = Text("no site can be reached from this customer", "どの候補地にも届かない需要地")
        remedy = Text("give it a way, or leave it out", "経路を加えるか、その需要地を除く")
        return message, remedy, location.customers[int(np.argmax(alone))]
    if preset.limits_capacity and (location.demand == 0).any():
        message = Text("a customer without demand", "需要のない需要地がある")
        return (
            message,
            Text("leave it out", "除く"),
            location.customers[int(np.argmin(location.demand))],
        )
    return None


def _sums(location: LocationData, parts: int) -> Fault:
    """Sums of costs beyond 2**53 are no longer exact in an engine; demand must stay below UNLIMITED."""
    dearest = location.cost.max(axis=1).astype(object)
    total = int(dearest @ location.weight) + int(location.site_cost.astype(object).sum())
    if total * parts < 2**53 and int(location.demand.sum()) * parts < UNLIMITED:
        return None
    message = Text("the sums of this file pass what stays exact", "合計が正確に扱える範囲を超える")
    return message, Text("round or rescale its numbers", "値を丸めるか単位を変える"), ""
