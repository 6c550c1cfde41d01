"""What somebody follows: the page that a mail leads to, and the one click that ends it (cases 21 and 31)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.comments.models import CommentPeriod
from engage.contacts.models import Contact
from engage.follows.models import Follow as FollowRow
from engage.follows.models import Follower, Frequency
from engage.follows.tokens import Wish, follower_token
from tests.follows.conftest import Follow
from tests.support import makers
from tests.support.pages import Client, page

ANA = "ana@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """An open period, announced some days ago."""
    period = makers.comment_period(session)
    session.commit()
    return period


@pytest.fixture
def token(app: Flask, period: CommentPeriod, follow: Follow) -> str:
    """What stands in the mails of somebody who follows the period."""
    follower = follow(ANA, Wish("period", str(period.id)), frequency=Frequency.DAILY, is_discreet=True)
    with app.app_context():
        return follower_token(follower.id)


def rows(session: Session, table: type[Any]) -> list[Any]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(table)))


class TestPage:
    def test_tells_the_news_that_a_discreet_mail_did_not(
        self, client: Client, period: CommentPeriod, token: str
    ) -> None:
        shown = page(client.get(f"/es/following/{token}"))

        assert period.title.es in shown.text()
        assert "El período de comentarios está abierto." in shown.text()
        assert ANA not in shown.text(".")

    def test_changes_how_and_how_often(
        self, client: Client, session: Session, period: CommentPeriod, token: str
    ) -> None:
        (kept,) = rows(session, FollowRow)
        answer = client.send(
            f"/en/following/{token}",
            **{f"frequency_{kept.id}": "weekly", "language": "es", "style": "full"},
        )

        assert answer.location == f"/es/following/{token}"
        (kept,) = rows(session, FollowRow)
        (follower,) = rows(session, Follower)
        assert (kept.frequency, kept.wants_reminder) == ("weekly", True)
        assert (follower.language, follower.is_discreet) == ("es", False)

    def test_ends_one_thing_and_the_reminder_of_another(
        self, app: Flask, client: Client, session: Session, period: CommentPeriod, token: str, follow: Follow
    ) -> None:
        follow(ANA, Wish("docket", str(period.docket_id)), is_discreet=True)
        kept = {row.subject_kind: row for row in rows(session, FollowRow)}
        opened = page(client.get(f"/en/following/{token}"))
        typed = opened.fields() | {f"frequency_{kept['docket'].id}": "stop"}
        typed.pop(f"reminder_{kept['period'].id}")
        client.post(f"/en/following/{token}", data=typed)

        (left,) = rows(session, FollowRow)
        assert (left.subject_kind, left.wants_reminder) == ("period", False)

    def test_refuses_a_frequency_that_is_none(
        self, client: Client, session: Session, period: CommentPeriod, token: str
    ) -> None:
        (kept,) = rows(session, FollowRow)

        answer = client.send(f"/en/following/{token}", **{f"frequency_{kept.id}": "hourly"})

        assert answer.status_code == 422
        assert rows(session, FollowRow)[0].frequency == "daily"

    def test_lets_follow_more_without_another_mail(
        self, client: Client, session: Session, period: CommentPeriod, token: str
    ) -> None:
        comment = makers.comment(session, period)
        session.commit()
        forms = page(client.get(f"/en/following/{token}"))
        assert len(forms.all(".//main//form")) == 4
        crumb = {"csrf_token": client.csrf_token()}
        client.post(
            f"/en/following/{token}/add",
            data=crumb | {"what": f"docket:{period.docket_id}", "frequency": "weekly"},
        )
        client.post(
            f"/en/following/{token}/add-comment", data=crumb | {"tracking_number": comment.tracking_number}
        )
        for nonsense in ("docket:999", "period:x", "comment:1", ""):
            client.post(f"/en/following/{token}/add", data=crumb | {"what": nonsense, "frequency": "weekly"})
        client.post(f"/en/following/{token}/add-comment", data=crumb | {"tracking_number": "222-2222-2222"})

        kept = rows(session, FollowRow)
        assert sorted(row.subject_kind for row in kept) == ["comment", "docket", "period"]

    def test_begins_again_where_mail_came_back(
        self, client: Client, session: Session, period: CommentPeriod, token: str
    ) -> None:
        session.execute(sa.update(Follower).values(bounces=3))
        session.commit()
        assert "came back" in page(client.get(f"/en/following/{token}")).text()

        client.send(f"/en/following/{token}")

        assert rows(session, Follower)[0].bounces == 0

    def test_is_of_no_other_follower(
        self, app: Flask, client: Client, session: Session, period: CommentPeriod, token: str, follow: Follow
    ) -> None:
        """Case 31: a token opens one follower's page, and changes nothing of another's."""
        other = follow("ben@example.org", Wish("period", str(period.id)))
        (theirs,) = (row for row in rows(session, FollowRow) if row.follower_id == other.id)
        client.send(f"/en/following/{token}", **{f"frequency_{theirs.id}": "stop"})
        with app.app_context():
            genuine = follower_token(other.id)
        forged = token[:11] + genuine[11:]

        assert client.get(f"/en/following/{forged}").status_code == 410
        assert len(rows(session, FollowRow)) == 2


class TestOneClick:
    def test_ends_everything_and_forgets_the_address(self, app: Flask, session: Session, token: str) -> None:
        """As a mail server sends it: no cookie, no token of ours in the form, no page before."""
        server = app.test_client()

        answer = server.post(f"/u/{token}", data=ONE_CLICK)

        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert [rows(session, table) for table in (Contact, Follower, FollowRow)] == [[], [], []]

    def test_may_be_sent_by_a_mail_program_that_is_a_page_of_another_site(
        self, app: Flask, session: Session, token: str
    ) -> None:
        headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}

        assert app.test_client().post(f"/u/{token}", data=ONE_CLICK, headers=headers).status_code == 200
        assert rows(session, Contact) == []

    def test_may_be_sent_twice(self, app: Flask, session: Session, token: str) -> None:
        server = app.test_client()

        assert [server.post(f"/u/{token}", data=ONE_CLICK).status_code for _time in range(2)] == [200, 200]

    def test_is_not_made_by_opening_the_link(self, client: Client, session: Session, token: str) -> None:
        answer = client.get(f"/u/{token}", headers={"Accept-Language": "es"})

        assert (answer.status_code, answer.location) == (303, f"/en/following/{token}")
        assert len(rows(session, FollowRow)) == 1

    @pytest.mark.parametrize("change", [lambda token: token[:-2] + "xx", lambda token: "A" + token[1:]])
    def test_needs_the_whole_token(self, app: Flask, session: Session, token: str, change: Any) -> None:
        if change(token) == token:
            pytest.skip("This token happens to begin so.")
        assert app.test_client().post(f"/u/{change(token)}", data=ONE_CLICK).status_code == 404
        assert len(rows(session, FollowRow)) == 1

    def test_is_a_button_on_the_page_too(self, client: Client, session: Session, token: str) -> None:
        answer = client.post(f"/en/following/{token}/stop", data={"csrf_token": client.csrf_token()})

        assert "deleted your address" in page(client.get(answer.location)).text()
        assert rows(session, Contact) == []
        assert client.get(f"/en/following/{token}").status_code == 410


def test_twenty_confirmations_at_once_make_one_follower(
    app: Flask, session: Session, period: CommentPeriod, follow: Follow
) -> None:
    """Case 21."""

    def confirm(number: int) -> None:
        with app.app_context():
            follow(ANA if number % 2 else "ANA@example.org", Wish("period", str(period.id)))

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(confirm, range(20)))

    assert [len(rows(session, table)) for table in (Contact, Follower, FollowRow)] == [1, 1, 1]
