"""What may be read of what people wrote in answer to forms. Every reader goes through the queries here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.accounts.models import User
from engage.analysis import UNKNOWN
from engage.db.types import Localised
from engage.errors import NotFound
from engage.feedback.models import (
    FeedbackForm,
    FormQuote,
    FormReading,
    FormResponse,
    FormResult,
    FormText,
    FormTextConcern,
    FormTextEvent,
    FormVersion,
    HiddenFor,
    TextState,
    TicketBatch,
)
from engage.feedback.results import QuestionResult, Results, from_json
from engage.survey.definition import OTHER, Kind, Question
from engage.survey.suppression import K
from engage.web.paging import PAGE_SIZE, Page

_SHUFFLED = 1_000_003
"""A prime: multiplying by it shuffles what is left of a random id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What people answered in their own words: ``name`` as texts keep it, the newest wording.

    ``is_other``: it says what *other* is, beside a choice.
    """

    name: str
    title: Localised
    is_other: bool = False


def name_of_key(key: str) -> str:
    """The question of a result's key (see ``results.QuestionResult``)."""
    return key.split("@")[0]


def asked_in_words(form: FeedbackForm) -> list[Asked]:
    """What the versions of a form ask for in people's own words and not in confidence, the newest first."""
    found: dict[str, Asked] = {}
    for version in reversed(form.versions):
        for question in version.asked.questions():
            if not question.is_confidential:
                for asked in _in_words(question):
                    found.setdefault(asked.name, asked)
    return list(found.values())


def get_asked(form: FeedbackForm, name: str) -> Asked:
    """One of them. Raises NotFound, also for a confidential question."""
    for asked in asked_in_words(form):
        if asked.name == name:
            return asked
    raise NotFound(_l("This form has no such question to be answered in one’s own words."))


def _in_words(question: Question) -> list[Asked]:
    if question.is_text:
        return [Asked(question.name, question.title)]
    return [Asked(question.comment_name, question.title, is_other=True)] if question.other else []


def moderated(form_id: int) -> sa.Select[FormText]:
    """The texts of a form that moderators may read: all but confidential ones. In no order."""
    return (
        sa.select(FormText)
        .join(FormText.response)
        .join(FormResponse.version)
        .where(FormVersion.form_id == form_id, FormText.is_confidential.is_(False))
    )


def shown(form_id: int) -> sa.Select[FormText]:
    """The texts of a form that everybody may read. In no order."""
    return moderated(form_id).where(FormText.state == TextState.SHOWN, FormText.body != "")


def by_chance(statement: sa.Select[FormText], day: date) -> sa.Select[FormText]:
    """In an order of chance that is another one every day, so that nobody always comes first or last.

    Ids are random, so that neither this order nor its change says what came before what.
    """
    factor = day.toordinal() * 7919 % (_SHUFFLED - 1) + 1
    return statement.order_by((FormText.id % _SHUFFLED) * factor % _SHUFFLED, FormText.id)


