"""Comments of other systems come into a period, and come again."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.analysis import fingerprint
from engage.comments.models import (
    Channel,
    Comment,
    CommentPeriod,
    Disposition,
    ModerationReason,
    Position,
)
from engage.comments.service.analyse import analyse_due
from engage.db.session import write_transaction
from engage.dockets.models import District
from engage.exchange import importing
from engage.exchange.importing import Summary, import_comments
from engage.exchange.sources import BadFile, RowProblem, open_source
from engage.moderation import chain
from engage.moderation import service as moderation
from engage.moderation.models import ModerationAction, ModerationEvent
from tests.conftest import SHARED
from tests.exchange.formats.test_regulations_gov import ROW
from tests.exchange.formats.test_regulations_gov import detail as api_answer
from tests.exchange.reading import table
from tests.support import makers

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
Bring = Callable[..., Summary]


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period of October 2026 in New York; its last day is the 31st."""
    return makers.comment_period(
        session,
        opens_at=datetime(2026, 10, 1, 4, 0, tzinfo=UTC),
        closes_at=datetime(2026, 11, 1, 4, 0, tzinfo=UTC),
        text_limit=200,
    )


@pytest.fixture
def bring(session: Session, period: CommentPeriod, tmp_path: Path) -> Bring:
    """Import a text as a file into the period and commit."""

    def bring(content: str, *, now: datetime = NOW, **options: object) -> Summary:
        path = tmp_path / "export.csv"
        path.write_text(content)
        summary = import_comments(session, source=open_source(path), period=period, now=now, **options)  # type: ignore[arg-type]
        session.commit()
        session.expire_all()
        return summary

    return bring


def everything(session: Session) -> list[tuple[object, ...]]:
    """All that is stored of comments and of the log."""
    tables = (
        "SELECT * FROM comment ORDER BY id",
        "SELECT * FROM moderation_event ORDER BY id",
        "SELECT * FROM comment_analysis ORDER BY comment_id",
    )
    return [tuple(row) for table in tables for row in session.execute(sa.text(table))]


def only(session: Session) -> Comment:
    """The one comment that there is."""
    return session.scalars(sa.select(Comment)).one()


def actions(session: Session) -> list[ModerationAction]:
    """What the log says, in its order."""
    return list(session.scalars(sa.select(ModerationEvent.action).order_by(ModerationEvent.id)))


def bulk(**changes: str) -> str:
    """A bulk file of Regulations.gov with one comment."""
    row = ROW | {name.replace("_", " "): value for name, value in changes.items()}
    return table(tuple(row), tuple(row.values()))


