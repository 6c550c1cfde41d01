"""What can be done with comments and their periods, by verb. Every function flushes and never commits."""

from engage.comments.service.analyse import analyse_due
from engage.comments.service.period import (
    AlreadyPublic,
    BadSlug,
    ClosesTooEarly,
    NotInBothLanguages,
    PeriodDraft,
    SlugTaken,
    change_period,
    create_period,
)
from engage.comments.service.submit import (
    AlreadySent,
    PeriodClosed,
    Submission,
    TextTooLong,
    submit_comment,
)

__all__ = [
    "AlreadyPublic",
    "AlreadySent",
    "BadSlug",
    "ClosesTooEarly",
    "NotInBothLanguages",
    "PeriodClosed",
    "PeriodDraft",
    "SlugTaken",
    "Submission",
    "TextTooLong",
    "analyse_due",
    "change_period",
    "create_period",
    "submit_comment",
]
