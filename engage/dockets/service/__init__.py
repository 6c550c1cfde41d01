"""What can be done with dockets, by verb. Every function flushes and never commits."""

from engage.dockets.service.docket import (
    AddressFixed,
    Incomplete,
    SlugTaken,
    change_docket,
    create_docket,
    publish_docket,
)
from engage.dockets.service.document import OutOfOrder, Unchanged, add_document, add_document_version
from engage.dockets.service.news import post_update, record_decision
from engage.dockets.service.phase import STANDARD_PHASES, PhaseDraft, add_standard_phases, set_phases
from engage.dockets.service.taxonomy import (
    REMEASURE,
    bring_into_force,
    change_taxonomy,
    checked_taxonomy,
    declare_analysers,
    is_declared,
)

__all__ = [
    "REMEASURE",
    "STANDARD_PHASES",
    "AddressFixed",
    "Incomplete",
    "OutOfOrder",
    "PhaseDraft",
    "SlugTaken",
    "Unchanged",
    "add_document",
    "add_document_version",
    "add_standard_phases",
    "bring_into_force",
    "change_docket",
    "change_taxonomy",
    "checked_taxonomy",
    "create_docket",
    "declare_analysers",
    "is_declared",
    "post_update",
    "publish_docket",
    "record_decision",
    "set_phases",
]
