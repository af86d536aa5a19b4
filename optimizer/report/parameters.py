"""The values of a constraint entry in words: with units, and with names in place of ids."""

from optimizer.base.words import COST_ITEMS, GROUPS, UNITS, Text, kind_of_value
from optimizer.model.instance import Constraint, Instance
from optimizer.model.parameters import REFERENCES
from optimizer.model.where import Where

_NOTHING, _YES, _NO = Text("not given", "指定なし"), Text("true", "はい"), Text("false", "いいえ")


def parameter_texts(instance: Instance, entry: Constraint, lang: str) -> list[str]:
    """Return `name=value` for every parameter of `entry` and every part of its `where`.

    The names are those of instance.toml, because `--set` takes them.
    """
    texts = []
    for name, field in entry.parameters().items():
        value = getattr(entry, name)
        what = REFERENCES.get(field.description or "")
        if what is not None:
            texts.append(f"{name}={names_of(instance, what, value, lang)}")
        else:
            texts.append(f"{name}={_amount(value, field.description, lang)}")
    for name in Where.model_fields:
        chosen = getattr(entry.where, name)
        if chosen:
            texts.append(f"where.{name}={names_of(instance, name.removesuffix('s'), chosen, lang)}")
    return texts


def names_of(instance: Instance, what: str, ids: object, lang: str) -> str:
    """Return what people call the one or several `ids` of kind `what`."""
    several = ids if isinstance(ids, tuple) else (ids,)
    if what == "kind":
        names = [instance.kind_names.get(i, Text(i, i)).say(lang) for i in several]
    else:
        names = [instance.name_of(what, i, lang) for i in several]
    return " / ".join(names) or _NOTHING.say(lang)


def _amount(value: object, description: str | None, lang: str) -> str:
    if isinstance(value, bool):
        return (_YES if value else _NO).say(lang)
    if isinstance(value, tuple):
        return " / ".join(_amount(v, description, lang) for v in value) or _NOTHING.say(lang)
    if isinstance(value, str) and value in GROUPS | COST_ITEMS:
        return (GROUPS | COST_ITEMS)[value].say(lang)
    if not isinstance(value, int):
        return str(value)
    unit = description or ""
    if unit not in UNITS and unit != "districts":
        return f"{value:,}"
    return f"{value:,}{kind_of_value(unit, lang)}" if lang == "ja" else f"{value:,} {unit}"
