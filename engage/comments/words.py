"""What this room's closed lists are called on a page, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_skeleton
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from engage.analysis import UNKNOWN, default_taxonomy
from engage.comments import file_words
from engage.comments.filters import (
    ALONE,
    ANALYSER_FAILED,
    CHANGED,
    COPY,
    MACHINE,
    OWN_WORDS,
    PERSON,
    UNMEASURED,
    UNSTATED,
    CommentFilter,
)
from engage.comments.models import (
    ChangeKind,
    Channel,
    Comment,
    Disposition,
    LatePolicy,
    ModerationReason,
    PeriodState,
    Position,
    Theme,
)
from engage.comments.redacted import said_whole
from engage.comments.reviewed import as_found, review_of
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.taxonomy import taxonomy_of
from engage.web.locale import OWN_NAMES, day, language, localised

POSITIONS: dict[str, LazyString] = {
    Position.SUPPORT: _l("Support"),
    Position.OPPOSE: _l("Oppose"),
    Position.NEUTRAL: _l("Neutral"),
    Position.MIXED: _l("Partly for, partly against"),
    Position.QUESTION_ONLY: _l("Only asking a question"),
    UNSTATED: _l("No position given"),
}

CHANNELS: dict[str, LazyString] = {
    Channel.WEB: _l("This website"),
    Channel.API: _l("Another program"),
    Channel.EMAIL: _l("E-mail"),
    Channel.MAIL: _l("Letter"),
    Channel.HAND_DELIVERY: _l("Handed in"),
    Channel.PHONE: _l("Telephone"),
    Channel.VOICEMAIL: _l("Voicemail"),
    Channel.MEETING_ORAL: _l("Spoken at a meeting"),
    Channel.PAPER_INTAKE: _l("Paper form"),
    Channel.IMPORT: _l("Brought in from another system"),
}

TONES: dict[str, LazyString] = {
    "positive": _l("Positive"),
    "neutral": _l("Neutral"),
    "negative": _l("Negative"),
    "not_scored": _l("Not scored"),
    UNMEASURED: _l("Not measured yet"),
}

TONE_REASONS: dict[str, LazyString] = {
    "empty": _l("There are no words in it."),
    "language": _l(
        "The method knows English and Spanish; this text is in another language, or in none it could tell."
    ),
    "too_short": _l("It is too short to tell."),
    ANALYSER_FAILED: _l("The analyser could not read this text. A person has to."),
}

# Offered by the filter whether or not a comment is in them: to ask that, every comment would be looked at.
EXPECTED_LANGUAGES = ("ar", "en", "es", "fr", "hi", "ht", "ko", "pt", "ru", "tl", "vi", "zh", UNKNOWN)

NAMED: dict[bool, LazyString] = {True: _l("Given"), False: _l("Not given")}

LATE: dict[bool, LazyString] = {True: _l("After the deadline"), False: _l("In time")}

MENTIONS: dict[bool, LazyString] = {True: _l("Only to deny it"), False: _l("Not only to deny it")}

PARTS: dict[str, LazyString] = {
    COPY: _l("The letter as it is"),
    CHANGED: _l("Small changes, such as a name"),
    OWN_WORDS: _l("Own words added"),
    ALONE: _l("Not a version of a letter"),
}

STANCES: dict[str, LazyString] = {
    **{stance.value: label for stance, label in file_words.STANCES.items()},
    UNSTATED: _l("Not said"),
}

READERS: dict[str, LazyString] = {
    PERSON: _l("A person, too"),
    MACHINE: _l("Only a program"),
}

STATES: dict[PeriodState, LazyString] = {
    PeriodState.DRAFT: _l("Draft"),
    PeriodState.SCHEDULED: _l("Not open yet"),
    PeriodState.OPEN: _l("Open"),
    PeriodState.CLOSED: _l("Closed"),
    PeriodState.CANCELLED: _l("Cancelled"),
}

LATE_POLICIES: dict[LatePolicy, LazyString] = {
    LatePolicy.REFUSE: _l("is not taken; the form gives the text back and names other ways to be heard"),
    LatePolicy.ACCEPT_MARKED: _l("is taken and kept, and marked as late wherever it is shown"),
}

CHANGES: dict[ChangeKind, LazyString] = {
    ChangeKind.EXTEND: _l("Extended"),
    ChangeKind.REOPEN: _l("Opened again"),
    ChangeKind.CANCEL: _l("Cancelled"),
}

PERIOD_TEXTS: dict[str, LazyString] = {
    "title": _l("Title"),
    "summary": _l("What is proposed"),
    "notice": _l("Public notice"),
    "plain_summary": _l("Plain language"),
    "instructions": _l("Other ways to comment"),
}

DISPOSITIONS: dict[Disposition, LazyString] = {
    Disposition.RECEIVED: _l("Received, waiting for a moderator"),
    Disposition.POSTED: _l("Posted"),
    Disposition.RESTRICTED: _l("Not posted"),
    Disposition.WITHDRAWN: _l("Withdrawn"),
}

REASONS: dict[ModerationReason, LazyString] = {
    ModerationReason.SPAM: _l("Spam"),
    ModerationReason.TRUE_THREAT: _l("True threat"),
    ModerationReason.OBSCENITY_LEGAL: _l("Obscenity in the legal sense"),
    ModerationReason.DOXXING_PERSONAL_DATA: _l("Private facts about a person"),
    ModerationReason.MALWARE_OR_ILLEGAL: _l("Malware or illegal content"),
    ModerationReason.OFF_TOPIC: _l("Off topic"),
    ModerationReason.DUPLICATE_SUBMISSION: _l("Sent more than once"),
    ModerationReason.IMPERSONATION_CONTESTED: _l("Sent in another person’s name"),
}

# What each reason covers and what it does not, so that two moderators use it alike for every opinion.
RULES: dict[ModerationReason, LazyString] = {
    ModerationReason.SPAM: _l(
        "Advertising, or text made by a machine to fill the site. A form letter that a person chose to send "
        "is no spam."
    ),
    ModerationReason.TRUE_THREAT: _l(
        "A serious statement that the writer means to hurt a person or a group. Anger, harsh words and "
        "exaggeration are no threat."
    ),
    ModerationReason.OBSCENITY_LEGAL: _l(
        "Obscene in the meaning of the law. Swearing alone is not, nor is an insult to an official."
    ),
    ModerationReason.DOXXING_PERSONAL_DATA: _l(
        "Private facts about a person, such as a home address, a telephone number or an immigration status. "
        "What an official does in office is not private."
    ),
    ModerationReason.MALWARE_OR_ILLEGAL: _l(
        "Links to harmful software, or content that the law forbids to publish."
    ),
    ModerationReason.OFF_TOPIC: _l(
        "Has nothing to do with the matter of this comment period. A point that is only weak, or only partly "
        "about it, is on topic."
    ),
    ModerationReason.DUPLICATE_SUBMISSION: _l(
        "The same person sent the same comment again; the first one stays. The same text from different "
        "people is no duplicate."
    ),
    ModerationReason.IMPERSONATION_CONTESTED: _l(
        "The person whose name it carries says that they did not send it."
    ),
}


def language_name(code: str) -> str:
    """What a detected language is called."""
    if code == UNKNOWN:
        return str(_("Language not known"))
    return str(OWN_NAMES.get(code) or Locale(language()).languages.get(code, code))


def in_language(code: str) -> str:
    """“(in English)” beside words that are not in the reader's language; nothing if theirs is unknown."""
    if code in ("", UNKNOWN, language()):
        return ""
    return str(_("(in %(language)s)", language=language_name(code)))


