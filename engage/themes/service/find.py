"""Read the posted comments of a docket for themes, quotes and what is said of each concern.

May run twice at once, and be killed.

Each docket is looked at every few minutes, and read again once enough has changed. Nothing is locked while
the texts are read; what is found is written in one transaction, unless somebody else was first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import UNKNOWN, CampaignIndex, Taxonomy
from engage.analysis import quotes as quoting
from engage.analysis.fingerprint import sum_of
from engage.analysis.semantic import Embedder
from engage.analysis.themes import Theme as FoundTheme
from engage.analysis.themes import find_themes
from engage.analysis.voices import Mention
from engage.clock import utcnow
from engage.comments.models import Comment, CommentAnalysis, CommentConcern, CommentPeriod, Disposition
from engage.comments.redacted import blanked
from engage.comments.similar import vectors_of
from engage.db.session import advisory_lock, db, write_transaction
from engage.dockets.models import Docket
from engage.dockets.taxonomy import analyser_of
from engage.themes.models import DocketReading, Excerpt, Quote
from engage.themes.service.excerpts import draw_mentions, excerpts_of, store_excerpts
from engage.themes.service.keep import keep_themes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = Mapping[int, NDArray[np.float32]]

LOOK_EVERY = timedelta(minutes=10)
# A tenth more or fewer comments than were read are enough to read again.
_ENOUGH = 10
# More comments are not read. Their ids are random, and so are those that are.
MOST_READ = 200_000
QUOTES = 6
# Of fewer different comments a reader reads all, and needs no choice.
FEWEST_TO_QUOTE = 20
_LOCK = 2_870_008
_AT_ONCE = 10_000


@dataclass(slots=True)
class _Text:
    """What is read of one posted comment."""

    comment_id: int
    period_id: int
    body: str
    digest: str
    position: str | None
    language: str
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class _Docket:
    """A docket that is due: how many comments are posted, and what was known when it was looked at."""

    id: int
    posted: int
    looked_at: datetime | None
    needs_reading: bool


def find_due() -> int:
    """Look at one docket that is due; returns whether there was one, as 0 or 1. A job handler."""
    return _find(_due)


def find_now(docket_id: int) -> int:
    """Read a docket at once where what is posted is not what was read; returns whether it was, as 0 or 1.

    Nothing is read while some of it waits to be measured. Opens its own transactions.
    """
    return _find(lambda session, _now: _changed(session, docket_id))


def _find(which: Callable[[Session, datetime], _Docket | None]) -> int:
    with db.sessionmaker() as session:
        docket = which(session, utcnow())
        if docket is None:
            return 0
        texts = _read(session, docket.id) if docket.needs_reading else []
        # Known by what was read: a comment that comes at this moment is not among it.
        read = sum_of(text.digest for text in texts) if len(texts) < MOST_READ else _sum(session, docket.id)
        concerns = _concerns(session, docket.id, texts[-1]) if texts else {}
        analyser = analyser_of(session.get_one(Docket, docket.id))
        vectors = _vectors(session, texts, analyser.embedder)
        drawn = draw_mentions(session, _by_period(texts), concerns)
    found = find_themes(
        [text.body for text in texts],
        [text.language for text in texts],
        vectors=_matrix(texts, vectors),
        campaigns=[text.campaign for text in texts],
        concerns=[concerns.get(text.comment_id, ()) for text in texts],
    )
    quotes = _quotes(texts, vectors, analyser.taxonomy)
    excerpts = excerpts_of(drawn, vectors, analyser.taxonomy)
    with write_transaction() as session:
        advisory_lock(session, _LOCK)
        if _looked_at(session, docket.id) == docket.looked_at:
            if docket.needs_reading:
                _store(session, docket.id, texts, found, quotes)
                store_excerpts(session, docket.id, excerpts)
            _note(session, docket, read)
    return 1


def _due(session: Session, now: datetime) -> _Docket | None:
    recently = sa.select(DocketReading.docket_id).where(DocketReading.looked_at > now - LOOK_EVERY)
    docket_id = session.scalar(
        _measured().where(CommentPeriod.docket_id.not_in(recently)).order_by(CommentPeriod.docket_id).limit(1)
    )
    if docket_id is None:
        return None
    posted, last = _count(session, docket_id), session.get(DocketReading, docket_id)
    return _Docket(
        id=docket_id,
        posted=posted,
        looked_at=last.looked_at if last else None,
        needs_reading=last is None
        or abs(posted - last.posted) * _ENOUGH >= max(last.posted, 1)
        or _has_lost_quotes(session, docket_id),
    )


def _changed(session: Session, docket_id: int) -> _Docket | None:
    if session.scalar(_measured().where(CommentPeriod.docket_id == docket_id).limit(1)) is None:
        return None
    posted, last = _count(session, docket_id), session.get(DocketReading, docket_id)
    is_same = last is not None and last.posted == posted and last.texts == _sum(session, docket_id)
    if is_same and not _has_lost_quotes(session, docket_id):
        return None
    return _Docket(docket_id, posted, last.looked_at if last else None, needs_reading=True)


def _measured() -> sa.Select[int]:
    """The dockets all of whose posted comments are measured: what waits for it has no language yet."""
    waits = sa.exists().where(
        Comment.period_id == CommentPeriod.id,
        Comment.disposition == Disposition.POSTED,
        Comment.analysis_due,
    )
    busy = sa.select(CommentPeriod.docket_id).where(waits)
    return sa.select(CommentPeriod.docket_id).where(CommentPeriod.docket_id.not_in(busy))


def _count(session: Session, docket_id: int) -> int:
    return session.scalar(_posted(docket_id).with_only_columns(sa.func.count())) or 0


def _sum(session: Session, docket_id: int) -> int:
    """The sum of the fingerprints of all that is posted."""
    digests = _posted(docket_id).with_only_columns(Comment.body_digest)
    return sum_of(session.scalars(digests.execution_options(yield_per=_AT_ONCE)))


def _posted(docket_id: int) -> sa.Select[int]:
    periods = sa.select(CommentPeriod.id).where(CommentPeriod.docket_id == docket_id)
    return sa.select(Comment.id).where(
        Comment.period_id.in_(periods), Comment.disposition == Disposition.POSTED
    )


def _has_lost_quotes(session: Session, docket_id: int) -> bool:
    """Whether a comment that is quoted or shown is not posted any more, or says something else."""
    return any(session.scalar(_lost(table, docket_id)) is not None for table in (Quote, Excerpt))


def _lost(table: type[Quote | Excerpt], docket_id: int) -> sa.Select[int]:
    return (
        sa.select(table.comment_id)
        .join(Comment, Comment.id == table.comment_id)
        .join(CommentPeriod, CommentPeriod.id == table.period_id)
        .where(
            CommentPeriod.docket_id == docket_id,
            sa.or_(Comment.disposition != Disposition.POSTED, Comment.body_digest != table.body_digest),
        )
        .limit(1)
    )


def _read(session: Session, docket_id: int) -> list[_Text]:
    campaigns: CampaignIndex[int] = CampaignIndex()
    rows = session.execute(
        _posted(docket_id)
        .outerjoin(CommentAnalysis, CommentAnalysis.comment_id == Comment.id)
        .with_only_columns(
            Comment.id,
            Comment.period_id,
            Comment.body,
            Comment.body_digest,
            Comment.position,
            CommentAnalysis.language,
        )
        .order_by(Comment.id)
        .limit(MOST_READ)
        .execution_options(yield_per=_AT_ONCE)
    )
    # What many say in the same words is kept once.
    once: dict[str, str] = {}
    texts = []
    for number, period_id, body, digest, position, language in rows:
        said = blanked(body)
        campaigns.add(number, said)
        told = (once.setdefault(one, one) for one in (said, digest, language or UNKNOWN))
        said, digest, language = told
        texts.append(_Text(number, period_id, said, digest, position, language))
    campaign = {member: group.id for group in campaigns.groups() for member in group.members}
    for text in texts:
        text.campaign = campaign.get(text.comment_id)
    return texts


def _by_period(texts: list[_Text]) -> dict[int, list[Mention[int]]]:
    found: dict[int, list[Mention[int]]] = defaultdict(list)
    for text in texts:
        found[text.period_id].append(
            Mention(text.comment_id, text.body, text.digest, text.position, text.campaign, text.language)
        )
    return found


def _concerns(session: Session, docket_id: int, last: _Text) -> dict[int, tuple[str, ...]]:
    """Of the texts that are read: those up to the last by their ids, which are in order."""
    found: dict[int, tuple[str, ...]] = {}
    rows = sa.select(CommentConcern.comment_id, CommentConcern.code).where(
        CommentConcern.comment_id.in_(_posted(docket_id).where(Comment.id <= last.comment_id))
    )
    # Many raise the same ones: those are kept once.
    once: dict[tuple[str, ...], tuple[str, ...]] = {}
    for comment_id, code in session.execute(rows.execution_options(yield_per=_AT_ONCE)):
        codes = (*found.get(comment_id, ()), code)
        found[comment_id] = once.setdefault(codes, codes)
    return found


def _vectors(session: Session, texts: list[_Text], embedder: Embedder | None) -> Vectors:
    """By comment, where the site goes by meaning; none where some texts have not got theirs yet."""
    if embedder is None:
        return {}
    found = vectors_of(session, [text.comment_id for text in texts], embedder)
    return found if len(found) == len(texts) else {}


def _matrix(texts: list[_Text], vectors: Vectors) -> NDArray[np.float32] | None:
    if not texts or not vectors:
        return None
    import numpy as np

    return np.stack([vectors[text.comment_id] for text in texts])


def _quotes(texts: list[_Text], vectors: Vectors, taxonomy: Taxonomy) -> list[Quote]:
    by_period: dict[int, list[_Text]] = defaultdict(list)
    for text in texts:
        by_period[text.period_id].append(text)
    return [
        quote
        for period_id, own in by_period.items()
        if len({text.campaign or text.digest for text in own}) >= FEWEST_TO_QUOTE
        for quote in _quotes_of(period_id, own, vectors, taxonomy)
    ]


def _quotes_of(period_id: int, texts: list[_Text], vectors: Vectors, taxonomy: Taxonomy) -> Iterator[Quote]:
    digests = {text.comment_id: text.digest for text in texts}
    chosen = quoting.choose(
        [_candidate(text) for text in texts], QUOTES, vectors=_matrix(texts, vectors), taxonomy=taxonomy
    )
    for place, quote in enumerate(chosen, 1):
        yield Quote(
            period_id=period_id,
            place=place,
            comment_id=quote.id,
            body_digest=digests[quote.id],
            start=quote.start,
            stop=quote.end,
        )


def _candidate(text: _Text) -> quoting.Candidate[int]:
    return quoting.Candidate(text.comment_id, text.body, text.position, text.campaign, text.language)


def _store(
    session: Session,
    docket_id: int,
    texts: list[_Text],
    found: tuple[FoundTheme, ...],
    quotes: list[Quote],
) -> None:
    keep_themes(session, docket_id, found, [text.comment_id for text in texts])
    periods = sa.select(CommentPeriod.id).where(CommentPeriod.docket_id == docket_id)
    session.execute(
        sa.delete(Quote).where(Quote.period_id.in_(periods)).execution_options(synchronize_session=False)
    )
    session.add_all(quotes)
    session.flush()


def _looked_at(session: Session, docket_id: int) -> datetime | None:
    return session.scalar(sa.select(DocketReading.looked_at).where(DocketReading.docket_id == docket_id))


def _note(session: Session, docket: _Docket, read: int) -> None:
    reading = session.get(DocketReading, docket.id)
    if reading is None:
        reading = DocketReading(docket_id=docket.id)
        session.add(reading)
    reading.looked_at = utcnow()
    if docket.needs_reading:
        reading.posted, reading.texts = docket.posted, read
