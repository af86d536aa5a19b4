"""The map of a plan's last year as one SVG picture, for documents."""

from importlib.resources import files
from itertools import pairwise

from jinja2 import Environment

from optimizer.audit.verify import Audit
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.files.areas import Areas
from optimizer.report.links import used_links
from optimizer.report.map.city_map import city_map
from optimizer.report.map.map_data import BOUNDS, mean_ways, modes_by_year, shade
from optimizer.report.map.marks import marks, states

SCHEMATIC = {
    True: Text(
        "Schematic areas, no borders of districts.", "区域は模式図であり、実際の境界ではない。"
    ),
    False: Text("", ""),
    None: Text("A circle is the centre of a district.", "円は校区の中心を示す。"),
}


def map_picture(audit: Audit, areas: Areas | None, lang: str) -> str:
    """Return the map as SVG text in one language. Raises InputError where there are no positions."""
    instance = audit.instance
    modes = modes_by_year(audit)
    city = city_map(instance, areas, modes) if instance.classical is None else None
    if city is None:
        raise refuse(
            Text("there is no map without positions", "位置のないインスタンスに地図はない"),
            Text("leave --map out", "--map を外す"),
            column="--map",
        )
    last = instance.planned[-1]
    means = mean_ways(used_links(audit))
    near = {str(d): means.get((d, last)) for d in instance.districts.index}
    year = instance.name_of("period", last, lang)
    about = Text(
        "The plan in {year}; districts shaded by the mean way of their cases. {areas}",
        "{year}の計画。校区は窓口までの距離(件数による平均)で塗り分け。{areas}",
    )
    heads = Text("way to the counter", "窓口までの距離"), Text("counters", "窓口の形態")
    env = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = files("optimizer.report.page").joinpath("map.svg").read_text("utf-8")
    return env.from_string(template).render(
        lang=lang,
        title=instance.name.say(lang),
        about=about.say(lang, year=year, areas=SCHEMATIC[city.schematic].say(lang)).strip(),
        heads=[head.say(lang) for head in heads],
        map=city,
        marks=marks(instance),
        state={p: states(instance, modes[p])[-1] for p in (o.id for o in city.offices)},
        shades={d: shade(None if m is None else int(m)) for d, m in near.items()},
        steps=[(n, words.say(lang)) for n, words in enumerate(_steps())],
    )


def _steps() -> list[Text]:
    """Return what each shade stands for."""
    km = [bound // 1000 for bound in BOUNDS]
    between = [Text(f"{a}–{b} km", f"{a}～{b}km") for a, b in pairwise(km)]
    first, last = (
        Text(f"up to {km[0]} km", f"{km[0]}km以下"),
        Text(f"over {km[-1]} km", f"{km[-1]}km超"),
    )
    return [first, *between, last]
