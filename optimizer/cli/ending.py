"""How a run of the command line ends: errors become words and exit codes, whoever stopped it."""

import io
import os
import signal
import sys
from typing import Any, NoReturn

import typer
from typer._click.exceptions import BadParameter, MissingParameter, NoSuchOption, UsageError

from optimizer.base.errors import EngineError, InputError, refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.language import LANG


def run(app: typer.Typer) -> NoReturn:
    """Run `app` and end the program with its exit code."""
    as_json = "--json" in sys.argv
    sys.stdout, sys.stderr = Patient.of(sys.stdout), Patient.of(sys.stderr)
    try:
        code = _code(app, as_json)
    except KeyboardInterrupt:  # while an error was being told
        code = output.INTERRUPTED
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the end itself is not interrupted
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(code)


def _code(app: typer.Typer, as_json: bool) -> Any:
    try:
        # Typer answers with a code where it ended the run itself: help, or an interrupt.
        code = app(standalone_mode=False) or output.FINE
    except SystemExit as stop:
        return stop.code
    except UsageError as error:
        error.show()
        if as_json:
            output.print_json(error=output.error_data("usage", _usage(error), hint=HELP))
        return output.BAD_INPUT
    except InputError as error:
        output.tell_problems(error, as_json)
        return output.BAD_INPUT
    except EngineError as error:
        _tell("engine", error.message, as_json)
        return output.ENGINE
    except OSError as error:  # a path that no file system takes, a disk that fails
        message = Text(*[f"{error.strerror}: {error.filename}"] * 2)
        remedy = Text(
            "check the path, its permissions and the disk", "パス、権限、空き容量を確かめる"
        )
        output.tell_problems(refuse(message, remedy), as_json)
        return output.BAD_INPUT
    if code == output.INTERRUPTED:
        _tell("interrupted", Text("interrupted", "中断した"), as_json)
    return code


HELP = Text("see --help", "--help を参照")


def _usage(error: UsageError) -> Text:
    """Return what is wrong with the usage; the parser speaks English, its kinds of error are known."""
    told = error.format_message()
    kinds = {
        MissingParameter: "必要な引数がない",
        BadParameter: "引数の値が正しくない",
        NoSuchOption: "そのオプションはない",
    }
    ja = next((text for kind, text in kinds.items() if isinstance(error, kind)), "使い方の誤り")
    return Text(told, f"{ja}({told})")


def _tell(code: str, message: Text, as_json: bool) -> None:
    if as_json:
        output.print_json(error=output.error_data(code, message))
    else:
        output.tell(message.say(LANG))


class Patient(io.TextIOWrapper):
    """A stream whose reader may leave (`| head`): what is then still written goes nowhere."""

    @classmethod
    def of(cls, stream: Any) -> "Patient":
        """Return `stream` in UTF-8 and patient; the old one is used up."""
        lines, through = stream.line_buffering, stream.write_through
        return cls(stream.detach(), "utf-8", "replace", None, lines, through)

    def write(self, text: str) -> int:
        """Write `text`, or nothing where nobody reads."""
        try:
            return super().write(text)
        except BrokenPipeError:
            self._give_up()
            return len(text)

    def flush(self) -> None:
        """Flush, or give up where nobody reads."""
        try:
            super().flush()
        except BrokenPipeError:
            self._give_up()

    def _give_up(self) -> None:
        """Point the stream's file at nothing, as the Python documentation advises for SIGPIPE."""
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self.fileno())
        os.close(nothing)
        super().flush()