class TestANewComment:
    def test_is_posted_and_says_all_that_the_source_says(self, session: Session, bring: Bring) -> None:
        summary = bring("id,comment,position,organization,date\n7,Keep it,Oppose,Friends,2026-10-05\n")

        comment = only(session)
        assert summary == Summary(new=1)
        assert (comment.body, comment.position) == ("Keep it", Position.OPPOSE)
        assert (comment.name, comment.organisation) == (None, "Friends")
        assert (comment.received_on, comment.on_time) == (date(2026, 10, 5), True)
        assert (comment.channel, comment.disposition) == (Channel.IMPORT, Disposition.POSTED)
        assert (comment.source_format, comment.source_id) == ("csv", "7")
        assert comment.body_digest == fingerprint("Keep it")
        assert actions(session) == [ModerationAction.IMPORT]
        assert chain.verify_chain(session).holds

    def test_waits_to_be_measured_and_counted(self, session: Session, bring: Bring) -> None:
        bring("id,comment\n7,Keep it\n")

        assert only(session).analysis_due
        assert only(session).count_due
        assert analyse_due() == 1

    @pytest.mark.parametrize(
        ("day", "on_time"), [("2026-10-31", True), ("2026-11-01", False), ("2026-09-01", True)]
    )
    def test_is_late_after_the_last_day_in_the_place(
        self, session: Session, bring: Bring, day: str, on_time: bool
    ) -> None:
        bring(f"id,comment,date\n7,Keep it,{day}\n")

        assert only(session).on_time is on_time

    @pytest.mark.parametrize(
        ("now", "day"),
        [
            (datetime(2026, 10, 15, 3, 0, tzinfo=UTC), date(2026, 10, 14)),
            (datetime(2026, 12, 24, 12, 0, tzinfo=UTC), date(2026, 10, 31)),
        ],
    )
    def test_without_a_day_gets_the_days_of_the_import_but_is_never_late(
        self, session: Session, bring: Bring, now: datetime, day: date
    ) -> None:
        bring("id,comment\n7,Keep it\n", now=now)

        assert (only(session).received_on, only(session).on_time) == (day, True)

    def test_is_longer_than_the_form_would_take(self, session: Session, bring: Bring) -> None:
        bring(f"id,comment\n7,{'word ' * 1000}\n")

        assert len(only(session).body) == 4999

    def test_carries_its_authors_title_but_not_the_agencys(self, session: Session, bring: Bring) -> None:
        bring("id,text,title\n7,Because of shade.,More trees\n8,More trees please,More trees\n")
        bring(bulk())

        assert set(session.scalars(sa.select(Comment.body))) == {
            "More trees\n\nBecause of shade.",
            "More trees please",
            "I’d keep it.\nSee attached file(s)",
        }

    def test_belongs_to_a_district_that_the_place_names(self, session: Session, bring: Bring) -> None:
        district = District(code="D3", name=makers.both("Río Claro"))
        session.add(district)
        session.commit()

        bring("id,text,place\n1,a,d3\n2,b,RIO CLARO\n3,c,Elsewhere\n4,d,\n")

        found = {comment.source_id: comment.district_id for comment in session.scalars(sa.select(Comment))}
        assert found == {"1": district.id, "2": district.id, "3": None, "4": None}

    def test_that_is_withdrawn_leaves_only_a_tombstone(self, session: Session, bring: Bring) -> None:
        summary = bring(bulk(**{"Is Withdrawn?": "true", "Comment": "Never to be stored"}))

        comment = only(session)
        assert summary == Summary(new=1)
        assert (comment.disposition, comment.body, comment.body_digest, comment.name) == (
            Disposition.WITHDRAWN, "", "", None)  # fmt: skip
        assert comment.received_on == date(2026, 5, 16)
        assert not comment.analysis_due
        assert actions(session) == [ModerationAction.IMPORT, ModerationAction.WITHDRAW]

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("Duplicate", ModerationReason.DUPLICATE_SUBMISSION),
            ("Contains personal information", ModerationReason.DOXXING_PERSONAL_DATA),
            ("Obscene or profane", ModerationReason.OBSCENITY_LEGAL),
            ("Threatening", ModerationReason.TRUE_THREAT),
        ],
    )
    def test_that_is_restricted_for_a_reason_of_ours_keeps_it(
        self, session: Session, bring: Bring, kind: str, reason: ModerationReason
    ) -> None:
        assert bring(bulk(**{"Restrict Reason Type": kind})) == Summary(new=1)

        assert (only(session).disposition, only(session).restriction_reason) == (
            Disposition.RESTRICTED,
            reason,
        )

    def test_that_is_restricted_for_another_reason_waits_unseen(self, session: Session, bring: Bring) -> None:
        assert bring(bulk(**{"Restrict Reason Type": "Copyright"})) == Summary(new=1, waiting=1)

        assert (only(session).disposition, only(session).restriction_reason) == (Disposition.RECEIVED, None)

    def test_that_is_restricted_and_empty_is_passed_over(self, session: Session, bring: Bring) -> None:
        assert bring(bulk(**{"Restrict Reason Type": "Copyright", "Comment": ""})) == Summary(skipped=1)

        assert session.scalars(sa.select(Comment)).all() == []

    def test_may_have_the_id_of_one_in_another_period(
        self, session: Session, bring: Bring, tmp_path: Path
    ) -> None:
        bring("id,text\n7,here\n")
        other = makers.comment_period(session)

        summary = import_comments(session, source=open_source(tmp_path / "export.csv"), period=other, now=NOW)

        assert summary == Summary(new=1)


