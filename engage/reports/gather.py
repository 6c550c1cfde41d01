"""Read the inputs of a report from the database, and the words of comments that it shows.

The same few statements however many comments there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from engage.campaigns import queries as letters
from engage.comments import queries as comments
from engage.comments.filters import UNSTATED
from engage.comments.models import Comment, CommentPeriod
from engage.db.types import LANGUAGES, Localised
from engage.dockets.models import Docket
from engage.dockets.taxonomy import taxonomy_of
from engage.labelling import queries as labelling
from engage.lifecycle.queries import outreach_told
from engage.receipts.queries import newest_head
from engage.reports import docket_side, preparing
from engage.reports.bodies import names_of, without_names
from engage.reports.campaigns import campaigns_of
from engage.reports.inputs import (
    ConcernFacts,
    DistrictFacts,
    Draw,
    Inputs,
    LetterFacts,
    LogFacts,
    MeasureFacts,
    Numbers,
    PeriodFacts,
    QuoteFacts,
    RepeatedFacts,
    TaxonomyFacts,
    ThemeFacts,
)
from engage.reports.letters import letters_in_numbers
from engage.reports.measures import (
    DAILY,
    DISPOSITION,
    MEASURES,
    METHOD,
    MONTHLY,
    OF_CONCERN,
    OF_DISTINCT,
    OF_EACH_LETTER,
    TallyKey,
    factors_of,
)
from engage.reports.models import Tally
from engage.reports.queries import MOST_TEXTS, organisers, shortened, texts_begin, uncounted
from engage.reports.queries import repeated as repeated_rows
from engage.reports.report import Report, make_report
from engage.reports.same_words import keyed, says_the_same
from engage.reports.tables import is_told_by_day
from engage.reports.voices import Speaker, speakers_of, voices_of
from engage.responses import queries as responses
from engage.themes.queries import Quoted, confirmed, quotes

_MEASURES = sorted(
    {DISPOSITION, OF_DISTINCT, OF_CONCERN}
    | {name for name, _ in map(factors_of, MEASURES)} - DAILY - MONTHLY - OF_EACH_LETTER
)
"""Read whole. Of crosses with time and of form letters only some are."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is shown of comments that everybody may read now: quotes by their comment's tracking number, how
    texts begin by their fingerprint, how form letters begin by their campaign, who is shown with concerns by
    tracking number; and the names of bodies by their id.
    """

    quotes: Mapping[str, Quoted] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[int, str] = field(default_factory=dict)
    voices: Mapping[str, Speaker] = field(default_factory=dict)
    bodies: Mapping[int, Localised] = field(default_factory=dict)


def open_report(session: Session, period: CommentPeriod, now: datetime) -> tuple[Report, Words]:
    """The report of a period as it is counted now, and the words that it shows."""
    quoted = quotes(session, period, now)
    inputs = _inputs(session, period, now, quoted)
    shown = {quote.comment.tracking_number: quote for quote in quoted}
    return make_report(inputs), _words(session, period, inputs, now, shown)


def inputs_of(session: Session, period: CommentPeriod, now: datetime) -> Inputs:
    """All of which the report of a period is made, as it is now. Only counted numbers; of comments no more is
    read than what is quoted.
    """
    return _inputs(session, period, now, quotes(session, period, now))


def words_of(session: Session, period: CommentPeriod, inputs: Inputs, now: datetime) -> Words:
    """The words to which the inputs refer, as far as everybody may read them now."""
    return _words(session, period, inputs, now, quoted_again(session, inputs.quotes, now))


def _inputs(session: Session, period: CommentPeriod, now: datetime, quoted: Iterable[Quoted]) -> Inputs:
    docket = docket_side.load_docket(session, period)
    numbers = numbers_of(session, period)
    counted = preparing.counted(session, period)
    draw = labelling.drawn(session, period)
    districts = comments.districts(session)
    outreach = outreach_told(session, docket, now, [place.code for place in districts])
    return Inputs(
        period=_period(period, now),
        read_at=now,
        counted_at=counted.at,
        uncounted=uncounted(session, period),
        numbers=numbers,
        taxonomy=_taxonomy(docket),
        districts=tuple(DistrictFacts(place.id, place.code, place.name) for place in districts),
        draw=Draw(*draw) if draw else None,
        measures=_measures(session, period) if draw else (),
        themes=tuple(
            ThemeFacts(theme.id, theme.name or Localised()) for theme in confirmed(session, docket.id)
        ),
        quotes=keyed(map(_quote, quoted)),
        voices=keyed(voices_of(session, period, now)),
        repeated=_repeated(session, period),
        letters=_letters(session, numbers),
        meetings=docket_side.meetings_of(session, period, now),
        decision=docket_side.decision(docket),
        census=docket_side.census(session),
        clauses=docket_side.clauses_of(docket, period, now),
        forms=docket_side.forms_of(session, docket, now),
        method=METHOD,
        base_url=current_app.config["ENGAGE_SETTINGS"].base_url,
        log=_log(session),
        answers=responses.told(session, period, now),
        outreach=without_names(outreach),
        is_read=counted.is_read,
        is_grouped=preparing.is_grouped(session, period),
    )


def _words(
    session: Session, period: CommentPeriod, inputs: Inputs, now: datetime, quoted: Mapping[str, Quoted]
) -> Words:
    listed = {letter.campaign: letter.texts for letter in inputs.letters}
    return Words(
        quotes=quoted,
        texts=texts_begin(session, period, [each.text for each in inputs.repeated]),
        letters={
            number: shortened(comment.body)
            for number, comment in letters.exemplars(session, listed, now).items()
        },
        voices=speakers_of(session, inputs.voices, now),
        bodies=names_of(session, inputs),
    )


def quoted_again(session: Session, told: Iterable[QuoteFacts], now: datetime) -> dict[str, Quoted]:
    """These quotes, by their comment's number, as far as everybody may read the same text there now.

    Found by what is kept of them, so that a published report quotes the same after others were chosen.
    """
    wanted = {quote.tracking_number: quote for quote in told}
    found = session.scalars(
        comments.with_details(comments.public_comments(now).where(Comment.tracking_number.in_(wanted)))
    )
    return {
        comment.tracking_number: Quoted(comment, quote.start, quote.stop)
        for comment in found
        if says_the_same(comment, quote := wanted[comment.tracking_number])
    }


def numbers_of(session: Session, period: CommentPeriod) -> Numbers:
    """All that is counted of a period and that a report needs: of time the days or the months, not both; of
    form letters the largest, and all together.
    """
    wanted = sa.select(Tally.measure, Tally.key, Tally.n).where(Tally.period_id == period.id)
    plain = wanted.where(Tally.measure.in_(_MEASURES))
    numbers = {TallyKey(measure, key): n for measure, key, n in session.execute(plain)}
    spans = DAILY if is_told_by_day(numbers) else MONTHLY
    of_time = session.execute(wanted.where(Tally.measure.in_(spans)))
    numbers |= {TallyKey(measure, key): n for measure, key, n in of_time}
    return numbers | letters_in_numbers(session, period)


def _period(period: CommentPeriod, now: datetime) -> PeriodFacts:
    return PeriodFacts(
        slug=period.slug,
        title=period.title,
        summary=period.summary,
        opens_at=period.opens_at,
        closes_at=period.closes_at,
        time_zone=period.time_zone,
        state=period.state(now),
        docket_slug=period.docket.slug,
        docket_title=period.docket.title,
        late_policy=period.late_policy,
    )


def _taxonomy(docket: Docket) -> TaxonomyFacts:
    taxonomy = taxonomy_of(docket)
    return TaxonomyFacts(
        taxonomy.name,
        taxonomy.version,
        taxonomy.digest,
        tuple(
            ConcernFacts(code, Localised(*(taxonomy.name_of(code, language) for language in LANGUAGES)))
            for code in taxonomy.codes
        ),
    )


def _measures(session: Session, period: CommentPeriod) -> tuple[MeasureFacts, ...]:
    found = labelling.measures(session, period)
    return tuple(MeasureFacts(kind, code, tuple(pairs)) for (kind, code), pairs in sorted(found.items()))


def _quote(quoted: Quoted) -> QuoteFacts:
    comment = quoted.comment
    return QuoteFacts(
        comment.tracking_number, comment.position or UNSTATED, quoted.start, quoted.stop, comment.body_digest
    )


def _repeated(session: Session, period: CommentPeriod) -> tuple[RepeatedFacts, ...]:
    rows = repeated_rows(session, period, limit=MOST_TEXTS)
    names = organisers(session, period, [text for text, _ in rows])
    return tuple(RepeatedFacts(text, n, names[text]) for text, n in rows)


def _letters(session: Session, numbers: Numbers) -> tuple[LetterFacts, ...]:
    """Of the few letters that are listed."""
    listed = [row.id for row in campaigns_of(numbers, 0).largest]
    texts = letters.different_texts(session, listed)
    return tuple(LetterFacts(number, texts[number]) for number in listed if number in texts)


def _log(session: Session) -> LogFacts | None:
    head = newest_head(session)
    return LogFacts(head.size, head.root.hex()) if head else None
