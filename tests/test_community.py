"""Community support: quota and minimum never contradict each other."""

from dataclasses import replace

import pandas as pd

from optimizer.community import enough, headcount
from optimizer.example import town


def test_enough_waits_until_quota_and_minimum_fit_together():
    """With one large room and three small ones the sum of the minimums is not enough."""
    base = town()
    rooms = pd.Index(["R1", "R2", "R3", "R4"], name="room")
    sizes = [9, 1, 1, 1]
    homes = [room for room, size in zip(rooms, sizes, strict=True) for _ in range(size)]
    districts = pd.concat([base.districts.head(1)] * 12).set_axis(
        pd.Index([f"E{n}" for n in range(12)], name="district")
    )
    city = replace(
        base,
        districts=districts.assign(room=homes),
        rooms=pd.DataFrame({"name": "room", "ward": "A"}, index=rooms),
    )
    minimum = pd.Series([3, 1, 1, 1], index=rooms)
    needed = enough(city, minimum)
    assert needed > int(minimum.sum())
    for total in range(needed, headcount(city) + 1):
        low = [max(total * d // 12, m) for d, m in zip(sizes, minimum, strict=True)]
        high = [max(-(-total * d // 12), m) for d, m in zip(sizes, minimum, strict=True)]
        assert sum(low) <= total <= sum(high)
