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
from engage.comments.service.change import (
    EndsTooEarly,
    NoReason,
    WrongPeriodState,
    cancel_period,
    extend_period,
    possible_changes,
    reopen_period,
)
from engage.comments.service.intake import ENTERED_CHANNELS, Intake, NotADay, PeriodClosed
from engage.comments.service.parity import NotFinished, requirements
from engage.comments.service.period import (
    AlreadyPublic,
    ClosesTooEarly,
    DocketIsDraft,
    PeriodDraft,
    SlugTaken,
    change_period,
    create_period,
)
from engage.comments.service.submit import (
    AlreadySent,
    Submission,
    TextTooLong,
    submit_comment,
)
from engage.comments.service.translate import NothingToTranslate, WordsChanged, translate_comment
from engage.dockets.slugs import BadSlug

__all__ = [
    "ENTERED_CHANNELS",
    "AlreadyPublic",
    "AlreadySent",
    "BadSlug",
    "ChosenClause",
    "ClosesTooEarly",
    "DocketIsDraft",
    "EndsTooEarly",
    "FilesGone",
    "Intake",
    "NoReason",
    "NoRoom",
    "NotADay",
    "NotFinished",
    "NothingToTranslate",
    "PeriodClosed",
    "PeriodDraft",
    "SentFile",
    "SlugTaken",
    "Submission",
    "TextTooLong",
    "WordsChanged",
    "WrongPeriodState",
    "analyse_due",
    "cancel_period",
    "change_period",
    "create_period",
    "extend_period",
    "forget_attached",
    "keep_uploads",
    "move_uploads",
    "possible_changes",
    "purge_uploads",
    "reopen_period",
    "requirements",
    "submit_comment",
    "translate_comment",
]