def month(value: str) -> str:
    """A month, given as 2026-10, in words: October 2026 · octubre de 2026."""
    return str(format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=language()))


def concern_name(code: str, docket: Docket | None = None) -> str:
    """What a docket calls a concern; without a docket, or where it has it no more, what the default does."""
    taxonomy = taxonomy_of(docket) if docket and code in taxonomy_of(docket).codes else default_taxonomy()
    return taxonomy.name_of(code, language())


def lang_attribute(comment: Comment) -> Markup:
    """The ``lang`` attribute of a comment, so that a screen reader pronounces it rightly; none if unknown."""
    code = comment.analysis.language if comment.analysis else UNKNOWN
    return Markup("") if code == UNKNOWN else Markup('lang="{}"').format(code)


def quoted(body: str, spans: Sequence[Sequence[Any]], *, most: int = 5) -> list[str]:
    """The words of a comment that a concern rests on, each once, in their order."""
    return list(dict.fromkeys(body[start:end] for start, end, *_rest in spans))[:most]


def marked(comment: Comment) -> Markup:
    """The whole text of a comment in which the words are marked that the program's concerns rest on.

    Of a redacted one nothing is marked: its marks are those of what was taken out.
    """
    if comment.is_redacted:
        return said_whole(comment)
    spans = sorted({(start, end) for _, _, spans in _found(comment) for start, end, *_rest in spans})
    pieces, at = [], 0
    for start, end in spans:
        if at <= start < end <= len(comment.body):
            pieces += [
                escape(comment.body[at:start]),
                Markup("<mark>{}</mark>").format(comment.body[start:end]),
            ]
            at = end
    return Markup("").join([*pieces, escape(comment.body[at:])])


