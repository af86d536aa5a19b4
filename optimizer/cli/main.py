"""The command line: finds the commands and runs the one asked for."""

from importlib import import_module

import typer

from optimizer.cli import ending
from optimizer.cli.language import say

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
    ending.run(app)


if __name__ == "__main__":
    main()
