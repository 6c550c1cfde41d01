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
from engage.feedback.models.reading import FormQuote, FormReading

__all__ = [
    "BoxedAnswer",
    "Channel",
    "Entry",
    "FeedbackForm",
    "FormQuote",
    "FormReading",
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
