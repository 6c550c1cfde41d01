"""What can be done with comments and their periods, by verb. Every function flushes and never commits."""

from engage.comments.service.analyse import analyse_due
from engage.comments.service.attach import (
    ChosenClause,
    FilesGone,
    NoRoom,
    SentFile,
    forget_attached,
    keep_uploads,
    move_uploads,
    purge_uploads,
)
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
from engage.comments.service.translate import NothingToTranslate, WordsChanged, translate_comment

__all__ = [
    "AlreadyPublic",
    "AlreadySent",
    "BadSlug",
    "ChosenClause",
    "ClosesTooEarly",
    "FilesGone",
    "NoRoom",
    "NotInBothLanguages",
    "NothingToTranslate",
    "PeriodClosed",
    "PeriodDraft",
    "SentFile",
    "SlugTaken",
    "Submission",
    "TextTooLong",
    "WordsChanged",
    "analyse_due",
    "change_period",
    "create_period",
    "forget_attached",
    "keep_uploads",
    "move_uploads",
    "purge_uploads",
    "submit_comment",
    "translate_comment",
]
