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

__all__ = [
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
    "change_docket",
    "create_docket",
    "post_update",
    "publish_docket",
    "record_decision",
    "set_phases",
]