def page_of(
    session: Session, statement: sa.Select[FormText], *, number: int, total: int | None = None
) -> Page[FormText]:
    """One page of an ordered list; ``total`` where it is known. Only its own rows are read whole."""
    ids = statement.with_only_columns(FormText.id)
    if total is None:
        counted = statement.with_only_columns(sa.func.count()).order_by(None)
        total = session.scalar(counted) or 0
    found = session.scalars(ids.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    texts = sa.select(FormText).where(FormText.id.in_(found)).options(selectinload(FormText.concerns))
    rows = {text.id: text for text in session.scalars(texts)}
    return Page(rows=[rows[text_id] for text_id in found], number=number, size=PAGE_SIZE, total=total)


def get_moderated_form(session: Session, slug: str) -> FeedbackForm:
    """A form that residents have seen, for a moderator. Raises NotFound."""
    form = session.scalar(
        sa.select(FeedbackForm)
        .where(FeedbackForm.slug == slug.replace("\0", ""), FeedbackForm.published_at.is_not(None))
        .options(selectinload(FeedbackForm.versions), joinedload(FeedbackForm.docket))
    )
    if form is None:
        raise NotFound(_l("There is no such form."))
    return form


def get_moderated_text(session: Session, form: FeedbackForm, text_id: int) -> FormText:
    """A text that a moderator may read. Raises NotFound for one of another form, confidential or erased."""
    text = session.scalar(moderated(form.id).where(FormText.id == text_id, FormText.body != ""))
    if text is None:
        raise NotFound(_l("There is no such text."))
    return text


def count_by_state(session: Session, form: FeedbackForm) -> dict[TextState, int]:
    """How many texts a moderator finds in each state; erased ones are found in none."""
    found = moderated(form.id).where(FormText.body != "")
    rows = session.execute(found.with_only_columns(FormText.state, sa.func.count()).group_by(FormText.state))
    return dict.fromkeys(TextState, 0) | {row.state: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many texts of a form wait for a moderator."""

    form: FeedbackForm
    count: int


def waiting(session: Session) -> list[Waiting]:
    """The forms whose texts wait, those with the most first."""
    counts = (
        sa.select(FormVersion.form_id, sa.func.count().label("count"))
        .select_from(FormText)
        .join(FormText.response)
        .join(FormResponse.version)
        # Spelled out, so that SQLite can go by the index of those that wait.
        .where(sa.text("form_text.state = 'waiting'"))
        .where(FormText.is_confidential.is_(False), FormText.body != "")
        .group_by(FormVersion.form_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(FeedbackForm, counts.c.count)
        .join(counts, counts.c.form_id == FeedbackForm.id)
        .where(FeedbackForm.published_at.is_not(None))
        .options(selectinload(FeedbackForm.versions))
        .order_by(counts.c.count.desc(), FeedbackForm.id)
    )
    return [Waiting(form, count) for form, count in rows]


def moderated_forms(session: Session) -> Sequence[FeedbackForm]:
    """All forms that residents have seen, the newest first."""
    return session.scalars(
        sa.select(FeedbackForm)
        .where(FeedbackForm.published_at.is_not(None))
        .options(selectinload(FeedbackForm.versions))
        .order_by(FeedbackForm.opens_at.desc(), FeedbackForm.id)
    ).all()


def results_of(session: Session, form: FeedbackForm) -> Results:
    """What is told of a form's answers."""
    kept = session.get(FormResult, form.id)
    return from_json(kept.tables) if kept else Results()


def may_be_listed(results: Results, asked: Asked) -> bool:
    """Whether texts may be read one by one: only where it is told how many people wrote one.

    A list of the texts of fewer than ten would tell what the tables do not, such as how few were asked.
    """
    name = asked.name.removesuffix("-Comment") if asked.is_other else asked.name
    # One list holds the texts of all versions: where one is not told, the others would give it away.
    told = [_told(one, asked) for one in results.questions if one.name == name and _asks(one, asked)]
    return results.total is not None and bool(told) and all(told)


def _asks(result: QuestionResult, asked: Asked) -> bool:
    """Whether this question of that name, which versions may ask differently, is answered in words."""
    if not asked.is_other:
        return result.kind in (Kind.SHORT_TEXT, Kind.LONG_TEXT)
    return any(cell.value == OTHER for cell in result.cells)


def _told(result: QuestionResult, asked: Asked) -> bool:
    if not asked.is_other:
        return result.answered is not None
    return any(cell.value == OTHER and cell.count is not None for cell in result.cells)


def quotes(session: Session, form: FeedbackForm, question: str) -> Sequence[FormQuote]:
    """What is quoted of the answers to a question, of texts that are still shown."""
    return session.scalars(
        sa.select(FormQuote)
        .join(FormQuote.text)
        .where(
            FormQuote.form_id == form.id,
            FormQuote.question == question,
            FormText.state == TextState.SHOWN,
            FormText.is_confidential.is_(False),
            FormQuote.stop <= sa.func.length(FormText.body),
        )
        .options(joinedload(FormQuote.text).selectinload(FormText.concerns))
        .order_by(FormQuote.place)
    ).all()


@dataclass(frozen=True, slots=True)
class Counted:
    """What there was to read of one question when its quotes were chosen: a job counts, pages only read it.

    ``concerns`` and ``languages`` are those that shown texts have.
    """

    shown: int = 0
    hidden: Mapping[str, int] = field(default_factory=dict)
    concerns: Sequence[str] = ()
    languages: Sequence[str] = ()


def count_anew(session: Session, form_id: int) -> dict[str, Counted]:
    """By question, at the cost of looking at every text."""
    texts = moderated(form_id)
    states = texts.with_only_columns(
        FormText.question, FormText.state, FormText.hidden_for, sa.func.count().label("how_many")
    ).group_by(FormText.question, FormText.state, FormText.hidden_for)
    shown_ones: dict[str, int] = {}
    hidden: dict[str, dict[str, int]] = {}
    for row in session.execute(states):
        if row.state is TextState.SHOWN:
            shown_ones[row.question] = row.how_many
        elif row.state is TextState.HIDDEN:
            hidden.setdefault(row.question, {})[row.hidden_for.value] = row.how_many
    concerns = (
        shown(form_id).join(FormText.concerns).with_only_columns(FormText.question, FormTextConcern.code)
    )
    languages = shown(form_id).with_only_columns(FormText.question, FormText.language)
    found = [_listed(session, statement) for statement in (concerns, languages)]
    return {
        question: Counted(
            shown_ones.get(question, 0), hidden.get(question, {}), *(one.get(question, []) for one in found)
        )
        for question in sorted(shown_ones.keys() | hidden.keys())
    }


def _listed(session: Session, statement: sa.Select[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for question, code in session.execute(statement.distinct()):
        found.setdefault(question, []).append(code or UNKNOWN)
    return {question: sorted(codes) for question, codes in found.items()}


def counted(session: Session, form: FeedbackForm, question: str) -> Counted:
    """What was counted last of a question."""
    reading = session.get(FormReading, form.id)
    return Counted(**(reading.counts.get(question) or {})) if reading else Counted()


@dataclass(frozen=True, slots=True)
class NotShown:
    """How many texts are kept from readers, by reason. None: some, and fewer than ten.

    ``total`` is None too where it would give such a number away.
    """

    total: int | None
    reasons: Mapping[HiddenFor, int | None]


def not_shown(hidden: Mapping[str, int]) -> NotShown:
    """What was kept from readers of the answers to a question, by reason; erased texts still count."""
    counts = {HiddenFor(reason): count for reason, count in hidden.items()}
    small = [count for count in counts.values() if count < K]
    gives_away = len(small) == 1 or 0 < sum(small) < K
    total = sum(counts.values())
    return NotShown(
        total=None if gives_away or 0 < total < K else total,
        reasons={
            reason: counts[reason] if counts[reason] >= K else None
            for reason in HiddenFor
            if reason in counts
        },
    )


def done_by(session: Session, user: User) -> list[dict[str, object]]:
    """What a person did with forms, for that person's own file: drafts, versions, codes, decisions."""
    drafts = sa.select(FeedbackForm).where(FeedbackForm.host_id == user.id).order_by(FeedbackForm.id)
    versions = (
        sa.select(FormVersion, FeedbackForm.slug)
        .join(FormVersion.form)
        .where(FormVersion.actor_id == user.id)
        .order_by(FormVersion.id)
    )
    batches = (
        sa.select(TicketBatch, FeedbackForm.slug)
        .join(TicketBatch.form)
        .where(TicketBatch.actor_id == user.id)
        .order_by(TicketBatch.id)
    )
    events = (
        sa.select(FormTextEvent, FeedbackForm.slug)
        .join(FeedbackForm, FeedbackForm.id == FormTextEvent.form_id)
        .where(FormTextEvent.actor_id == user.id)
        .order_by(FormTextEvent.id)
    )
    done: list[dict[str, object]] = [
        {"form": form.slug, "did": "drafts it"} for form in session.scalars(drafts)
    ]
    done += [
        _done(slug, f"published version {row.number}", row.published_at)
        for row, slug in session.execute(versions)
    ]
    done += [
        _done(slug, f"made {row.size} codes: {row.label}", row.made_at)
        for row, slug in session.execute(batches)
    ]
    done += [
        _done(slug, f"decided about a text: {row.state}", row.happened_at)
        | {"reason": row.hidden_for, "line": row.id}
        for row, slug in session.execute(events)
    ]
    return done


def _done(slug: str, what: str, happened_at: datetime) -> dict[str, object]:
    return {"form": slug, "did": what, "happened_at": happened_at.isoformat()}
