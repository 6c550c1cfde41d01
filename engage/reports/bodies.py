"""The bodies that were not reached, by the names that the public register has for them now.

A report keeps which they are, and no name: who does not want to be named any more is named in no version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.lifecycle import queries as lifecycle
from engage.lifecycle import words
from engage.lifecycle.outreach import BodyTold, OutreachTold
from engage.reports.inputs import Inputs
from engage.web.locale import localised

if TYPE_CHECKING:
    from engage.reports.page import ReportPage


def without_names(told: OutreachTold) -> OutreachTold:
    """As it is kept."""
    return replace(told, not_reached=tuple(replace(body, name=Localised()) for body in told.not_reached))


def names_of(session: Session, inputs: Inputs) -> Mapping[int, Localised]:
    """Their names, as far as the register has told them ever since the report was read."""
    ids = [body.id for body in inputs.outreach.not_reached if body.id]
    return lifecycle.names_of_bodies(session, ids, since=inputs.read_at) if ids else {}


def body_name(page: ReportPage, body: BodyTold) -> Localised | None:
    """What a body is called now; None where it is not named any more. Versions that were published with
    names keep them.
    """
    return body.name or page.body_names.get(body.id)


def in_words(page: ReportPage, body: BodyTold) -> str:
    """The same in the reader's language: of one that is not named any more only what kind it is."""
    name = body_name(page, body)
    return localised(name) if name else str(words.KINDS[body.kind])
