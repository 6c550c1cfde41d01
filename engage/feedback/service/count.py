"""Open the boxes and tell what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, selectinload

from engage.clock import to_wall_clock, utcnow
from engage.db.session import db, write_transaction
from engage.db.types import LANGUAGES
from engage.feedback.counting.plan import Plan, make_plan
from engage.feedback.counting.tally import Counted, Tally
from engage.feedback.counting.tell import TextCounts, tell
from engage.feedback.models import (
    BoxedAnswer,
    Channel,
    FeedbackForm,
    FormResponse,
    FormResult,
    FormStatus,
    FormText,
    FormTextConcern,
    FormTicket,
    FormVersion,
)
from engage.feedback.results import Results, to_json
from engage.feedback.service.box import locked_result, open_box, opened, wanted
from engage.survey.suppression import K
from engage.web.locale import site_time_zone

_HANDFUL = 2000
"""So many answers are in memory at once while they are counted."""

log = structlog.get_logger()


def count_due() -> int:
    """Make results anew where answers wait to be counted. May run twice at once.

    The box is opened in a transaction of its own: nobody who sends an answer waits for the counting, which
    reads what was written until then and says so.
    """
    now = utcnow()
    with db.sessionmaker() as session:
        due = [waiting.form_id for waiting in _waiting(session) if waiting.is_due(now)]
    return sum(_do(form_id, now) for form_id in due)


def count_again(session: Session, form: FeedbackForm, now: datetime) -> bool:
    """Count a form's answers anew and keep what can be told of them; returns whether that is kept.

    Not where results were told that differ by fewer than K answers: the difference would tell of them alone.
    Then the result stays stale until more have come.
    """
    found = _count(session, form)
    return _keep(session, form, found, now)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What a form's box holds and what its result says of it."""

    form_id: int
    form: FeedbackForm
    boxed: int
    counted: int
    unreadable: int
    is_stale: bool
    is_final: bool

    def is_due(self, now: datetime) -> bool:
        readable = self.boxed - self.unreadable
        is_final = self.form.status(now) is FormStatus.CLOSED and not readable
        return (
            self.is_stale
            or is_final != self.is_final
            or wanted(self.form, boxed=readable, counted=self.counted, now=now) > 0
        )


def _waiting(session: Session) -> Iterator[_Waiting]:
    """The forms that have answers in the box, or a result. Cheap: asked after every answer."""
    boxed = (
        sa.select(FormVersion.form_id, sa.func.count().label("number"))
        .join(BoxedAnswer, BoxedAnswer.version_id == FormVersion.id)
        .group_by(FormVersion.form_id)
        .subquery()
    )
    query = (
        sa.select(
            FeedbackForm,
            boxed.c.number,
            FormResult.counted,
            FormResult.tables["unreadable"].as_integer(),
            FormResult.is_stale,
            FormResult.is_final,
        )
        .outerjoin(boxed, boxed.c.form_id == FeedbackForm.id)
        .outerjoin(FormResult, FormResult.form_id == FeedbackForm.id)
        .where(sa.or_(boxed.c.number > 0, FormResult.form_id.is_not(None)))
        .order_by(FeedbackForm.id)
    )
    for form, number, counted, unreadable, is_stale, is_final in session.execute(query):
        yield _Waiting(
            form.id, form, number or 0, counted or 0, unreadable or 0, bool(is_stale), bool(is_final)
        )


