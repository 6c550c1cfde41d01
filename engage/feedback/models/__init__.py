"""Feedback forms, their versions, answers, codes and results."""

from engage.feedback.models.answer import (
    BoxedAnswer,
    Channel,
    FormResponse,
    FormResult,
    FormText,
    FormTextConcern,
    FormTextEvent,
    FormTicket,
    HiddenFor,
    TextState,
    TicketBatch,
)
from engage.feedback.models.form import (
    Entry,
    FeedbackForm,
    FormStatus,
    FormVersion,
    ResultsShown,
)

__all__ = [
    "BoxedAnswer",
    "Channel",
    "Entry",
    "FeedbackForm",
    "FormResponse",
    "FormResult",
    "FormStatus",
    "FormText",
    "FormTextConcern",
    "FormTextEvent",
    "FormTicket",
    "FormVersion",
    "HiddenFor",
    "ResultsShown",
    "TextState",
    "TicketBatch",
]
