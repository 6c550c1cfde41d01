"""The public log: everything that lets people judge the moderators, and nothing about the residents."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import Comment, CommentPeriod, Disposition, ModerationReason, Position
from engage.moderation import chain, service
from engage.moderation.views.log import PROGRAM
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page

LOG = "/en/moderation"
CSV = "/en/moderation.csv"


def waiting(session: Session, period: CommentPeriod, **fields: object) -> Comment:
    return makers.comment(session, period, **{"disposition": Disposition.RECEIVED} | fields)


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    return makers.comment_period(session)


class TestWhatEverybodySees:
    def test_every_reason_is_explained(self, client: Client) -> None:
        for language in ("en", "es"):
            answer = page(client.get(f"/{language}/moderation"))
            assert len(answer.all(".//dl[@class='rules']/dt")) == len(ModerationReason)

    def test_decisions_are_counted_by_declared_position(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        for position in (Position.SUPPORT, Position.OPPOSE, Position.OPPOSE, None):
            service.post_comments(session, [waiting(session, period, position=position)], None, NOON)
        service.restrict_comments(
            session, [waiting(session, period, position=Position.SUPPORT)], None, NOON, ModerationReason.SPAM
        )
        session.commit()

        rows = page(client.get(LOG)).all(".//table[1]/tbody/tr")[:2]

        cells = [["".join(cell.itertext()).strip() for cell in row] for row in rows]
        assert cells == [
            ["Posted", "1", "2", "0", "0", "0", "1", "4"],
            ["Not posted: Spam", "1", "0", "0", "0", "0", "0", "1"],
        ]

    def test_one_period_can_be_looked_at(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        other = makers.comment_period(session)
        mine, others = waiting(session, period), waiting(session, other)
        service.post_comments(session, [mine, others], None, NOON)
        session.commit()

        text = page(client.get(f"{LOG}?period={period.slug}")).text()

        assert mine.tracking_number in text
        assert others.tracking_number not in text

    def test_lines_are_grouped_by_day_the_newest_first(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        for days in (0, 1):
            service.post_comments(session, [waiting(session, period)], None, NOON + timedelta(days=days))
        session.commit()

        headings = ["".join(heading.itertext()) for heading in page(client.get(LOG)).all(".//main//h3")]

        assert headings == ["October 16, 2026", "October 15, 2026"]

    def test_long_logs_have_pages(self, session: Session, client: Client, period: CommentPeriod) -> None:
        service.post_comments(session, [waiting(session, period) for _ in range(53)], None, NOON)
        session.commit()

        second = page(client.get(page(client.get(LOG)).links()["Next →"]))

        assert [row.text for row in second.all(".//main//tbody/tr/th")][-3:] == ["3", "2", "1"]


class TestWhatNobodySees:
    SECRETS = ("Secret words", "Ana Secret", "Secret Neighbors", "Dolores Staff", "dolores@example.org")

    def history(self, session: Session, period: CommentPeriod) -> Comment:
        comment = waiting(
            session, period, body="Secret words", name="Ana Secret", organisation="Secret Neighbors"
        )
        staff = makers.user(session, name="Dolores Staff", email="dolores@example.org")
        service.restrict_comments(session, [comment], staff, NOON, ModerationReason.SPAM)
        session.commit()
        return comment

    @pytest.mark.parametrize("url", [LOG, CSV, "/es/moderation"])
    def test_no_text_no_name_no_time_of_day(
        self, session: Session, client: Client, period: CommentPeriod, url: str
    ) -> None:
        comment = self.history(session, period)

        text = client.get(url).text

        assert not [
            secret for secret in (*self.SECRETS, str(comment.id), "16:00", "4:00", "12:00") if secret in text
        ]

    @pytest.mark.parametrize("url", [LOG, CSV])
    def test_the_number_of_a_comment_only_while_everybody_may_read_it(
        self, session: Session, client: Client, period: CommentPeriod, url: str
    ) -> None:
        comment = self.history(session, period)
        hidden = client.get(url).text
        service.reopen_comments(session, [comment], None, NOON)
        service.post_comments(session, [comment], None, NOON)
        session.commit()

        assert comment.tracking_number not in hidden
        assert comment.tracking_number in client.get(url).text

    @pytest.mark.parametrize("is_docket_draft", [True, False])
    def test_nothing_of_a_period_that_is_not_published(
        self, session: Session, client: Client, is_docket_draft: bool
    ) -> None:
        period = makers.comment_period(session, title=makers.both("Draft period"))
        if is_docket_draft:
            period.docket.published_at = None
        else:
            period.published_at = None
        comment = waiting(session, period, position=Position.OPPOSE)
        service.post_comments(session, [comment], None, NOON)
        session.commit()

        for url in (LOG, CSV):
            text = client.get(url).text
            assert comment.tracking_number not in text
            assert period.slug not in text
            assert "Draft period" not in text
        assert client.get(f"{LOG}?period={period.slug}").status_code == 404
        assert next(csv.DictReader(io.StringIO(client.get(CSV).text)))["position"] == ""

    @pytest.mark.parametrize("query", ["period=nowhere", "period=%00"])
    def test_an_unknown_period_is_not_found(self, client: Client, query: str) -> None:
        assert client.get(f"{LOG}?{query}").status_code == 404

    def test_officials_and_hosts_see_the_log_and_no_way_to_the_queue(
        self, sign_in: Callable[..., Client]
    ) -> None:
        for role in (RoleName.OFFICIAL, RoleName.HOST):
            links = page(sign_in(role).get(LOG)).links().values()
            assert not [link for link in links if "/staff/queue" in link or "/staff/comments" in link]


class TestTheProof:
    def test_the_program_on_the_page_checks_the_file(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        comments = [waiting(session, period) for _ in range(3)]
        service.post_comments(session, comments[:2], makers.user(session), NOON)
        service.restrict_comments(session, comments[2:], None, NOON, ModerationReason.OFF_TOPIC)
        session.commit()

        log = client.get(CSV).text
        answer = page(client.get(LOG))

        assert (
            answer.all(".//pre/code")[0].text == PROGRAM.rstrip("\n")
            or answer.all(".//pre/code")[0].text == PROGRAM
        )
        assert (
            _run(log).stdout.strip()
            == chain.head(session)[1]
            == answer.all(".//code[@class='digest']")[0].text
        )

    @pytest.mark.parametrize(
        ("old", "new"), [("restrict", "post"), ("off_topic", "spam"), ("2026-10-15", "2026-10-16")]
    )
    def test_the_program_names_the_line_that_was_changed(
        self, session: Session, client: Client, period: CommentPeriod, old: str, new: str
    ) -> None:
        service.restrict_comments(
            session, [waiting(session, period) for _ in range(2)], None, NOON, ModerationReason.OFF_TOPIC
        )
        session.commit()
        first, second = client.get(CSV).text.rsplit(f",{old},", 1)

        changed = _run(f"{first},{new},{second}")

        assert changed.returncode == 1
        assert "Line 2 was changed." in changed.stderr

    def test_a_log_that_was_written_in_many_parts_is_whole(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        service.post_comments(session, [waiting(session, period) for _ in range(1100)], None, NOON)
        session.commit()

        rows = list(csv.DictReader(io.StringIO(client.get(CSV).text)))

        assert [int(row["number"]) for row in rows] == list(range(1, 1101))


def _run(log: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM], input=log, capture_output=True, text=True, check=False
    )
