"""Group the comments that wait for it. May run twice at once, on many machines, and be killed.

A step is one of three: to place a batch of new texts; to compare some texts of a campaign with its exemplar,
or to make its letter anew where a text is gone from it; to tell the reports of what has changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis.campaigns import MIN_WORDS
from engage.analysis.fingerprint import normalise
from engage.analysis.shingles import Shingles
from engage.campaigns.service.refresh import refresh_one
from engage.campaigns.service.shelf import Shelf, copies, shingles_of
from engage.comments.models import COUNT, Campaign, CampaignText, Comment, LetterAnchor, TextAnchor
from engage.db.session import advisory_lock, db, write_transaction
from engage.jobs.queue import wake

GROUP = "group_campaigns"
"""The job that brings new comments into campaigns."""

BATCH = 100
_TOLD_AT_ONCE = 200
_LOCK = 2_870_018
# So many times as often as the exemplar a text must have been sent, to be shown instead: else two texts that
# are sent about equally often would take turns, and all others be compared anew each time.
_OVERTAKES = 2


@dataclass(frozen=True, slots=True)
class _New:
    """A comment that waits; without shingles its text is too short for any campaign."""

    id: int
    period_id: int
    digest: str
    shingles: Shingles | None


def group_due() -> int:
    """Do one step; returns how many comments, texts or campaigns it was about. A job handler."""
    with db.sessionmaker() as session:
        new = _new_comments(session)
        is_stale = session.scalar(sa.select(Campaign.id).where(Campaign.is_stale).limit(1)) is not None
        is_untold = (
            session.scalar(sa.select(CampaignText.id).where(CampaignText.recount).limit(1)) is not None
        )
    if not (new or is_stale or is_untold):
        return 0
    with write_transaction() as session:
        advisory_lock(session, _LOCK)
        if new:
            return _place(session, new)
        return refresh_one(session) or _tell_reports(session)


def _new_comments(session: Session) -> list[_New]:
    """The next batch, read and cut into words before anything is locked."""
    statement = (
        sa.select(Comment.id, Comment.period_id, Comment.body_digest, Comment.body)
        .where(Comment.campaign_due)
        .order_by(Comment.id)
        .limit(BATCH)
    )
    return [
        _New(row.id, row.period_id, row.body_digest, _compared(row.body, row.body_digest))
        for row in session.execute(statement)
    ]


def _compared(body: str, digest: str) -> Shingles | None:
    if not digest or normalise(body).count(" ") < MIN_WORDS - 1:
        return None
    shingles = shingles_of(body)
    # Computed here, where nobody waits for it.
    _ = shingles.distinct
    return shingles


def _place(session: Session, new: Sequence[_New]) -> int:
    """Place what still waits with the text that was read; returns how many comments that are."""
    wanted = {comment.id: comment for comment in new}
    still = session.execute(
        sa.select(Comment.id, Comment.body_digest)
        .where(Comment.id.in_(wanted), Comment.campaign_due)
        .order_by(Comment.id)
        .with_for_update(skip_locked=True, of=Comment)
    ).all()
    ready = [wanted[row.id] for row in still if row.body_digest == wanted[row.id].digest]
    by_period: dict[int, list[_New]] = defaultdict(list)
    for comment in ready:
        if comment.shingles is not None:
            by_period[comment.period_id].append(comment)
    for period_id, comments in sorted(by_period.items()):
        _place_in_period(session, period_id, comments)
    # Counted anew with the campaign that they have now; of a text too short for one nothing has changed.
    in_texts = [comment.id for comments in by_period.values() for comment in comments]
    session.execute(
        sa.update(Comment).where(Comment.id.in_([comment.id for comment in ready])).values(campaign_due=False)
    )
    session.execute(sa.update(Comment).where(Comment.id.in_(in_texts)).values(count_due=True))
    wake(session, COUNT)
    return len(ready)


def _place_in_period(session: Session, period_id: int, comments: Sequence[_New]) -> None:
    shelf = Shelf(session, period_id)
    texts = _texts(session, period_id, [comment.digest for comment in comments])
    first: dict[str, Shingles] = {}
    for comment in comments:
        text = texts.get(comment.digest)
        if (text is None or not text.is_placed) and comment.shingles is not None:
            first.setdefault(comment.digest, comment.shingles)
    shelf.expect(list(first.values()))
    for digest, shingles in first.items():
        if digest not in texts:
            texts[digest] = CampaignText(period_id=period_id, digest=digest)
            session.add(texts[digest])
            session.flush()
        shelf.place(texts[digest], shingles)
    here = list(texts.values())
    sent = copies(session, here)
    for text in here:
        if text.campaign_id is None and sent.get(text.digest, 0) > 1:
            shelf.begin(text.id)
    shelf.store()
    _choose_exemplars(session, here, sent)


def _texts(session: Session, period_id: int, digests: Sequence[str]) -> dict[str, CampaignText]:
    statement = sa.select(CampaignText).where(
        CampaignText.period_id == period_id, CampaignText.digest.in_(digests)
    )
    return {text.digest: text for text in session.scalars(statement)}


def _choose_exemplars(session: Session, texts: Sequence[CampaignText], sent: dict[str, int]) -> None:
    """Show a campaign by a text that came now, where that was sent much more often than the present one."""
    most: dict[int, CampaignText] = {}
    for text in texts:
        number = text.campaign_id
        if number is not None and (number not in most or sent[text.digest] > sent[most[number].digest]):
            most[number] = text
    shown = session.scalars(
        sa.select(CampaignText).where(CampaignText.campaign_id.in_(most), CampaignText.is_exemplar)
    ).all()
    often = copies(session, shown)
    for present in shown:
        text = most[present.campaign_id or 0]
        if text is not present and sent[text.digest] > _OVERTAKES * often.get(present.digest, 0):
            present.is_exemplar, present.recount = False, True
            text.is_exemplar, text.recount = True, True
            session.get_one(Campaign, present.campaign_id).is_stale = True


def _tell_reports(session: Session) -> int:
    """Let the comments of changed texts be counted anew; returns how many texts were done.

    Nobody is waited for: whoever holds one of these comments may be waiting for another. Their texts stay
    for the next time.
    """
    texts = session.scalars(
        sa.select(CampaignText).where(CampaignText.recount).order_by(CampaignText.id).limit(_TOLD_AT_ONCE)
    ).all()
    by_period: dict[int, list[CampaignText]] = defaultdict(list)
    for text in texts:
        by_period[text.period_id].append(text)
    done = 0
    for period_id, some in by_period.items():
        having = sa.select(Comment.id).where(
            Comment.period_id == period_id, Comment.body_digest.in_([text.digest for text in some])
        )
        ids = session.scalars(having.order_by(Comment.id).with_for_update(skip_locked=True, of=Comment)).all()
        total = session.scalar(sa.select(sa.func.count()).select_from(having.subquery()))
        if len(ids) == total:
            for text in some:
                text.recount = False
            done += len(some)
        session.execute(sa.update(Comment).where(Comment.id.in_(ids)).values(count_due=True))
    wake(session, COUNT)
    return done


def regroup_period(session: Session, period_id: int) -> int:
    """Forget how a period is grouped and promise to group it anew; returns how many comments that are.

    A campaign keeps its id where its first text comes into one again. May be called again at any moment.
    """
    advisory_lock(session, _LOCK)
    of_period = sa.select(CampaignText.id).where(CampaignText.period_id == period_id)
    for table in (LetterAnchor, TextAnchor):
        session.execute(sa.delete(table).where(table.period_id == period_id))
    session.execute(
        sa.update(CampaignText)
        .where(CampaignText.id.in_(of_period))
        .values(
            former_id=sa.func.coalesce(CampaignText.campaign_id, CampaignText.former_id),
            campaign_id=None,
            version=None,
            is_exemplar=False,
            is_personal=None,
            compared_with=None,
            is_placed=False,
            recount=True,
        )
    )
    session.execute(sa.update(Campaign).where(Campaign.period_id == period_id).values(is_stale=True))
    comments = sa.update(Comment).where(Comment.period_id == period_id, Comment.body_digest != "")
    done = session.execute(comments.values(campaign_due=True))
    wake(session, GROUP)
    return int(done.rowcount)  # type: ignore[attr-defined]
