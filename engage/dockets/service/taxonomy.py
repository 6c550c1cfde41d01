"""Change what a docket's comments are searched for, and say which analyser is in force."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import BadTaxonomy, Taxonomy, parse_taxonomy
from engage.dockets.models import Docket
from engage.dockets.taxonomy import NEEDED_TO_ANALYSE, analyser_of, default_analyser
from engage.errors import RuleBroken
from engage.jobs.queue import wake

REMEASURE = "remeasure_comments"
"""The job that finds comments which another analyser than the one in force has measured."""

# They stand in addresses, and in the version of every result, which may have 120 characters in all.
_NAME = re.compile(r"[\w.-][\w. -]{0,29}")
_VERSION = re.compile(r"[\w.-]{1,20}")


def checked_taxonomy(toml: str, *, source: str) -> Taxonomy:
    """The taxonomy that a file holds. Raises BadTaxonomy, one line that names ``source`` and the entry."""
    taxonomy = parse_taxonomy(toml, source=source)
    if not _NAME.fullmatch(taxonomy.name):
        raise BadTaxonomy(f"{source}: “name” is not 1 to 30 letters, digits, spaces, dots, - or _")
    if not _VERSION.fullmatch(taxonomy.version):
        raise BadTaxonomy(f"{source}: “version” is not 1 to 20 letters, digits, dots, - or _")
    return taxonomy


def change_taxonomy(session: Session, docket: Docket, toml: str | None) -> None:
    """Give a docket a taxonomy of its own, or the default one again (None), and promise to measure anew.

    What was measured stays until then. Raises BadTaxonomy.
    """
    if toml is not None:
        checked_taxonomy(toml, source="taxonomy.toml")
    docket.taxonomy_toml = toml
    bring_into_force(session, docket)


def bring_into_force(session: Session, docket: Docket) -> None:
    """Let the docket's present analyser be the one that counts, and promise to measure anew."""
    session.flush()
    docket.analyser_version = analyser_of(docket).version
    session.flush()
    wake(session, REMEASURE)


def declare_analysers(session: Session) -> int:
    """Say that this release's analyser is in force for every docket; returns for how many that is new.

    Only ``engage setup`` calls this: while two releases run side by side one of them is declared, and the
    other leaves what is measured alone. Raises RuleBroken where a docket's taxonomy cannot be read any more.
    """
    changed = 0
    dockets = sa.select(Docket).order_by(Docket.id).options(*NEEDED_TO_ANALYSE)
    for docket in session.scalars(dockets):
        try:
            version = analyser_of(docket).version
        except BadTaxonomy as error:
            raise RuleBroken(f"The concerns of the docket “{docket.slug}” cannot be read: {error}") from error
        changed += docket.analyser_version != version
        docket.analyser_version = version
    session.flush()
    if changed:
        wake(session, REMEASURE)
    return changed


def is_declared(session: Session) -> bool:
    """Whether no other release's analyser is in force for dockets that have nothing of their own."""
    others = sa.select(Docket.id).where(
        Docket.taxonomy_toml.is_(None),
        ~Docket.learned_positions.has(),
        Docket.analyser_version != default_analyser().version,
    )
    return session.scalar(others.limit(1)) is None
