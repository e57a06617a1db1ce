"""How a command fails: one clear line on standard error and a non-zero exit code."""

import sys
from typing import Any

from typer.core import TyperGroup

from hospital_assets.local.page import PageError
from hospital_assets.local.postgres import PostgresError
from hospital_assets.local.stack import StackError
from hospital_assets.settings import SettingsError


class CommandError(RuntimeError):
    """A command can't do what was asked; the message is shown as it is."""


class OneLineErrors(TyperGroup):
    """Shows the errors that a user can mend as one line instead of a stack trace."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exits with 1 after an expected error."""
        try:
            return super().invoke(ctx)
        except (CommandError, PageError, PostgresError, SettingsError, StackError) as error:
            print(f"hospital: {error}", file=sys.stderr)
            ctx.exit(1)