def _do(form_id: int, now: datetime) -> int:
    """Open one form's box, and count where that changed something; 1 where it did."""
    with write_transaction() as session:
        form = _form(session, form_id)
        if form.status(now) is FormStatus.CLOSED:
            # What was sent in time may not be written yet, and nobody would ever count so few.
            session.execute(sa.select(FeedbackForm.id).where(FeedbackForm.id == form_id).with_for_update())
        result = locked_result(session, form)
        opened = open_box(session, form, now)
        told_unreadable = result.tables.get("unreadable", 0)
        is_other = opened.unreadable is not None and opened.unreadable != told_unreadable
        if is_other:
            log.error("form_answers_unreadable", form=form.id, answers=opened.unreadable)
        result.is_stale = result.is_stale or opened.taken > 0 or is_other
        changed = opened.taken > 0 or _set_final(session, form, result, now)
        if not result.is_stale or not _may_tell(result, _total(session, form)):
            return int(changed)
    with _snapshot() as session:
        found = _count(session, _form(session, form_id))
    with write_transaction() as session:
        return int(_keep(session, _form(session, form_id), found, now))


def _form(session: Session, form_id: int) -> FeedbackForm:
    return session.get_one(FeedbackForm, form_id, options=[selectinload(FeedbackForm.versions)])


def _snapshot() -> Session:
    """A session that sees one state of the database, however long it reads; and holds up nobody."""
    session = db.sessionmaker()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


@dataclass(frozen=True, slots=True)
class _Found:
    """Results, of how many answers."""

    results: Results
    total: int


def _keep(session: Session, form: FeedbackForm, found: _Found, now: datetime) -> bool:
    """Keep what was found, unless more was written since or it must not be told."""
    result = locked_result(session, form)
    if _total(session, form) != found.total:
        result.is_stale = True
        return False
    if not _may_tell(result, found.total):
        result.is_stale = True
        return False
    result.tables = to_json(found.results)
    result.counted, result.is_stale = found.total, False
    result.counted_on = to_wall_clock(now, site_time_zone()).date()
    _set_final(session, form, result, now)
    session.flush()
    return True


def _may_tell(result: FormResult, total: int) -> bool:
    """Whether results of so many answers may follow those that were told: by K more or fewer, or the same."""
    return result.counted < K or total == result.counted or abs(total - result.counted) >= K


def _set_final(session: Session, form: FeedbackForm, result: FormResult, now: datetime) -> bool:
    """Say whether nothing more will come; returns whether that is new."""
    boxed = sa.select(sa.func.count()).select_from(BoxedAnswer).where(_of(form, BoxedAnswer.version_id))
    waiting = (session.scalar(boxed) or 0) - result.tables.get("unreadable", 0)
    is_final = form.status(now) is FormStatus.CLOSED and waiting <= 0
    is_new = is_final != result.is_final
    result.is_final = is_final
    return is_new


def _of(form: FeedbackForm, version_id: Any) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = version_id.in_(
        sa.select(FormVersion.id).where(FormVersion.form_id == form.id)
    )
    return found


def _total(session: Session, form: FeedbackForm) -> int:
    query = sa.select(sa.func.count()).select_from(FormResponse).where(_of(form, FormResponse.version_id))
    return session.scalar(query) or 0


def _count(session: Session, form: FeedbackForm) -> _Found:
    """Count all answers of a form. Their number is counted too, so that it fits what was read."""
    numbers = {one.id: one.number for one in form.versions}
    plan = make_plan({one.number: one.asked for one in form.versions})
    tally = Tally(plan, LANGUAGES)
    for handful in _handfuls(session, numbers, plan):
        tally.add(handful)
    _answers, shut = opened(session, {one.id: one for one in form.versions})
    results = tell(tally, _text_counts(session, numbers, plan), unreadable=shut)
    return _Found(results, tally.total)


def _handfuls(session: Session, numbers: dict[int, int], plan: Plan) -> Iterator[list[Counted]]:
    """All answers, some at a time. Of texts only that they are there, but for those that conditions read."""
    said = (
        sa.select(sa.func.aggregate_strings(FormText.question, " "))
        .where(FormText.response_id == FormResponse.id)
        .scalar_subquery()
    )
    query = sa.select(
        FormResponse.id,
        FormResponse.version_id,
        FormResponse.language,
        FormResponse.channel,
        FormResponse.is_doubtful,
        FormResponse.answers,
        said,
    ).where(FormResponse.version_id.in_(numbers))
    deciding = _deciding_texts(plan)
    for rows in session.execute(query.execution_options(yield_per=_HANDFUL)).partitions():
        bodies = _bodies(session, [row[0] for row in rows], deciding) if deciding else {}
        yield [
            Counted(
                numbers[version_id],
                language,
                channel.value,
                is_doubtful,
                dict.fromkeys((names or "").split(), "…") | bodies.get(id_, {}) | answers,
            )
            for id_, version_id, language, channel, is_doubtful, answers, names in rows
        ]


