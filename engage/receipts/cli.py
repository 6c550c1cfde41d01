"""``engage verify`` checks a receipt; ``engage witness`` watches a log and registers who watches ours."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import click

from engage.clock import utcnow
from engage.errors import EngageError
from engage.receipts import verify, watching
from engage.receipts.notes import COSIGNATURE, Signer, is_name


class BadWitnessKey(EngageError):
    """The file of a witness's key cannot be read or written."""


@click.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str))
@click.option("--key", help="The key of the log, if you know it: the line shown at /en/log.")
@click.pass_context
def verify_command(ctx: click.Context, files: tuple[str, ...], key: str | None) -> None:
    """Check a RECEIPT.json, or a manifest with its openings, offline.

    Ends with 0: proven; 3: promised and not yet sealed; 1: something is wrong; 2: the file cannot be read.
    """
    ctx.exit(verify.main([*(("--key", key) if key else ()), *files]))


@click.group("witness")
def witness_group() -> None:
    """Watch the public log of receipts, your own or that of another site."""


@witness_group.command("add")
@click.argument("verifier_key")
def add_command(verifier_key: str) -> None:
    """Register a witness of this site's log by its public line, name+id+key."""
    from engage.app import create_app
    from engage.db.session import write_transaction
    from engage.receipts.service import add_witness

    with create_app().app_context(), write_transaction() as session:
        name = add_witness(session, verifier_key).name
    click.echo(f"{name} is registered: its cosignatures are taken at /en/log/cosign.")


@witness_group.command("new-key")
@click.argument("name")
@click.option("--key", "path", type=click.Path(dir_okay=False, path_type=Path), required=True)
def new_key_command(name: str, path: Path) -> None:
    """Make the key of a witness called NAME, such as example.org/witness; prints its public line."""
    if not is_name(name):
        raise BadWitnessKey("A name has no spaces and no plus sign.")
    seed = secrets.token_bytes(32)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(f"{name} {seed.hex()}\n")
    except OSError as error:
        raise BadWitnessKey(f"{path} cannot be written: {error.strerror}.") from None
    click.echo(Signer.of(name, COSIGNATURE, seed).verifier_key)


@witness_group.command("cosign")
@click.argument("site")
@click.option("--key", "key_file", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The last head that you signed. Keep it: a log that does not go on from it has been changed.",
)
@click.option("--log-key", help="The key of the log. Needed the first time; then it is in the state.")
@click.option("--send", is_flag=True, help="Hand the signature in at the site.")
def cosign_command(site: str, key_file: Path, state: Path, log_key: str | None, *, send: bool) -> None:
    """Sign the newest head of the log at SITE, if it goes on from the last head that you signed.

    Writes the cosigned checkpoint to standard output. Signs nothing, and ends with 1, where the log was
    changed.
    """
    signer = _signer(key_file)
    note = watching.cosign(site, signer, state, log_key=log_key, time=int(utcnow().timestamp()))
    sys.stdout.write(note)
    if send:
        watching.send(site, note)
        click.echo("Handed in.", err=True)


def _signer(path: Path) -> Signer:
    try:
        name, seed = path.read_text(encoding="ascii").split()
        return Signer.of(name, COSIGNATURE, bytes.fromhex(seed))
    except (OSError, ValueError):
        raise BadWitnessKey(f"{path} is not the file of a witness's key.") from None
