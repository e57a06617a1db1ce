"""How a command fails: one clear line on standard error and a non-zero exit code."""

import signal
import sys
import threading
from types import FrameType
from typing import Any

import typer
from typer.core import TyperGroup

from hospital_assets.errors import HospitalError, one_line

USAGE_EXIT_CODE = 2
# As a shell has it for a program that a signal has ended.
SIGNAL_EXIT_CODE = 128
INTERRUPTED_EXIT_CODE = SIGNAL_EXIT_CODE + signal.SIGINT
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
        _end_in_order()
        try:
            return super().invoke(ctx)
        except HospitalError as error:
            _say(error)
            ctx.exit(1)
        except OSError as error:
            # Of a file that the user has named or changed: anything else is a HospitalError.
            place = f"{error.filename}: " if error.filename is not None else ""
            _say(f"{place}{error.strerror or error}")
            ctx.exit(1)
        except KeyboardInterrupt:
            _say("interrupted")
            ctx.exit(INTERRUPTED_EXIT_CODE)
        except _UsageError as error:
            _say(error.format_message())  # type: ignore[attr-defined]
            ctx.exit(USAGE_EXIT_CODE)


def _end_in_order() -> None:
    """Let SIGTERM, and the end of the terminal, end the command as an error would.

    What it has started ends with it then, as after Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:  # It is ignored below nohup.
            signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> None:
    sys.exit(SIGNAL_EXIT_CODE + number)


def _say(error: object) -> None:
    print(f"hospital: {one_line(str(error))}", file=sys.stderr)
