"""What this room's closed lists are called on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext

from engage.feedback.models import Channel, Entry, FormStatus, HiddenFor, ResultsShown, TextState
from engage.survey.answers import Problem
from engage.survey.definition import Flag, Kind

STATUSES: dict[str, LazyString] = {
    FormStatus.DRAFT: _l("Draft"),
    FormStatus.SCHEDULED: _l("Opens later"),
    FormStatus.OPEN: pgettext("form", "Open"),
    FormStatus.CLOSED: pgettext("form", "Closed"),
}

ENTRIES: dict[str, LazyString] = {
    Entry.ANYBODY: _l("Anybody can answer"),
    Entry.CODE: _l("Only with a code, one answer for each code"),
}

RESULTS: dict[str, LazyString] = {
    ResultsShown.LIVE: _l("While people answer"),
    ResultsShown.AT_CLOSE: _l("Only when the form has closed"),
}

CHANNELS: dict[str, LazyString] = {
    Channel.WEB: _l("On this site"),
    Channel.PAPER: _l("On paper"),
    Channel.IMPORT: _l("Collected elsewhere"),
}

TEXT_STATES: dict[str, LazyString] = {
    TextState.WAITING: _l("Waits to be read"),
    TextState.SHOWN: _l("Shown"),
    TextState.HIDDEN: pgettext("text", "Hidden"),
}

HIDDEN_FOR: dict[str, LazyString] = {
    HiddenFor.PERSONAL_DATA: _l("Personal information"),
    HiddenFor.TRUE_THREAT: _l("Threat"),
    HiddenFor.OBSCENITY: _l("Obscene by law"),
    HiddenFor.SPAM: _l("Spam"),
    HiddenFor.UNLAWFUL: _l("Against the law"),
}

# What each reason covers and what it does not, so that two moderators use it alike for every opinion.
HIDING_RULES: dict[str, LazyString] = {
    HiddenFor.PERSONAL_DATA: _l(
        "Private facts about a person, where striking them out would leave nothing to read. What an official "
        "does in office is not private."
    ),
    HiddenFor.TRUE_THREAT: _l(
        "A serious statement that the writer means to hurt a person or a group. Anger, harsh words and "
        "exaggeration are no threat."
    ),
    HiddenFor.OBSCENITY: _l(
        "Obscene in the meaning of the law. Swearing alone is not, nor is an insult to an official."
    ),
    HiddenFor.SPAM: _l("Advertising, or text made by a machine to fill the form."),
    HiddenFor.UNLAWFUL: _l("Links to harmful software, or content that the law forbids to publish."),
}

KINDS: dict[str, LazyString] = {
    Kind.SHORT_TEXT: _l("Short text"),
    Kind.LONG_TEXT: _l("Long text"),
    Kind.NUMBER: pgettext("question", "Number"),
    Kind.DATE: pgettext("question", "Date"),
    Kind.SINGLE: _l("Single choice"),
    Kind.MULTIPLE: _l("Multiple choice"),
    Kind.SCALE: pgettext("question", "Scale"),
    Kind.MATRIX: _l("Matrix: one choice in each row"),
    Kind.RANKING: _l("Ranking"),
    Kind.NOTE: _l("Text to read, nothing to answer"),
}

FLAGS: dict[str, LazyString] = {
    Flag.CONFIDENTIAL: _l("Confidential: answers are counted and never shown one by one"),
    Flag.DEMOGRAPHIC: _l("About the person: optional, confidential"),
    Flag.BREAKDOWN: _l("Tell the other results by the answers to this question too"),
}

PROBLEMS: dict[str, LazyString] = {
    Problem.MISSING: _l("Answer this question."),
    Problem.ROWS_MISSING: _l("Choose an answer in every row."),
    Problem.NOT_A_NUMBER: _l("Write a number in digits, such as 12 or 2.5."),
    Problem.NOT_A_DATE: _l("Write the date as year, month, day, such as 2026-11-26."),
    Problem.TOO_SMALL: _l("This is less, or earlier, than the question allows."),
    Problem.TOO_LARGE: _l("This is more, or later, than the question allows."),
    Problem.TOO_LONG: _l("This is longer than the question allows."),
    Problem.TOO_MANY: _l("You have chosen more than the question allows."),
    Problem.NOT_ALONE: _l("This choice cannot stand together with others."),
    Problem.NOT_OFFERED: _l("Choose one of the answers offered."),
    Problem.NOT_RANKED: _l("Give every choice a place."),
    Problem.OTHER_UNSAID: _l("Say what the other answer is."),
}
