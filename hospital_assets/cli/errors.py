"""How a command fails: one clear line on standard error and a non-zero exit code."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from hospital_assets.errors import HospitalError, one_line

USAGE_EXIT_CODE = 2
# As a shell has it for a program that SIGINT has ended.
INTERRUPTED_EXIT_CODE = 130
# What typer raises for bad arguments; it exports the subclass alone.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


class CommandError(HospitalError):
    """A command can't do what was asked; the message is shown as it is."""


class OneLineErrors(TyperGroup):
    """Shows the errors that a user can mend as one line instead of a stack trace."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options before the command; exits with 2 if one is bad."""
        given = bool(args)
        try:
            return super().parse_args(ctx, args)
        except _UsageError as error:
            if not given:  # Then the help is what is raised.
                raise
            _say(error.format_message())  # type: ignore[attr-defined]
            raise typer.Exit(USAGE_EXIT_CODE) from None

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exits with 1 after an expected error and with 2 after bad arguments.

        With 130 after Ctrl-C.
        """
        try:
            return super().invoke(ctx)
        except HospitalError as error:
            _say(error)
            ctx.exit(1)
        except KeyboardInterrupt:
            _say("interrupted")
            ctx.exit(INTERRUPTED_EXIT_CODE)
        except _UsageError as error:
            _say(error.format_message())  # type: ignore[attr-defined]
            ctx.exit(USAGE_EXIT_CODE)


def _say(error: object) -> None:
    print(f"hospital: {one_line(str(error))}", file=sys.stderr)
