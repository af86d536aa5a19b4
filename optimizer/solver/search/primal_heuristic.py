"""Finding good solutions: fix, finish by prices, then set a few places free at a time.

The fixed columns (modes) come from a relaxation in which only they are whole (relax-and-fix:
Pochet, Wolsey, Production Planning by Mixed Integer Programming, 2006, ch. 8); the linear relaxation
of what is left gives prices (`slack_prices.py`), by which the first solution and all better ones are
looked for.
"""

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.model.program import Matrix
from optimizer.solver.search.cuts import Steps, untied
from optimizer.solver.search.neighbourhoods import Neighbourhoods, Reach
from optimizer.solver.search.slack_prices import Prices, price
from optimizer.solver.search.strategic_oscillation import Oscillation
from optimizer.solver.search.subproblems import Asker
from optimizer.solver.search.tuning import TUNING


class PrimalHeuristic:
    """Looks for solutions of the stage of `asker` for some `seconds` or until it is done.

    fixed: columns that are decided first. steps: what each step costs at least. guide: column
    values whose fixed ones are tried first.
    """

    def __init__(
        self,
        asker: Asker,
        fixed: np.ndarray,
        steps: Steps,
        choices: Neighbourhoods,
        seconds: float,
        guide: np.ndarray | None = None,
    ) -> None:
        self.asker, self.incumbent = asker, asker.incumbent
        self.matrix = asker.incumbent.matrix
        self.fixed, self.steps, self.choices = fixed, steps, choices
        self.guide = guide
        self.current, self.cost = self.matrix.lower, self.matrix.cost
        self.seen: int | None = None
        self.until = self.incumbent.seconds + seconds
        self.rounds = self.failures = 0
        self.counts = self.incumbent.settings.nodes > 0
        self.reach = Reach(TUNING.sub_seconds, choices)
        self.quick = Reach(TUNING.quick_seconds, choices)

    def run(self) -> None:
        """Find a first solution unless there is one, then improve it."""
        if self.incumbent.best is None:
            self._first()
        if self.incumbent.best is not None and not self.incumbent.done():
            self._go_to(self.incumbent.best)
            self._improve()

    def _first(self) -> None:
        """Keep the modes of a relaxation and finish; without them, ask for the whole program."""
        incumbent = self.incumbent
        if self.guide is not None:
            self._refit(self.guide)
            if incumbent.best is None and not incumbent.done():
                self._finish(self._kept(self.guide))
        guide = None if incumbent.best is not None or incumbent.done() else self._relaxed()
        if guide is not None and not incumbent.done():
            self._finish(self._kept(guide))
        if incumbent.best is None and not incumbent.done():
            self._finish(self.matrix)

    def _refit(self, guide: np.ndarray) -> None:
        """Keep the modes and links of `guide` and settle the rest anew, if that can be done."""
        held = _held(self.matrix, guide, self.fixed | self.choices.links)
        limit = self.incumbent.left * TUNING.first_share
        found = self.asker.ask("first", held, limit, None, None, TUNING.refit_gap)
        if found.values is not None:
            self.incumbent.take(found.values)

    def _relaxed(self) -> np.ndarray | None:
        """Return column values of the relaxation in which only the fixed columns are whole."""
        if not self.asker.takes_shares or self.fixed.all() or not self.fixed.any():
            return None
        limit, loose = self.incumbent.left * TUNING.guide_share, untied(self.matrix, self.choices)
        answer = self.asker.ask(
            "relaxation", loose, limit, None, ~self.fixed, TUNING.guide_gap, whole=True
        )
        if answer.values is None or answer.value is None or answer.bound is None:
            return answer.values
        near = answer.value - answer.bound <= 2 * TUNING.guide_gap * abs(answer.value)
        return answer.values if near else self._better(loose, answer.values, answer.value, limit)

    def _better(self, matrix: Matrix, guide: np.ndarray, value: int, seconds: float) -> np.ndarray:
        """Improve the solution of the relaxation by setting some of its fixed columns free at a time:
        what an engine alone is slow at, and cheap here, because little is whole.
        """
        incumbent, misses = self.incumbent, 0
        until = incumbent.seconds + seconds
        while misses < TUNING.guide_misses and not incumbent.done():
            if not self.counts and incumbent.seconds > until:
                break
            free = self.choices.pick_fixed(TUNING.guide_size) | ~self.fixed
            held = _held(matrix, guide, ~free)
            answer = self.asker.ask(
                "relaxation", held, TUNING.sub_seconds, None, ~self.fixed, TUNING.guide_gap
            )
            misses += 1
            if answer.values is not None and answer.value is not None and answer.value < value:
                guide, value, misses = answer.values, answer.value, 0
        return guide

    def _kept(self, values: np.ndarray) -> Matrix:
        return _held(self.matrix, values, self.fixed)

    def _finish(self, matrix: Matrix) -> None:
        """Find a solution of `matrix` by prices, among as few of its links as will do."""
        incumbent = self.incumbent
        prices = price(self.asker, matrix, incumbent.left * TUNING.guide_share)
        priced = matrix if prices is None else matrix._replace(cost=prices.cost, offset=0)
        found = None
        for upper in _kernels(matrix, prices, self.choices.links):
            few = priced._replace(upper=upper)
            limit = incumbent.left * TUNING.first_share
            found = self.asker.ask("first", few, limit, None, None, TUNING.first_gap).values
            if found is not None or incumbent.done():
                break
        if found is not None:
            incumbent.take(found)

    def _improve(self) -> None:
        """Set free and re-solve one neighbourhood after the other, by prices; where that no longer
        helps, for the lead cost alone; then ask for less of it.
        """
        incumbent, idle = self.incumbent, 0
        while self._goes_on():
            if incumbent.best is not None and incumbent.value != self.seen:
                self._go_to(incumbent.best)  # another search found better
            before = incumbent.value
            if idle >= TUNING.quick_idle:
                self._quickly()
            if idle < TUNING.idle:
                self._step(self.cost, TUNING.sub_gap, self.reach)
            else:
                self._squeeze()
            idle = 0 if incumbent.value != before or idle >= TUNING.idle else idle + 1

    def _quickly(self) -> None:
        """Solve neighbourhoods for the lead cost (staff) alone, which often takes no time: all its
        steps are alike, so that the bound of the root tells that none can be saved.
        """
        for _ in range(TUNING.quick if self.steps.possible else 0):
            if self._goes_on():
                self._step(self.steps.price, 0.0, self.quick)

    def _goes_on(self) -> bool:
        """Count one more neighbourhood; return whether there is time for it."""
        self.rounds += 1
        if self.counts:
            return not self.incumbent.done() and self.rounds <= TUNING.rounds
        return not self.incumbent.done() and self.incumbent.seconds < self.until

    def _step(self, cost: np.ndarray, gap: float, reach: Reach) -> None:
        """Solve one neighbourhood for `cost`: what it finds is kept if it is better, or, by prices,
        as good.
        """
        free = self.choices.pick(self.current, round(reach.size))
        whole = self.matrix._replace(cost=cost, offset=0)
        part, columns = whole.around(self.current, free)
        hint = self.current[columns]
        values = self._part(part, hint, gap, reach)
        if values is None or part.value(values) > part.value(hint):
            return
        found = self.current.copy()
        found[columns] = values
        if self.incumbent.take(found) or cost is self.cost:
            self._go_to(found)

    def _part(self, part: Matrix, hint: np.ndarray, gap: float, reach: Reach) -> np.ndarray | None:
        """Return a solution of a neighbourhood; None if none is found in time. An engine may fail
        on some of them.
        """
        incumbent = self.incumbent
        limit = min(reach.seconds, incumbent.settings.time_limit * TUNING.sub_share)
        before = incumbent.seconds
        try:
            values = self.asker.ask("neighbourhood", part, limit, hint, None, gap).values
            self.failures = 0
        except EngineError:
            self.failures += 1
            if self.failures >= TUNING.failures:
                raise
            return None
        if not self.counts:
            reach.adapt((incumbent.seconds - before) / limit)
        return values

    def _squeeze(self) -> None:
        """Look for a solution with the same fixed columns in which one step costs less."""
        incumbent, best = self.incumbent, self.incumbent.best
        assert best is not None
        squeeze = self._squeezed(best)
        if squeeze is None or not squeeze.begin(self._ask_squeezed):
            return
        value, idle = incumbent.value, 0
        while squeeze.over > 0 and idle < TUNING.squeeze_idle and self._goes_on():
            if incumbent.value != value:  # another search found better
                return
            incumbent.tell("squeeze")
            scale = self.choices.random.uniform(TUNING.squeeze_smallest, TUNING.squeeze_largest)
            size = round(self.reach.size * scale)
            shaken = idle % TUNING.shake_every == TUNING.shake_every - 1
            idle = 0 if squeeze.lower(self._ask_squeezed, size, shaken) else idle + 1
        if squeeze.over == 0 and incumbent.take(squeeze.plan):
            self._go_to(squeeze.plan)

    def _squeezed(self, best: np.ndarray) -> Oscillation | None:
        """Return a program in which a step costs less than in `best`, one that may be possible."""
        steps = self.steps
        for step in self.choices.random.permutation(steps.numbers if steps.possible else []):
            less = steps.spent(step, best) - int(steps.price[steps.price > 0].min())
            if steps.need(self.asker, step, steps.chosen(step, best), less) is None:
                squeeze = Oscillation(self.matrix, steps.price, self.choices, best, int(step))
                return squeeze if squeeze.possible else None
        return None

    def _ask_squeezed(self, part: Matrix, hint: np.ndarray) -> np.ndarray | None:
        return self._part(part, hint, TUNING.squeeze_gap, self.reach)

    def _go_to(self, values: np.ndarray) -> None:
        """Make `values` the solution to improve; prices are those of its fixed columns."""
        moved = self.seen is None or bool((values != self.current)[self.fixed].any())
        self.current, self.seen = values, self.incumbent.value
        if moved:
            prices = price(self.asker, self._kept(values), self.incumbent.left * TUNING.guide_share)
            self.cost = self.matrix.cost if prices is None else prices.cost


def _held(matrix: Matrix, values: np.ndarray, held: np.ndarray) -> Matrix:
    """Return the program in which the columns marked in `held` stay at `values`."""
    lower = np.where(held, values, matrix.lower)
    upper = np.where(held, values, matrix.upper)
    return matrix._replace(lower=lower, upper=upper)


def _kernels(matrix: Matrix, prices: Prices | None, links: np.ndarray) -> list[np.ndarray]:
    """Return upper bounds of the columns that leave fewer or more links open: first those that the
    relaxation uses, then those that are cheap by its prices, then all (kernel search: Angelelli,
    Mansini, Speranza, Computers & Operations Research 37, 2010).
    """
    if prices is None:
        return [matrix.upper]
    used = prices.shares > 1e-6
    dear = np.median(prices.reduced[links & ~used]) if (links & ~used).any() else 0.0
    sets = [used, used | (prices.reduced <= dear)]
    return [np.where(links & ~s, matrix.lower, matrix.upper) for s in sets] + [matrix.upper]
