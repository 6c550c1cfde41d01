"""``engage user``: accounts from the command line, for the first administrator and for emergencies."""

from __future__ import annotations

import secrets
import sys

import click

from engage.accounts import queries, service
from engage.accounts.models import RoleName
from engage.app import create_app
from engage.db.session import db, write_transaction
from engage.errors import EngageError, NotFound


class UnknownRole(EngageError):
    """No role has this name."""


@click.group("user")
def user_group() -> None:
    """Staff accounts."""


@user_group.command("add")
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, help=f"One of: {', '.join(RoleName)}. May be repeated."
)
@click.option("--name", default="", help="As colleagues see it.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
def add_command(email: str, roles: tuple[str, ...], name: str, *, password_stdin: bool) -> None:
    """Add an account.

    Asks for a password; without a terminal, or for an empty answer, makes one and prints it once.
    """
    names = [_role(role) for role in roles]
    typed = sys.stdin.readline().rstrip("\r\n") if password_stdin else _ask_for_password()
    password = typed or secrets.token_urlsafe(15)
    with create_app().app_context(), write_transaction() as session:
        user = service.add_user(session, email=email, name=name, roles=names, password=password)
        address = user.email
    click.echo(f"{address} can sign in now as {', '.join(names)}.")
    if not typed:
        click.echo(f"Password, shown only now: {password}")


@user_group.command("list")
def list_command() -> None:
    """Show every account: address, roles, whether it is active, whether it has a second factor."""
    with create_app().app_context(), db.sessionmaker() as session:
        for user in session.scalars(queries.living_users()):
            state = "active" if user.active else "deactivated"
            factor = "second factor" if user.has_second_factor else "no second factor"
            click.echo(f"{user.email}\t{', '.join(sorted(user.role_names))}\t{state}\t{factor}")


@user_group.command("reset-second-factor")
@click.argument("email")
def reset_second_factor_command(email: str) -> None:
    """Forget a lost second factor; the next sign-in sets up a new one. Ends all sessions of the account."""
    with create_app().app_context(), write_transaction() as session:
        user = queries.user_by_email(session, email.strip())
        if user is None:
            raise NotFound(f"There is no account for {email}.")
        service.reset_second_factor(session, user=user)
    click.echo(f"{email} sets up a second factor at the next sign-in.")


def _role(name: str) -> RoleName:
    try:
        return RoleName(name)
    except ValueError:
        raise UnknownRole(f"There is no role “{name}”. Roles: {', '.join(RoleName)}.") from None


def _ask_for_password() -> str:
    if not sys.stdin.isatty():
        return ""
    answer: str = click.prompt("Password (empty: make one)", default="", show_default=False, hide_input=True)
    if answer and answer != click.prompt("Once more", default="", show_default=False, hide_input=True):
        raise click.ClickException("The two passwords are not the same.")
    return answer
