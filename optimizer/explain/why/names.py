"""From what people call a district, a counter or a mode to its id."""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import LABELS, LANGUAGES, Text
from optimizer.model.instance import Instance

SUFFIXES = {"district": ("校区", "小学校区")}
"""What people add to a name."""

NEAR = 6
"""Near names that are listed."""


def find(instance: Instance, label: str, text: str, place: str = "") -> str:
    """Return the id of the district, point, service or ward that people call `text`.

    Raises InputError with near names where there is none, or more than one; `place` says where
    the text was given.
    """
    known = called(instance, label, ids(instance, label))
    wanted = [plain(text), *(plain(text).removesuffix(s) for s in SUFFIXES.get(label, ()))]
    found = {i for i, names in known.items() if names & {w for w in wanted if w}}
    exact = {i for i in found if plain(i) == wanted[0]}
    if len(exact or found) == 1:
        return (exact or found).pop()
    raise _unclear(instance, label, text, found, known, place)


def find_modes(instance: Instance, point: str, text: str, place: str = "") -> tuple[str, ...]:
    """Return the modes of the kind of `point` that `text` names: `a|b` is either; a word that is
    part of several ids ("branch") is any of those. Raises InputError with the modes there are.
    """
    modes = instance.kinds[instance.points["kind"][point]]
    known = called(instance, "mode", modes)
    chosen: dict[str, None] = {}
    for part in text.split("|"):
        word = plain(part)
        found = [m for m in modes if word in known[m]]
        found = found or [m for m in modes if word and word in m.split("_")]
        if not found:
            raise _no_mode(instance, point, modes, text, place)
        chosen.update(dict.fromkeys(found))
    return tuple(m for m in modes if m in chosen)


def ids(instance: Instance, label: str) -> list[str]:
    """Return everything there is of a label."""
    if label == "ward":
        return sorted({*instance.districts["ward"], *instance.points["ward"]} - {""})
    if label == "kind":
        return list(instance.kinds)
    table = {
        "district": instance.districts,
        "point": instance.points,
        "service": instance.services,
    }[label]
    return [str(i) for i in table.index]


def called(instance: Instance, label: str, some: Iterable[str]) -> dict[str, set[str]]:
    """Return the id and every name of each of `some`, in one spelling."""
    return {i: {plain(i), *(plain(_name(instance, label, i, x)) for x in LANGUAGES)} for i in some}


def plain(text: str) -> str:
    """Return `text` as it is compared: full-width and half-width, and case, are one."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def near(text: str, known: Mapping[str, set[str]]) -> list[str]:
    """Return the ids with names near to `text`: those that contain it, then those spelt alike."""
    word = plain(text)
    parts = [i for i, names in known.items() if any(word in n or n in word for n in names)]
    spelt = {name: i for i, names in known.items() for name in names}
    alike = [spelt[name] for name in get_close_matches(word, spelt, NEAR, 0.5)]
    return list(dict.fromkeys([*parts, *alike]))[:NEAR]


def _name(instance: Instance, label: str, i: str, lang: str) -> str:
    if label == "kind":
        return instance.kind_names[i].say(lang)
    return instance.name_of(label, i, lang)


def _listed(instance: Instance, label: str, some: Iterable[str]) -> Text:
    told = []
    for lang in LANGUAGES:
        names = [(i, _name(instance, label, i, lang)) for i in some]
        told.append(", ".join(i if i == name else f"{i} {name}" for i, name in names))
    return Text(*told)


def _unclear(
    instance: Instance,
    label: str,
    text: str,
    found: set[str],
    known: Mapping[str, set[str]],
    place: str,
) -> InputError:
    what = KINDS if label == "kind" else LABELS[label]
    if found:
        message = Text(f"several {what.en}s have this name", f"この名前の{what.ja}が複数ある")
        told = _listed(instance, label, sorted(found))
        remedy = Text(f"give the id: {told.en}", f"idで指定する: {told.ja}")
        return refuse(message, remedy, column=place, value=text)
    message = Text(f"no such {what.en}", f"該当する{what.ja}がない")
    told = _listed(instance, label, near(text, known) or list(known)[:NEAR])
    remedy = Text(f"near names: {told.en}", f"近い名前: {told.ja}")
    return refuse(message, remedy, column=place, value=text)


KINDS = Text("kind of counter", "窓口の種別")


def _no_mode(
    instance: Instance, point: str, modes: Iterable[str], text: str, place: str
) -> InputError:
    told = _listed(instance, "mode", modes)
    names = [instance.name_of("point", point, lang) for lang in LANGUAGES]
    return refuse(
        Text(f"{names[0]} has no such mode", f"{names[1]}にその形態はない"),
        Text(f"one of: {told.en}", f"次のいずれか: {told.ja}"),
        column=place,
        value=text,
    )