class TestTheSameFileAgain:
    CONTENT = "id,text,position,place\n1,one,support,x\n2,two,,\n3,three,oppose,\n"

    def test_changes_nothing_at_all(self, session: Session, bring: Bring) -> None:
        bring(self.CONTENT)
        while analyse_due():
            pass
        before = everything(session)

        assert bring(self.CONTENT, now=datetime(2027, 3, 1, tzinfo=UTC)) == Summary(unchanged=3)
        assert everything(session) == before

    def test_in_another_format_of_the_same_system_changes_nothing(
        self, session: Session, bring: Bring
    ) -> None:
        bring(bulk())
        before = everything(session)

        assert bring(json.dumps(api_answer())) == Summary(unchanged=1)
        assert everything(session) == before

    def test_without_ids_changes_nothing_and_takes_the_added_row(
        self, session: Session, bring: Bring
    ) -> None:
        bring("text\nsame\nsame\nother\n")

        assert bring("text\nnew\nsame\nother\nsame\n") == Summary(new=1, unchanged=3)

    @pytest.mark.parametrize("withheld", [True, False])
    def test_leaves_what_moderators_have_decided(
        self, session: Session, bring: Bring, withheld: bool
    ) -> None:
        content = "id,text\n1,one\n" if withheld else bulk(**{"Restrict Reason Type": "Copyright"})
        bring(content)
        moderator = makers.user(session)
        if withheld:
            moderation.reopen_comments(session, [only(session)], None, NOW)
            moderation.restrict_comments(session, [only(session)], moderator, NOW, ModerationReason.SPAM)
        else:
            moderation.post_comments(session, [only(session)], moderator, NOW)
        session.commit()
        before = everything(session)

        assert bring(content) == Summary(unchanged=1)
        assert everything(session) == before

    def test_leaves_what_is_withdrawn(self, session: Session, bring: Bring) -> None:
        bring("id,text\n1,one\n")
        moderation.withdraw_comment(session, only(session), None, NOW)
        session.commit()

        assert bring("id,text\n1,one again\n") == Summary(unchanged=1)
        assert only(session).body == ""


class TestANewerFile:
    def test_updates_text_position_and_day_and_says_so_in_the_log(
        self, session: Session, bring: Bring
    ) -> None:
        bring("id,text,position,date\n1,one,support,2026-10-02\n2,two,,\n")
        number = session.scalars(sa.select(Comment.tracking_number).where(Comment.source_id == "1")).one()

        summary = bring("id,text,position,date\n1,one more,oppose,2026-11-03\n2,two,,\n3,three,,\n")

        comment = session.scalars(sa.select(Comment).where(Comment.source_id == "1")).one()
        assert summary == Summary(new=1, changed=1, unchanged=1)
        assert (comment.body, comment.position, comment.received_on) == (
            "one more",
            Position.OPPOSE,
            date(2026, 11, 3),
        )
        assert (comment.on_time, comment.tracking_number) == (False, number)
        assert comment.body_digest == fingerprint("one more")
        assert actions(session).count(ModerationAction.UPDATE) == 1
        assert chain.verify_chain(session).holds

    def test_forgets_what_was_measured_of_the_former_text_and_measures_anew(
        self, session: Session, bring: Bring
    ) -> None:
        bring("id,text\n1,My number is 555 0100\n")
        while analyse_due():
            pass
        session.expire_all()
        assert only(session).analysis is not None

        bring("id,text\n1,No number\n")

        assert only(session).analysis is None
        assert (only(session).analysis_due, only(session).count_due) == (True, True)
        assert analyse_due() == 1

    def test_does_not_measure_anew_what_only_changed_its_position(
        self, session: Session, bring: Bring
    ) -> None:
        bring("id,text,position\n1,one,support\n")
        while analyse_due():
            pass

        assert bring("id,text,position\n1,one,oppose\n") == Summary(changed=1)
        assert not only(session).analysis_due
        assert only(session).analysis is not None

    def test_makes_a_tombstone_of_what_is_withdrawn(self, session: Session, bring: Bring) -> None:
        bring(bulk())

        assert bring(bulk(**{"Is Withdrawn?": "true", "Comment": ""})) == Summary(changed=1)

        comment = only(session)
        assert (comment.disposition, comment.body, comment.name, comment.organisation) == (
            Disposition.WITHDRAWN, "", None, None)  # fmt: skip
        assert actions(session) == [ModerationAction.IMPORT, ModerationAction.WITHDRAW]

    def test_hides_what_the_source_now_restricts_and_shows_what_it_no_longer_does(
        self, session: Session, bring: Bring
    ) -> None:
        bring(bulk())

        assert bring(bulk(**{"Restrict Reason Type": "Duplicate", "Comment": ""})) == Summary(changed=1)
        assert only(session).restriction_reason is ModerationReason.DUPLICATE_SUBMISSION
        assert only(session).body

        assert bring(bulk(**{"Restrict Reason Type": "Copyright"})) == Summary(changed=1, waiting=1)
        assert only(session).disposition is Disposition.RECEIVED

        assert bring(bulk()) == Summary(changed=1)
        assert only(session).disposition is Disposition.POSTED
        assert chain.verify_chain(session).holds

    def test_still_corrects_the_text_of_what_moderators_have_posted(
        self, session: Session, bring: Bring
    ) -> None:
        bring("id,text\n1,one\n")
        moderator = makers.user(session)
        moderation.reopen_comments(session, [only(session)], None, NOW)
        moderation.post_comments(session, [only(session)], moderator, NOW)
        session.commit()

        assert bring("id,text\n1,two\n") == Summary(changed=1)
        assert (only(session).body, only(session).disposition) == ("two", Disposition.POSTED)


