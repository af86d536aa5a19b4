"""The CSV tables of an instance: their columns, what each holds, and their keys."""

from optimizer.files.tables import Column


def _columns(*words: str) -> list[Column]:
    """Return columns from words such as "lat:degrees".

    A question mark allows blank cells, an asterisk also leaving out the whole column.
    """
    split = (word.rstrip("?*").partition(":") for word in words)
    return [
        Column(name, kind, word[-1] in "?*", word.endswith("*"))
        for (name, _, kind), word in zip(split, words, strict=True)
    ]


#       file: its columns, its key
TABLES: dict[str, tuple[list[Column], list[str]]] = {
    "districts.csv": (
        _columns(
            "district_id:id",
            "name:text",
            "ward:id",
            "room_id:id",
            "lat:degrees",
            "lng:degrees",
            "residents:whole",
            "residents65:whole",
            "residents75:whole",
            "residents_origin:text",
            "store_access:flag",
            "store_free_class:text?",
            "note:text?",
        ),
        ["district_id"],
    ),
    "points.csv": (
        _columns(
            "point_id:id",
            "name:text",
            "kind:id",
            "ward:id?",
            "lat:degrees?",
            "lng:degrees?",
            "mode_today:id",
            "position_origin:text",
            "site_cost:whole*",
            "capacity:whole*",
            "note:text?",
        ),
        ["point_id"],
    ),
    "rooms.csv": (
        _columns(
            "room_id:id",
            "name:text",
            "ward:id",
            "lat:degrees",
            "lng:degrees",
            "position_origin:text",
            "note:text?",
        ),
        ["room_id"],
    ),
    "office_distances.csv": (
        _columns(
            "point_id:id", "other_id:id", "metres:whole", "origin:text", "forced:flag", "note:text?"
        ),
        ["point_id", "other_id"],
    ),
    "travel.csv": (
        _columns(
            "district_id:id",
            "point_id:id",
            "straight_metres:whole?",
            "stated_metres:whole?",
            "origin:id",
        ),
        ["district_id", "point_id"],
    ),
    "neighbours.csv": (
        _columns("district_id:id", "other_id:id", "note:text*"),
        ["district_id", "other_id"],
    ),
}

OPTIONAL = {"neighbours.csv"}
"""Tables that an instance may lack."""
