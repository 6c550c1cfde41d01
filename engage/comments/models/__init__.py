"""Comment periods, comments, and what was measured of each comment.

A comment holds no address on the network, device, referrer or instant: only the day on which it came, in the
place's time zone. Its ids are random, so that neither they nor the order of rows tell who came before whom.
"""

from engage.comments.models.analysis import CommentAnalysis, CommentConcern, CommentSearch
from engage.comments.models.attachment import Attachment, Upload
from engage.comments.models.batch import BatchKind, CommentBatch
from engage.comments.models.campaign import Campaign, CampaignText, LetterAnchor, TextAnchor
from engage.comments.models.clause import CommentClause, Stance
from engage.comments.models.comment import (
    COUNT,
    Channel,
    Comment,
    CommentFlag,
    Disposition,
    Flag,
    ModerationReason,
    Position,
)
from engage.comments.models.period import (
    ChangeKind,
    CommentPeriod,
    LatePolicy,
    PeriodChange,
    PeriodState,
)
from engage.comments.models.review import CommentReview
from engage.comments.models.theme import CommentTheme, Theme, ThemeStatus
from engage.comments.models.translation import CommentTranslation

__all__ = [
    "COUNT",
    "Attachment",
    "BatchKind",
    "Campaign",
    "CampaignText",
    "ChangeKind",
    "Channel",
    "Comment",
    "CommentAnalysis",
    "CommentBatch",
    "CommentClause",
    "CommentConcern",
    "CommentFlag",
    "CommentPeriod",
    "CommentReview",
    "CommentSearch",
    "CommentTheme",
    "CommentTranslation",
    "Disposition",
    "Flag",
    "LatePolicy",
    "LetterAnchor",
    "ModerationReason",
    "PeriodChange",
    "PeriodState",
    "Position",
    "Stance",
    "TextAnchor",
    "Theme",
    "ThemeStatus",
    "Upload",
]
