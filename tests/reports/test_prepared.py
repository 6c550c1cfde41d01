"""Before a report is frozen, everything is looked for; until then nobody is told that there is none."""

from __future__ import annotations

import json

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod
from engage.moderation.service import withdraw_comment
from engage.reports.frozen import store
from engage.reports.gather import inputs_of
from engage.reports.models import ReportVersion
from engage.reports.preparing import waiting
from engage.reports.service.count import count_due
from engage.reports.service.publish import ask_for_version, publish_due
from engage.themes.models import Excerpt, Quote
from tests.support import makers

LETTER = (
    "I ask the board to vote against this agreement, because our deputies are needed on the roads of this "
    "county, because the training costs more than the budget has for it, and because neighbors who are "
    "afraid do not call when they see a crime."
)


def unread_period(session: Session) -> CommentPeriod:
    """Posted comments that nothing has looked at, among them versions of one letter."""
    period = makers.comment_period(session)
    for number in range(4):
        makers.comment(session, period, body=f"{LETTER} I am neighbor {number}.")
    for number in range(24):
        makers.comment(
            session,
            period,
            position="support" if number % 2 else "oppose",
            body=f"Street {number} needs {'more' if number % 2 else 'other'} patrols than number {number}. "
            f"Instead, the county should pay for {number} more hours of training for its deputies.",
        )
    session.commit()
    return period


def sections_in(told: bytes) -> dict[str, str]:
    return {part["id"]: json.dumps(part, ensure_ascii=False) for part in json.loads(told)["sections"]}


class TestPublishing:
    def test_groups_measures_reads_and_counts_what_waits(self, session: Session) -> None:
        period = unread_period(session)
        ask_for_version(session, period, note=makers.both("First"), actor=None, now=utcnow())
        session.commit()

        assert publish_due() == 1

        session.expire_all()
        version = session.scalars(sa.select(ReportVersion)).one()
        inputs = store.inputs_of_version(session, version)
        assert (inputs.is_read, inputs.is_grouped, inputs.uncounted) == (True, True, 0)
        assert inputs.letters
        assert inputs.quotes
        assert inputs.voices
        assert not waiting(session, period)

    def test_reads_anew_where_as_many_others_are_posted(self, session: Session) -> None:
        """One went and another came: there are as many, and still nobody has read one of them."""
        period = unread_period(session)
        ask_for_version(session, period, note=makers.both("First"), actor=None, now=utcnow())
        session.commit()
        assert publish_due() == 1
        shown = sa.union(sa.select(Quote.comment_id), sa.select(Excerpt.comment_id))
        unshown = sa.select(Comment).where(Comment.id.not_in(shown)).limit(1)
        withdraw_comment(session, session.scalars(unshown).one(), None, utcnow())
        makers.comment(session, period, body="The library should stay open for longer on Saturdays.")
        session.commit()
        while count_due():
            pass
        assert not waiting(session, period).is_read

        ask_for_version(session, period, note=makers.both("Second"), actor=None, now=utcnow())
        session.commit()
        assert publish_due() == 1

        session.expire_all()
        assert not waiting(session, period)


class TestTheOpenReport:
    def test_says_that_nobody_has_looked_yet_rather_than_none(
        self, session: Session, client: FlaskClient
    ) -> None:
        period = unread_period(session)
        while count_due():
            pass

        told = sections_in(client.get(f"/en/reports/{period.slug}/open.json").data)

        inputs = inputs_of(session, period, utcnow())
        assert (inputs.is_read, inputs.is_grouped) == (False, False)
        for part in ("themes", "quotes", "voices", "letters"):
            assert "Not looked for yet" in told[part]
        left = waiting(session, period)
        assert (left.unmeasured, left.ungrouped, left.uncounted, left.is_read) == (28, 28, 0, False)
