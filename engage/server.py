"""Starting the site: migrations, the web server, the worker."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import click
import structlog
from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from engage import worker
from engage.app import create_app
from engage.backup.marks import Marks, check_marks, mark_file
from engage.db import migrate
from engage.db.session import db, write_transaction
from engage.dockets.service import declare_analysers, is_declared
from engage.errors import EngageError
from engage.receipts.service import enter_missing
from engage.web import limits

log = structlog.get_logger()


class CannotListen(EngageError):
    """The address cannot be served: another program has it, or this one may not."""


class NotMigrated(EngageError):
    """The database is not at the version that this code needs."""


@click.command("setup")
def setup_command() -> None:
    """Create the database or bring it to the newest version; then this release's analyser is in force."""
    app = create_app()
    with app.app_context():
        with db.engine.connect() as connection:
            migrate.upgrade(connection)
            connection.commit()
        with write_transaction() as session:
            declare_analysers(session)
        enter_missing()
        if db.engine.dialect.name == "sqlite":
            # Nobody else on the machine reads what people wrote; the log beside it takes after the file.
            Path(str(db.engine.url.database)).chmod(0o600)
    click.echo("The database is at the newest version.")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes.")
@click.option("--threads", default=8, show_default=True, help="Threads a process.")
@click.option(
    "--with-worker", is_flag=True, help="Run the job worker beside the server, for a single machine."
)
def serve_command(host: str, port: int, workers: int, threads: int, *, with_worker: bool) -> None:
    """Serve the site; any number of these behind one balancer."""
    app = create_app()
    _require_current(app)
    _require_free(host, port)
    beside = subprocess.Popen([sys.executable, "-m", "engage", "worker"]) if with_worker else None
    try:
        server = Server(
            "engage.app:create_app",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            backpressure=threads * 8,
            log_access=False,
            respawn_failed_workers=True,
        )
        server.serve()
    finally:
        limits.destroy_key(app)
        if beside is not None:
            beside.terminate()
            beside.wait(timeout=30)


@click.command("worker")
@click.option("--threads", default=1, show_default=True)
def worker_command(threads: int) -> None:
    """Do the work that requests promised; any number of these on any number of machines."""
    app = create_app()
    _require_current(app)
    with app.app_context():
        if not is_declared(db.session):
            log.warning("another_analyser_is_in_force", advice="engage setup")
    worker.run(app, workers=threads)


def _require_free(host: str, port: int) -> None:
    """Tell in a sentence what the server would tell in a traceback, before a worker is begun beside it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = "another program uses it. Stop that one, or choose another with --port."
        else:
            why = f"{(os.strerror(error.errno or 0) if error.errno else str(error)).lower()}."
        raise CannotListen(f"Port {port} of {host} cannot be served: {why}") from error


def _require_current(app: Flask) -> None:
    with app.app_context():
        with db.engine.connect() as connection:
            if not migrate.is_current(connection):
                raise NotMigrated("The database is not at the newest version. Run: engage setup")
        # An older copy would lose in silence what was acknowledged since.
        with db.sessionmaker() as session:
            check_marks(session, Marks.read(mark_file()))