class TestABadRow:
    def test_is_told_and_the_good_ones_are_taken(self, session: Session, bring: Bring) -> None:
        told: list[RowProblem] = []

        summary = bring("id,text\n1,one\n2,\n3,three\n1,again\n", on_problem=told.append)

        assert summary == Summary(new=2, bad=2)
        assert [(problem.row, problem.source_id) for problem in told] == [(2, "2"), (4, "1")]

    def test_that_ends_the_file_takes_everything_back(
        self, session: Session, bring: Bring, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importing, "BATCH", 2)
        session.commit()
        rows = "".join(f"{number},words\n" for number in range(10))

        with pytest.raises(BadFile, match="row 11: line 12"):
            bring(f'id,text\n{rows}10,"never closed\n')
        session.rollback()

        assert everything(session) == []


class TestARehearsal:
    def test_says_the_same_and_writes_nothing(self, session: Session, bring: Bring) -> None:
        bring("id,text\n1,one\n2,two\n3,three\n")
        newer = "id,text,disposition\n1,one,\n2,changed,\n3,,withdrawn\n4,new,\n5,,\n6,held,restricted\n"
        before = everything(session)

        rehearsed = bring(newer, dry_run=True)

        assert everything(session) == before
        assert rehearsed == bring(newer) == Summary(new=2, changed=2, unchanged=1, bad=1, waiting=1)


class TestOrigins:
    def test_keep_apart_what_has_the_same_ids(self, session: Session, bring: Bring) -> None:
        content = "id,text\n1,one\n"
        bring(content)

        assert bring("id,text\n1,another\n", origin="letters") == Summary(new=1)
        assert bring(content) == Summary(unchanged=1)
        assert bring("id,text\n1,another\n", origin="letters") == Summary(unchanged=1)
        assert set(session.scalars(sa.select(Comment.source_id))) == {"1", "letters/1"}

    def test_with_ids_too_long_for_them_are_a_problem(self, session: Session, bring: Bring) -> None:
        assert bring(f"id,text\n{'x' * 195},one\n", origin="letters") == Summary(bad=1)


def test_two_imports_at_once_bring_each_comment_once(
    app: Flask, session: Session, period: CommentPeriod, tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id,text\n" + "".join(f"{number},words {number}\n" for number in range(60)))
    period_id = period.id
    session.commit()

    def bring(_number: int) -> Summary:
        with app.app_context(), write_transaction() as own:
            target = own.get_one(CommentPeriod, period_id)
            return import_comments(own, source=open_source(path), period=target, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        summaries = list(pool.map(bring, range(2)))

    assert sorted((summary.new, summary.unchanged) for summary in summaries) == [(0, 60), (60, 0)]


class TestBatches:
    @pytest.mark.parametrize("size", [1, 2, 3, 500])
    def test_of_any_size_give_the_same(
        self, session: Session, bring: Bring, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        monkeypatch.setattr(importing, "BATCH", size)
        calls: list[None] = []

        summary = bring("id,text\n1,one\n2,two\n3,three\n", on_progress=lambda: calls.append(None))

        assert summary == Summary(new=3)
        assert len(calls) == -(-3 // size)
        assert chain.verify_chain(session).entries == 3


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fixtures/regulationsgov_bulk_sample.csv", Summary(new=31, skipped=1)),
        ("fixtures/decidim_comments.csv", Summary(new=23, bad=1)),
        ("fixtures/consul_proposals.csv", Summary(new=40)),
        ("fixtures/polis_comments.csv", Summary(new=54, waiting=23)),
        ("corpora/regsgov_dedup_USDA-2020-0009-0001.csv", Summary(new=717, bad=78)),
    ],
)
def test_real_files_come_in_once(
    session: Session, period: CommentPeriod, name: str, expected: Summary
) -> None:
    source = open_source(SHARED / name)

    assert import_comments(session, source=source, period=period, now=NOW) == expected
    session.commit()
    assert import_comments(session, source=source, period=period, now=NOW) == Summary(
        unchanged=expected.new, bad=expected.bad, skipped=expected.skipped
    )