def found_by_program(comment: Comment) -> list[tuple[str, bool, list[str]]]:
    """The concerns that the program finds, whatever a person says: code, whether only denied, its words."""
    return [(code, denied, quoted(comment.body, spans)) for code, denied, spans in _found(comment)]


def _found(comment: Comment) -> list[Any]:
    review = review_of(comment)
    if review is not None:
        return list(review.machine)
    return as_found(comment.analysis.concerns) if comment.analysis else []


def conditions(
    criteria: CommentFilter,
    districts: Mapping[str, Localised],
    docket: Docket,
    theme: Theme | None = None,
) -> list[tuple[str, str]]:
    """What a filter asks for, in the reader's language: (name, value). ``theme`` is the one it asks for."""
    places = {code: localised(name) for code, name in districts.items()} | {UNSTATED: _("No district given")}
    said = {
        _("Words"): criteria.words,
        _("Declared position"): _word(POSITIONS, criteria.position),
        _("Concern"): criteria.concern and concern_name(criteria.concern, docket),
        _("Tone"): _word(TONES, criteria.tone),
        _("Why there is no tone"): _word(TONE_REASONS, criteria.tone_reason),
        _("Language"): criteria.language and language_name(criteria.language),
        _("District"): _word(places, criteria.district),
        _("Day of receipt"): criteria.day and day(criteria.day),
        _("How it reached us"): _word(CHANNELS, criteria.channel),
        _("Text"): criteria.text and _("all submissions of one text"),
        _("Name or organization"): _word(NAMED, criteria.named),
        _("Month of receipt"): criteria.month and month(criteria.month),
        _("Mention of the concern"): _word(MENTIONS, criteria.denied),
        _("Version of the analyser"): criteria.analyser,
        _("Theme"): theme and theme_name(theme),
        _("Form letter"): criteria.campaign and _("all versions of one letter"),
        _("Beside the letter"): _word(PARTS, criteria.part),
        _("Form letters"): criteria.letters and _("each shown once"),
        _("Deadline"): _word(LATE, criteria.late),
        _("Read for concerns by"): _word(READERS, criteria.read_by),
        _("Clause"): criteria.clause and criteria.clause.rsplit("-", 1)[0],
        _("What to do with the clause"): _word(STANCES, criteria.stance),
    }
    return [(name, value) for name, value in said.items() if value]


def theme_name(theme: Theme) -> str:
    """What staff call a theme; its first words while it has no name."""
    return localised(theme.name) if theme.name else ", ".join(theme.words[:3])


def _word(labels: Mapping[Any, LazyString | str], key: object) -> str:
    return "" if key is None else str(labels[key])
