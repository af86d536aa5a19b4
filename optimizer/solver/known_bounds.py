"""What was proved of one instance, for the solves of others like it.

A sweep, a price or a what-if asks for hundreds of solves of nearly one model. Where an instance leaves
no more room than one solved before, that one's bound holds for it as well (`restricts`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from optimizer.model.build import Model, build
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome
from optimizer.solver.number_limits import within_doubles
from optimizer.solver.restriction import restricts
from optimizer.solver.search.bound_transfer import TransferredBound


@dataclass(frozen=True, eq=False)
class KnownBound:
    """A claim about the first objective of `instance`: a bound, None if it has no plan at all.

    divided: a bound that holds even if districts could be divided, where known.
    """

    instance: Instance
    bound: int | None
    divided: int | None = None

    @classmethod
    def of(cls, instance: Instance, outcome: Outcome | None) -> "tuple[KnownBound, ...]":
        """Return what the outcome of a solve of `instance` claims; () if that is nothing."""
        stage = outcome.stages[0] if outcome else None
        if stage is None or stage.objective != instance.objectives[0].id:
            return ()
        if stage.settled(stage.value).contradiction is not None:
            return ()
        if stage.status == "infeasible":
            return (cls(instance, None),)
        return () if stage.bound is None else (cls(instance, stage.bound, stage.divided),)

    @cached_property
    def model(self) -> Model:
        """The model that the claim is about, built once."""
        with within_doubles():
            return build(self.instance)


def carried(model: Model, proved: Iterable[KnownBound]) -> tuple[TransferredBound, ...]:
    """Return what of `proved` holds for the first objective of `model`."""
    found = []
    for one in proved:
        if one.instance.objectives[0].id != model.instance.objectives[0].id:
            continue
        wide = one.model
        dearer = restricts(model.program, model.objectives[0], wide.program, wide.objectives[0])
        if dearer is not None:
            found.append(TransferredBound(one.bound, one.divided, dearer))
    return tuple(found)
