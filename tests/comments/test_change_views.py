"""Changing the dates of a period, as clerks do it and as residents read it; and late comments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import Comment, CommentPeriod, LatePolicy, PeriodChange
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
EDIT = "/en/staff/periods/jail"
WHY = {"reason_en": "More time to translate", "reason_es": "Más tiempo para traducir"}


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    period = makers.comment_period(
        session,
        slug="jail",
        docket=makers.docket(session, slug="agreement"),
        instructions=both("Call **us**."),
    )
    session.commit()
    return period


def make_closed(session: Session, period: CommentPeriod, **fields: object) -> None:
    session.rollback()
    values = {"opens_at": NOW - 9 * DAY, "closes_at": NOW - DAY} | fields
    session.execute(sa.update(CommentPeriod).where(CommentPeriod.id == period.id).values(**values))
    session.commit()


def test_an_extension_is_public_with_both_ends_and_its_reason_in_both_languages(
    session: Session, period: CommentPeriod, sign_in: SignIn, client: Client
) -> None:
    clerk = sign_in(RoleName.CLERK)

    answer = clerk.send(f"{EDIT}/extend", closes_at="2099-07-01T17:00", **WHY)

    assert answer.location == f"{EDIT}/edit"
    (change,) = session.scalars(sa.select(PeriodChange))
    assert change.actor is not None
    for address in ("/en/periods/jail", "/en/periods/jail/notice", "/en/dockets/agreement", f"{EDIT}/edit"):
        said = page(clerk.get(address))
        ends = [time.get("datetime") for time in said.all(".//time")]
        assert WHY["reason_en"] in said.text(), address
        assert change.old_closes_at.isoformat() in ends, address
        assert "2099-07-01T21:00:00+00:00" in ends, address
    spanish = page(client.get("/es/periods/jail"))
    assert "Más tiempo para traducir" in spanish.text()
    assert change.actor.name not in spanish.text()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason_es": ""}, "reason_es"),
        ({"reason_en": ""}, "reason_en"),
        ({"closes_at": ""}, "closes_at"),
        ({"closes_at": "2020-01-01T00:00"}, "closes_at"),
        ({"closes_at": "2099-03-08T02:30"}, "closes_at"),
        ({"reason_en": "x" * 2001}, "reason_en"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_changes(
    session: Session, period: CommentPeriod, sign_in: SignIn, changes: dict[str, str], field: str
) -> None:
    typed = WHY | {"closes_at": "2099-07-01T17:00"} | changes

    answer = sign_in(RoleName.CLERK).send(f"{EDIT}/extend", **typed)

    assert answer.status_code == 422
    assert f"#{field}" in page(answer).links(".//*[@class='errors']//a").values()
    assert session.scalar(sa.select(sa.func.count()).select_from(PeriodChange)) == 0


@pytest.mark.parametrize("act", ["extend", "reopen", "cancel"])
def test_a_missing_reason_is_told_with_the_name_of_its_field(
    session: Session, period: CommentPeriod, sign_in: SignIn, act: str
) -> None:
    if act == "reopen":
        make_closed(session, period)

    answer = sign_in(RoleName.CLERK).send(f"{EDIT}/{act}", closes_at="2099-07-01T17:00")

    told = set(page(answer).links(".//*[@class='errors']//a"))
    assert {
        "Reason, in English: residents need this text in this language.",
        "Reason, in Spanish: residents need this text in this language.",
    } <= told


def test_a_closed_period_is_opened_again_and_takes_comments(
    session: Session, period: CommentPeriod, sign_in: SignIn, client: Client
) -> None:
    make_closed(session, period)
    clerk = sign_in(RoleName.CLERK)
    links = page(clerk.get(f"{EDIT}/edit")).links()
    assert "Open again" in links
    assert "Extend" not in links

    clerk.send(f"{EDIT}/reopen", closes_at="2099-07-01T17:00", **WHY)

    assert client.send("/en/periods/jail/comment", body="In time again.").status_code == 303
    assert "Opened again" in page(client.get("/en/periods/jail")).text()


def test_a_cancelled_period_stays_visible_and_gives_the_text_back(
    session: Session, period: CommentPeriod, sign_in: SignIn, client: Client
) -> None:
    makers.comment(session, period, body="Said before it was cancelled.")
    session.commit()
    form = page(client.get("/en/periods/jail/comment")).fields() | {"body": "My words, typed for an hour."}

    sign_in(RoleName.CLERK).send(f"{EDIT}/cancel", **WHY)
    answer = client.post("/en/periods/jail/comment", data=form)

    assert answer.status_code == 409
    assert page(answer).fields()["body"].strip() == "My words, typed for an hour."
    assert "Call us." in page(answer).text()
    for language, said in (("en", "Cancelled"), ("es", "Cancelado")):
        assert said in page(client.get(f"/{language}/periods/jail")).text()
        assert said in page(client.get(f"/{language}/periods")).text()
        assert said in page(client.get(f"/{language}/dockets/agreement")).text()
    assert "Said before it was cancelled." in page(client.get("/en/periods/jail/comments")).text()
    assert "was cancelled" in page(client.get("/en/periods/jail/comment")).text(".//h1")
    assert client.get("/en/reports/jail").status_code == 200


@pytest.mark.parametrize("kind", ["extend", "reopen", "cancel"])
def test_what_the_state_does_not_allow_is_not_offered_and_not_done(
    session: Session, period: CommentPeriod, sign_in: SignIn, kind: str
) -> None:
    make_closed(session, period, cancelled_at=NOW - 2 * DAY)
    clerk = sign_in(RoleName.CLERK)

    assert "cannot be done" in page(clerk.get(f"{EDIT}/{kind}")).text()
    data = WHY | {"closes_at": "2099-07-01T17:00", "csrf_token": clerk.csrf_token()}
    assert clerk.post(f"{EDIT}/{kind}", data=data).status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(PeriodChange)) == 0


class TestLateComments:
    def test_under_refusal_the_text_comes_back_with_other_ways(
        self, session: Session, period: CommentPeriod, client: Client
    ) -> None:
        form = page(client.get("/en/periods/jail/comment")).fields() | {"body": "An hour of typing."}
        assert "is not taken" in page(client.get("/en/periods/jail")).text()
        make_closed(session, period)

        answer = client.post("/en/periods/jail/comment", data=form)

        assert answer.status_code == 409
        assert page(answer).fields()["body"].strip() == "An hour of typing."
        assert "Call us." in page(answer).text()
        assert session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 0

    def test_under_the_other_policy_they_are_taken_marked_and_told_so_before_and_after(
        self, session: Session, period: CommentPeriod, client: Client
    ) -> None:
        make_closed(session, period, late_policy=LatePolicy.ACCEPT_MARKED, late_until=NOW + DAY)
        assert "still taken" in page(client.get("/en/periods/jail")).text()
        assert "marked as late" in page(client.get("/en/periods/jail/comment")).text()

        answer = client.send("/en/periods/jail/comment", body="Late words.")

        session.rollback()
        comment = session.scalars(sa.select(Comment)).one()
        assert answer.status_code == 303
        assert not comment.on_time
        assert "marked as late" in page(client.get(answer.location)).text()

    def test_end_for_good_when_they_are_said_to(
        self, session: Session, period: CommentPeriod, client: Client
    ) -> None:
        past = NOW - timedelta(hours=1)
        make_closed(session, period, late_policy=LatePolicy.ACCEPT_MARKED, late_until=past)

        assert "has closed" in page(client.get("/en/periods/jail/comment")).text(".//h1")

    def test_a_clock_of_the_browser_makes_no_difference(
        self, session: Session, period: CommentPeriod, client: Client
    ) -> None:
        """Case 19: nothing that a browser says about the time is read."""
        make_closed(session, period, late_policy=LatePolicy.ACCEPT_MARKED)
        yesterday = (NOW - 2 * DAY).date().isoformat()
        client.environ_base["HTTP_DATE"] = (NOW - 2 * DAY).strftime("%a, %d %b %Y %H:%M:%S GMT")

        client.send(
            "/en/periods/jail/comment", body="Late.", received_on=yesterday, on_time="1", now=yesterday,
            postmarked_on=yesterday, channel="mail", entered_by_id="1", batch_id="1",
        )  # fmt: skip

        session.rollback()
        comment = session.scalars(sa.select(Comment)).one()
        assert (comment.on_time, comment.postmarked_on, comment.channel) == (False, None, "web")
        assert (comment.entered_by_id, comment.batch_id) == (None, None)
        assert comment.received_on == datetime.now(UTC).astimezone(period.zone).date()


class TestTheNotice:
    def test_is_public_with_its_day_in_both_languages(
        self, session: Session, period: CommentPeriod, client: Client
    ) -> None:
        assert "The county asks for comments." in page(client.get("/en/periods/jail/notice")).text()
        spanish = page(client.get("/es/periods/jail/notice")).text()
        assert "The county asks for comments. (es)" in spanish
        assert "16 de agosto de 2026" in spanish
        assert "/en/periods/jail/notice" in page(client.get("/en/periods/jail")).links().values()

    def test_is_not_there_before_the_period_is(self, session: Session, client: Client) -> None:
        makers.comment_period(session, slug="draft", published_at=None)
        session.commit()

        assert client.get("/en/periods/draft/notice").status_code == 404
        assert client.get("/en/periods/draft/paper").status_code == 404


@pytest.mark.parametrize("path", ["", "/notice", "/large-print"])
def test_a_cancelled_period_no_longer_advertises_its_deadline(
    session: Session, period: CommentPeriod, client: Client, path: str
) -> None:
    period.cancelled_at = NOW - timedelta(hours=1)
    period.instructions = makers.both("Bring it to 12 Main Street.")
    session.commit()

    shown = page(client.get(f"/en/periods/jail{path}"))

    instants = {time.get("datetime") for time in shown.all(".//main//time")}
    assert period.cancelled_at.isoformat() in instants
    assert period.closes_at.isoformat() not in instants
    assert "12 Main Street" not in shown.text()
    assert "/en/periods/jail/paper" not in shown.links(".//main//a").values()
