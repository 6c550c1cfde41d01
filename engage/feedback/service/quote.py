"""Choose what the results quote: sentences of shown texts that cover as many distinct points as can be; and
count what there is to read.

Nobody picks them by hand. The method is the one of the report on comments (``engage.analysis.quotes``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.analysis import UNKNOWN, Taxonomy, default_taxonomy, fingerprint
from engage.analysis import quotes as quoting
from engage.comments.redacted import blanked
from engage.db.session import db, write_transaction
from engage.dockets.models import Docket
from engage.dockets.taxonomy import NEEDED_TO_ANALYSE, taxonomy_of
from engage.feedback import text_queries
from engage.feedback.models import FeedbackForm, FormQuote, FormReading, FormText, TextState
from engage.jobs.queue import wake

QUOTE = "quote_answers"
"""The job that chooses quotes anew where texts were shown, hidden or changed."""

QUOTES = 6
"""The most quotes of one question."""

FEWEST_TO_QUOTE = 10
"""Of fewer different texts none is chosen: they can all be read."""

_MOST_READ = quoting.MOST_OF_A_SIDE


def quote_due() -> int:
    """Choose the quotes of one form whose shown texts have changed; returns how many forms. A job."""
    with db.sessionmaker() as session:
        form_id = session.scalar(sa.select(FormReading.form_id).where(FormReading.quotes_due).limit(1))
    if form_id is None:
        return 0
    # What changes from here on makes quotes due once more, so nothing is missed.
    with write_transaction() as session:
        session.execute(sa.update(FormReading).where(FormReading.form_id == form_id).values(quotes_due=False))
    with db.sessionmaker() as session:
        taxonomy = _taxonomy(session, form_id)
        counts = text_queries.count_anew(session, form_id)
        texts = {question: _read(session, form_id, question) for question in counts}
    chosen = {question: _choose(own, taxonomy) for question, own in texts.items()}
    with write_transaction() as session:
        reading = session.get_one(FormReading, form_id)
        reading.counts = {question: asdict(one) for question, one in counts.items()}
        _store(session, form_id, chosen, {text.id: text.body for own in texts.values() for text in own})
    return 1


def let_quotes_be_chosen(session: Session, form_ids: Collection[int]) -> None:
    """Promise to choose the quotes of these forms anew."""
    rows = [{"form_id": form_id, "quotes_due": True, "counts": {}} for form_id in sorted(form_ids)]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(FormReading).values(rows)
    session.execute(
        statement.on_conflict_do_update(index_elements=["form_id"], set_={"quotes_due": sa.true()})
    )
    wake(session, QUOTE)


def forget_quotes(session: Session, text_ids: Collection[int]) -> None:
    """Quote these texts no more, at once."""
    session.execute(sa.delete(FormQuote).where(FormQuote.text_id.in_(text_ids)))


def _taxonomy(session: Session, form_id: int) -> Taxonomy:
    form = session.get_one(FeedbackForm, form_id)
    if form.docket_id is None:
        return default_taxonomy()
    return taxonomy_of(session.get_one(Docket, form.docket_id, options=NEEDED_TO_ANALYSE))


def _read(session: Session, form_id: int, question: str) -> Sequence[FormText]:
    """What may be quoted of one question. Ids are random, so that the first of many are drawn by chance."""
    texts = text_queries.shown(form_id).where(FormText.question == question)
    return session.scalars(texts.order_by(FormText.id).limit(_MOST_READ)).all()


def _choose(texts: Iterable[FormText], taxonomy: Taxonomy) -> tuple[quoting.Quote[int], ...]:
    candidates = [
        quoting.Candidate(
            text.id, blanked(text.body) if text.is_redacted else text.body, language=text.language or UNKNOWN
        )
        for text in texts
    ]
    if len({fingerprint(candidate.text) for candidate in candidates}) < FEWEST_TO_QUOTE:
        return ()
    chosen = quoting.choose(candidates, QUOTES, taxonomy=taxonomy)
    return tuple(quote for quote in chosen if "█" not in quote.text)


def _store(
    session: Session,
    form_id: int,
    chosen: dict[str, tuple[quoting.Quote[int], ...]],
    bodies: dict[int, str],
) -> None:
    """Put these in place of the quotes of before, without those of texts that are no longer as they were."""
    session.execute(sa.delete(FormQuote).where(FormQuote.form_id == form_id))
    wanted = [quote.id for quotes in chosen.values() for quote in quotes]
    # Locked: whoever hides one of them meanwhile waits, and then deletes its quote.
    locked = sa.select(FormText).where(FormText.id.in_(wanted)).order_by(FormText.id).with_for_update()
    left = {
        text.id
        for text in session.scalars(locked)
        if text.state is TextState.SHOWN and text.body == bodies[text.id]
    }
    session.add_all(
        FormQuote(
            form_id=form_id,
            question=question,
            place=place,
            text_id=quote.id,
            start=quote.start,
            stop=quote.end,
        )
        for question, quotes in chosen.items()
        for place, quote in enumerate(quotes, 1)
        if quote.id in left
    )
