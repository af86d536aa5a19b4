"""What an auditor must know of a stored solution."""

from dataclasses import dataclass

from optimizer.base.words import Text


@dataclass(frozen=True)
class Finding:
    """Something amiss: code is one word for machines, message for people.

    file: the file of the solution that is missing, added or altered.
    """

    code: str
    message: Text
    file: str = ""
