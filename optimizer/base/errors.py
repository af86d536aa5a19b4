"""Everything that can be wrong with what a user gives, said so that it can be repaired."""

from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.base.words import Text


@dataclass(frozen=True)
class Problem:
    """One fault in the input: what, where, and what to do about it."""

    message: Text
    remedy: Text
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def place(self, lang: str) -> str:
        """Return file, row, column and value as one phrase in `lang`."""
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"{self.row}行目" if lang == "ja" else f"row {self.row}")
        if self.column:
            parts.append(f"列 {self.column}" if lang == "ja" else f"column {self.column}")
        if self.value:
            parts.append(f"値 「{self.value}」" if lang == "ja" else f"value {self.value!r}")
        return ("、" if lang == "ja" else ", ").join(parts)

    def say(self, lang: str) -> str:
        """Return the whole fault as one line in `lang`."""
        place = self.place(lang)
        return f"{place}: {self.message.say(lang)} → {self.remedy.say(lang)}".removeprefix(": ")


class InputError(Exception):
    """The input cannot be used; carries every `Problem` found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.say("en") for problem in self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[Problem, ...]]]:
        """Return how to make it anew, for the process that asked."""
        return type(self), (self.problems,)


class EngineError(Exception):
    """An engine is missing, crashed, or answered something that does not hold."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message.en)

    def __reduce__(self) -> tuple[type["EngineError"], tuple[Text]]:
        """Return how to make it anew, for the process that asked."""
        return type(self), (self.message,)


def refuse(message: Text, remedy: Text, **place: object) -> InputError:
    """Return an `InputError` with a single `Problem`; `place` holds file, row, column, value."""
    return InputError([Problem(message, remedy, **place)])  # type: ignore[arg-type]