def _deciding_texts(plan: Plan) -> set[str]:
    """The questions answered in words on which it hangs who is asked others."""
    keys = {gate.key for asking in plan.askings for gate in asking.gates}
    return {one.question.name for one in plan.askings if one.key in keys and one.question.is_text}


def _bodies(session: Session, ids: list[int], names: set[str]) -> dict[int, dict[str, str]]:
    query = sa.select(FormText.response_id, FormText.question, FormText.body)
    found: dict[int, dict[str, str]] = {}
    chosen = query.where(FormText.response_id.in_(ids), FormText.question.in_(names))
    for response_id, name, body in session.execute(chosen):
        found.setdefault(response_id, {})[name] = body
    return found


def _text_counts(session: Session, numbers: dict[int, int], plan: Plan) -> dict[str, TextCounts]:
    """What the analysis found in the texts, by the question's key. In four statements, however many."""
    found: dict[str, TextCounts] = {}

    def of(version_id: int, name: str) -> TextCounts:
        key = plan.key_of.get((numbers[version_id], name))
        # What somebody wrote beside "other" is read too, and told of nowhere.
        return TextCounts() if key is None else found.setdefault(key, TextCounts())

    place = FormResponse.version_id, FormText.question
    written = _texts(numbers, *place, sa.func.count(), sa.func.count(FormText.analysed_with)).group_by(*place)
    for version_id, name, number, read in session.execute(written):
        counts = of(version_id, name)
        counts.written += number
        counts.read += read
    is_read = FormText.analysed_with.is_not(None)
    for column in (FormText.language, FormText.tone):
        by = _texts(numbers, *place, column, sa.func.count()).where(is_read).group_by(*place, column)
        for version_id, name, value, number in session.execute(by):
            counts = of(version_id, name)
            (counts.languages if column is FormText.language else counts.tones)[value or "und"] += number
    code = FormTextConcern.code
    concerns = _texts(numbers, *place, code, sa.func.count()).join(
        FormTextConcern, FormTextConcern.text_id == FormText.id
    )
    for version_id, name, value, number in session.execute(concerns.where(is_read).group_by(*place, code)):
        of(version_id, name).concerns[value] += number
    return found


def _texts(numbers: dict[int, int], *columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(FormText)
        .join(FormResponse, FormText.response_id == FormResponse.id)
        .where(FormResponse.version_id.in_(numbers))
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """Tickets that were spent, and the answers that they were spent for: in the box or counted."""

    spent: int
    boxed: int
    counted: int

    @property
    def is_even(self) -> bool:
        """Whether there is an answer for every spent ticket, and a ticket for every answer."""
        return self.spent == self.boxed + self.counted


def balance(session: Session, form: FeedbackForm) -> Balance:
    """What must be even at any time, whatever was killed; answers collected elsewhere have no ticket."""
    spent = sa.select(sa.func.count()).where(FormTicket.form_id == form.id, FormTicket.is_spent)
    boxed = sa.select(sa.func.count()).select_from(BoxedAnswer).where(_of(form, BoxedAnswer.version_id))
    counted = (
        sa.select(sa.func.count())
        .select_from(FormResponse)
        .where(_of(form, FormResponse.version_id), FormResponse.channel != Channel.IMPORT)
    )
    return Balance(*(session.scalar(query) or 0 for query in (spent, boxed, counted)))
