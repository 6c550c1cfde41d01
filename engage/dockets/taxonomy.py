"""The concerns that a docket's comments are searched for, and the analyser that searches for them.

Both are made once a process for each wording of a taxonomy: compiling its cues takes a moment.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from flask import current_app
from sqlalchemy.orm import selectinload, undefer

from engage.analysis import Analyser, Taxonomy, default_taxonomy, parse_taxonomy
from engage.analysis.position_model import PositionModel
from engage.analysis.semantic import required_embedder
from engage.dockets.models import Docket

_MOST_KEPT = 32

NEEDED_TO_ANALYSE = (undefer(Docket.taxonomy_toml), selectinload(Docket.learned_positions))
"""Load these with many dockets of which `analyser_of` is asked."""


def taxonomy_of(docket: Docket) -> Taxonomy:
    """The docket's own taxonomy, or the default one."""
    return default_taxonomy() if docket.taxonomy_toml is None else _parsed(docket.taxonomy_toml)


def analyser_of(docket: Docket) -> Analyser:
    """The analyser that this release and the site's settings give the docket; its version names them and its
    taxonomy. Raises SemanticUnavailable where the settings ask for meaning and the extra is not installed.
    """
    learned = docket.learned_positions
    return _compiled(docket.taxonomy_toml, learned.model if learned else None, semantic=_goes_by_meaning())


def default_analyser() -> Analyser:
    """The analyser of the dockets that have neither a taxonomy nor labels of their own."""
    return _compiled(None, None, semantic=_goes_by_meaning())


def toml_of(docket: Docket) -> str:
    """The docket's taxonomy as the file that a person can change."""
    return default_toml() if docket.taxonomy_toml is None else docket.taxonomy_toml


def default_toml() -> str:
    """The file of the default taxonomy, with its notes on how cues are written."""
    return (files("engage.analysis") / "data" / "taxonomy-287g.toml").read_text("utf-8")


@lru_cache(_MOST_KEPT)
def _parsed(toml: str) -> Taxonomy:
    return parse_taxonomy(toml, source="taxonomy.toml")


@lru_cache(_MOST_KEPT)
def _compiled(toml: str | None, positions: str | None, *, semantic: bool) -> Analyser:
    return Analyser(
        None if toml is None else _parsed(toml),
        embedder=required_embedder() if semantic else None,
        positions=None if positions is None else PositionModel.from_json(positions),
    )


def _goes_by_meaning() -> bool:
    return bool(current_app.config["ENGAGE_SETTINGS"].semantic)
