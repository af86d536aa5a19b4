"""The command line: finds the commands and runs the one asked for."""

import sys
from importlib import import_module

import typer

from optimizer.cli import ending, output
from optimizer.cli.language import LANG, say

COMMANDS = (
    "solve",
    "validate",
    "verify",
    "conflict",
    "repair",
    "scenario",
    "sweep",
    "pareto",
    "show",
    "compare",
    "price",
    "firm",
    "why",
    "why-not",
    "comments",
    "report",
    "prove",
    "trace",
    "constraints",
    "travel",
    "export",
    "doctor",
)
"""In the order in which --help lists them; each is a file of `optimizer/cli/commands/`."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=say(
        "Decides which public service counters stay, change or close, year by year, and explains it.",
        "窓口の存続・変更・廃止を年度ごとに計画し、その理由を説明する。",
    ),
)
for name in COMMANDS:
    module = import_module(f"optimizer.cli.commands.{name.replace('-', '_')}")
    if hasattr(module, "app"):
        app.add_typer(module.app, name=name, help=module.HELP)
    else:
        app.command(name, help=module.HELP)(module.command)


def main() -> None:
    """Run the command line; errors become words and exit codes."""
    try:
        ending.run(app)
    finally:
        _tell_unusable()


def _tell_unusable() -> None:
    """Name the plug-ins that could not be loaded, where the command asked for the rule book."""
    rule_book = sys.modules.get("optimizer.constraints")  # importing it would slow down --help
    if rule_book is not None and rule_book.loaded():
        for plug_in in rule_book.unusable():
            output.tell(say("warning: ", "警告: ") + plug_in.message.say(LANG))


if __name__ == "__main__":
    main()
