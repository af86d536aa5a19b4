"""Whether the numbers of a program are small enough for the engine that is to solve it."""

from optimizer.algebra import Affine
from optimizer.program import Matrix, Program


def checked(program: Program, objective: Affine, name: str) -> Matrix:
    """Return the matrix of `program` under the objective called `name`."""
    return program.matrix(objective)
