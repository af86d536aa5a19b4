"""0/1 knapsacks: many at once in floating point, and one at a time, exactly, in integers.

Many at once: items in order of profit per weight; what the bound of the linear relaxation settles is
settled, the rest is tabulated by capacity (Martello and Toth, Knapsack Problems, 1990, ch. 2).
"""

from collections.abc import Iterable

import numpy as np

EPSILON = 1e-7
"""A float this close to another is the same."""


def pack(
    profit: np.ndarray, weight: np.ndarray, capacity: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best value of every knapsack and what it takes, as bools.

    profit: (knapsacks, items) floats; what brings nothing is not taken. weight: per item, integers.
    capacity: per knapsack, integers.
    """
    order = np.argsort(-profit / np.maximum(weight, EPSILON), axis=1)
    gain = np.maximum(np.take_along_axis(profit, order, 1), 0)
    width = max(int((gain > 0).sum(axis=1).max()), 1)
    order, gain = order[:, :width], gain[:, :width]
    size = np.where(gain > 0, weight[order], 0)
    held, core = _settled(gain, size, capacity)
    value = np.where(held, gain, 0.0).sum(axis=1)
    room = capacity - np.where(held, size, 0).sum(axis=1)
    count = int(core.sum(axis=1).max(initial=0))
    if count:
        place = np.argsort(~core, axis=1, kind="stable")[:, :count]
        inside = np.take_along_axis(core, place, 1)
        more, chosen = _tabulated(
            np.where(inside, np.take_along_axis(gain, place, 1), 0.0),
            np.where(inside, np.take_along_axis(size, place, 1), 0),
            room,
        )
        value = value + more
        row, column = np.nonzero(chosen & inside)
        held[row, place[row, column]] = True
    taken = np.zeros(profit.shape, dtype=bool)
    np.put_along_axis(taken, order, held, axis=1)
    return value, taken


def _settled(
    gain: np.ndarray, size: np.ndarray, capacity: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which items are in every best solution, and which may be in or out.

    gain, size: (knapsacks, items), the most profitable per weight first.
    """
    rows, width = np.arange(len(gain)), gain.shape[1]
    sizes, gains = size.cumsum(axis=1), gain.cumsum(axis=1)
    count = (sizes <= capacity[:, None]).sum(axis=1)  # what fits in order
    whole, next_one = count == width, np.minimum(count, width - 1)
    first = np.arange(width) < count[:, None]
    base = np.where(count > 0, gains[rows, count - 1], 0.0)
    room = capacity - np.where(count > 0, sizes[rows, count - 1], 0)
    rate = np.where(whole, 0, gain[rows, next_one] / np.maximum(size[rows, next_one], EPSILON))
    upper = base + room * rate
    fits = ~first & (size <= room[:, None])
    added = np.where(fits, gain, 0.0).max(axis=1)
    makes_room = first & (room[:, None] + size >= size[rows, next_one][:, None])
    swapped = np.where(makes_room, gain[rows, next_one][:, None] - gain, 0.0).max(axis=1)
    lower = base + np.maximum(added, np.where(whole, 0.0, swapped))
    loss = np.abs(gain - rate[:, None] * size)  # of deciding an item otherwise
    core = (loss <= (upper - lower)[:, None] + EPSILON) & (gain > 0) & ~whole[:, None]
    return first & (gain > 0) & ~core, core


def _tabulated(
    gain: np.ndarray, size: np.ndarray, room: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best value and choice of every knapsack by a table over its room."""
    knapsacks, items = gain.shape
    room = np.minimum(room, size.sum(axis=1))
    most, widest = int(room.max()), int(size.max())
    table = np.full((knapsacks, widest + most + 1), -np.inf)  # what would not fit falls to the left
    table[:, widest:] = 0.0
    flat, rows = table.ravel(), np.arange(knapsacks)
    here = (rows * table.shape[1])[:, None] + widest + np.arange(most + 1)
    place, with_it = np.empty_like(here), np.empty(here.shape)
    better = np.empty((items, knapsacks, most + 1), dtype=bool)
    for item in range(items):
        np.subtract(here, size[:, item, None], out=place)
        np.take(flat, place, out=with_it, mode="clip")
        with_it += gain[:, item, None]
        np.greater(with_it, table[:, widest:], out=better[item])
        np.maximum(with_it, table[:, widest:], out=table[:, widest:])
    value, chosen = table[rows, widest + room], np.zeros(gain.shape, dtype=bool)
    for item in range(items - 1, -1, -1):
        chosen[:, item] = better[item, rows, room]
        room = room - np.where(chosen[:, item], size[:, item], 0)
    return value, chosen


class Exact:
    """One knapsack in integers: the best value, and what it is with an item in or out.

    profit, weight: per item. best: the value with everything free.
    """

    def __init__(self, profit: np.ndarray, weight: np.ndarray, capacity: int) -> None:
        self.profit, self.weight, self.capacity = profit, weight, capacity
        every = range(len(profit))
        self._before = self._table(every)
        self.after = self._table(reversed(every))[::-1]
        self.best = int(self.after[0, capacity])

    def _table(self, items: Iterable[int]) -> np.ndarray:
        """Return, per number of `items` looked at and per room, the best value: (items + 1, room + 1)."""
        table = np.zeros((len(self.profit) + 1, self.capacity + 1), dtype=np.int64)
        for row, item in enumerate(items, start=1):
            table[row], weight = table[row - 1], int(self.weight[item])
            if self.profit[item] > 0 and weight <= self.capacity:
                left = table[row - 1, : self.capacity + 1 - weight] + self.profit[item]
                np.maximum(table[row, weight:], left, out=table[row, weight:])
        return table

    def with_each(self) -> np.ndarray:
        """Return, per item, the best value with it in; very small where it does not fit."""
        values = np.full(len(self.profit), -(2**60))
        for item, weight in enumerate(self.weight):
            if weight <= self.capacity:
                rest = self._around(item, self.capacity - int(weight))
                values[item] = self.profit[item] + rest
        return values

    def without_each(self) -> np.ndarray:
        """Return, per item, the best value with it out."""
        whole = [self._around(item, self.capacity) for item in range(len(self.profit))]
        return np.array(whole, dtype=np.int64)

    def _around(self, item: int, room: int) -> int:
        """Return the best value of the other items in so much room."""
        return int((self._before[item, : room + 1] + self.after[item + 1, room::-1]).max())
