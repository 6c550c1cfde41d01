"""The ``engage`` command. Commands that need no site load neither Flask nor the database."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from engage.errors import EngageError

# Each command is imported when it is called: `engage analyze` must start fast and need no settings.
COMMANDS = {
    "analyze": "engage.exchange.cli_analyze:analyze_command",
    "backup": "engage.backup.cli:backup_command",
    "campaigns": "engage.campaigns.cli:campaigns_group",
    "demo": "engage.demo.cli:demo_command",
    "evaluate": "engage.evaluation.cli:evaluate_command",
    "form": "engage.feedback.cli:form_group",
    "import": "engage.exchange.cli:import_group",
    "mail": "engage.follows.cli:mail_group",
    "meetings": "engage.meetings.cli:meetings_group",
    "moderation": "engage.moderation.cli:moderation_group",
    "period": "engage.comments.cli:period_group",
    "purge": "engage.retention.cli:purge_command",
    "report": "engage.reports.cli:report_command",
    "reports": "engage.reports.frozen.cli:reports_group",
    "restore": "engage.backup.cli:restore_command",
    "serve": "engage.server:serve_command",
    "setup": "engage.server:setup_command",
    "user": "engage.accounts.cli:user_group",
    "verify": "engage.receipts.cli:verify_command",
    "witness": "engage.receipts.cli:witness_group",
    "worker": "engage.server:worker_command",
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, without importing anything."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command behind a name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        with _kept():
            command: click.Command = getattr(importlib.import_module(module), name)
        return command


@contextmanager
def _kept() -> Iterator[None]:
    """What is made meanwhile is never looked through for what could go.

    Modules stay to the end. To go through all of them while the next are loaded is a seventh of a start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="engage")
def engage() -> None:
    """Community stakeholder engagement: comment periods, moderation, honest summaries."""


def main() -> None:
    """Run the command; what goes wrong by rule is one line, never a traceback."""
    try:
        # A command that leaves by ``ctx.exit(code)`` comes back here as that code.
        sys.exit(engage.main(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except EngageError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
