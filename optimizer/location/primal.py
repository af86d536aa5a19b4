"""Good solutions of a location problem: open the best sites, then add, drop and swap.

A swap closes one open site and opens another; gains of all swaps are worked out at once from
each customer's nearest and second nearest open site (Whitaker, INFOR 21, 1983; in the form of
Resende and Werneck, European Journal of Operational Research 174, 2006).
"""

from dataclasses import dataclass

import numpy as np

FAR = 2**40
"""Stands for the cost of a link that is not there while solutions are compared."""


@dataclass(eq=False)
class Local:
    """A set of open sites that moves downhill. cost: (customers, sites), FAR where no link is."""

    cost: np.ndarray
    fixed: np.ndarray
    least: int
    most: int
    can_close: np.ndarray

    def value(self, opened: np.ndarray) -> int:
        """Return the cost of opening `opened` and sending everybody to the nearest."""
        return int(self.cost[:, opened].min(axis=1).sum() + self.fixed[opened].sum())

    def descend(self, opened: np.ndarray) -> tuple[np.ndarray, int]:
        """Return the open sites and cost after the best moves, one at a time, while they pay."""
        opened = opened.copy()
        value = self.value(opened)
        while True:
            gain, shut, run = self._best_move(opened)
            if gain <= 0:
                return opened, value
            if shut >= 0:
                opened[shut] = False
            if run >= 0:
                opened[run] = True
            value -= gain

    def _best_move(self, opened: np.ndarray) -> tuple[int, int, int]:
        """Return (gain, site to close or -1, site to open or -1)."""
        sites = np.flatnonzero(opened)
        here = self.cost[:, sites]
        rows = np.arange(len(here))
        first = here.argmin(axis=1)
        nearest = here[rows, first]
        if len(sites) > 1:
            held = here.copy()
            held[rows, first] = FAR * 2
            second = held.min(axis=1)
        else:
            second = np.full(len(here), FAR * 2)
        loss = np.bincount(first, weights=(second - nearest), minlength=len(sites)).astype(np.int64)
        loss = loss - self.fixed[sites]
        outside = np.flatnonzero(~opened)
        moves = []
        removable = self.can_close[sites]
        if len(sites) > max(self.least, 1) and removable.any():
            n = int(np.where(removable, loss, 2**60).argmin())
            moves.append((-int(loss[n]), int(sites[n]), -1))
        if len(outside):
            away = self.cost[:, outside]
            saved = np.maximum(nearest[:, None] - away, 0)
            gain = saved.sum(axis=0) - self.fixed[outside]
            if len(sites) < self.most:
                n = int(gain.argmax())
                moves.append((int(gain[n]), -1, int(outside[n])))
            if removable.any():
                # what closing r costs less because the new site catches r's customers
                caught = np.minimum(second[:, None], away) - nearest[:, None]
                caught = (second - nearest)[:, None] - np.maximum(caught, 0)
                extra = np.zeros((len(sites), len(outside)), dtype=np.int64)
                order = np.argsort(first, kind="stable")
                starts = np.searchsorted(first[order], np.arange(len(sites)))
                filled = np.bincount(first, minlength=len(sites)) > 0
                extra[filled] = np.add.reduceat(caught[order], starts[filled], axis=0)
                net = gain[None, :] - loss[:, None] + extra
                net[~removable] = -(2**60)
                shut, run = divmod(int(net.argmax()), net.shape[1])
                moves.append((int(net[shut, run]), int(sites[shut]), int(outside[run])))
        return max(moves, default=(0, -1, -1))

    def greedy(self) -> np.ndarray:
        """Return sites opened one after the other, each the one that saves most."""
        opened = ~self.can_close
        nearest = self.cost[:, opened].min(axis=1) if opened.any() else np.full(len(self.cost), FAR)
        while opened.sum() < self.most:
            saved = np.maximum(nearest[:, None] - self.cost, 0).sum(axis=0) - self.fixed
            saved[opened] = -(2**60)
            best = int(saved.argmax())
            enough = opened.sum() >= max(self.least, 1)
            if (enough and saved[best] <= 0) or opened.all():
                break
            opened[best] = True
            nearest = np.minimum(nearest, self.cost[:, best])
        return opened
