"""The labelling screen: who may do what, what it shows and what it does not show yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.analysis import OTHER
from engage.comments.models import Comment, CommentPeriod, Disposition
from engage.comments.service import analyse_due
from engage.jobs.queue import run_once
from engage.labelling.models import DrawnComment, Label
from engage.moderation.service import withdraw_comment
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
Row = TypeVar("Row", Label, DrawnComment)
ANSWER: dict[str, Any] = {"position": "oppose", "concerns": ["family_unity", "cost_resources"], "tone": ""}


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period with six posted comments, one of them in two copies, and one that waits."""
    period = makers.comment_period(session)
    for number in range(4):
        makers.comment(session, period, body=f"I oppose this agreement. It splits families, reason {number}.")
    for _ in range(2):
        makers.comment(session, period, body="Sign the agreement now, it keeps us safe from gangs.")
    makers.comment(session, period, body="Waits.", disposition=Disposition.RECEIVED)
    session.commit()
    run_once({"analyse": analyse_due})
    return period


@pytest.fixture
def person(session: Session) -> User:
    """A clerk who labels."""
    person = makers.user(session, RoleName.CLERK)
    session.commit()
    return person


def draw(browser: Client, period: CommentPeriod, size: int = 50) -> None:
    url = f"/en/staff/labels/{period.slug}"
    assert browser.send(url, size=str(size)).status_code == 303


def follow(browser: Client, url: str) -> str:
    """The address of the comment that comes next."""
    answer = browser.get(url)
    assert answer.status_code == 303
    return str(answer.location)


def rows(session: Session, model: type[Row]) -> list[Row]:
    """All rows of a table as they are now."""
    session.rollback()
    return list(session.scalars(sa.select(model)))


class TestDraw:
    def test_takes_posted_comments_only_and_says_how_many(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)

        assert len(rows(session, DrawnComment)) == 6
        shown = page(browser.get(f"/en/staff/labels/{period.slug}")).text()
        assert "0 of 6" in shown
        assert "from the 6 comments that were posted then" in shown

    @pytest.mark.parametrize("size", ["0", "", "many", "5001"])
    def test_refuses_a_size_that_makes_no_sense(
        self, sign_in: SignIn, period: CommentPeriod, person: User, size: str
    ) -> None:
        answer = sign_in(person).send(f"/en/staff/labels/{period.slug}", size=size)

        assert answer.status_code == 422
        assert page(answer).all(".//*[@id='error-summary-title']")

    def test_says_that_there_is_nothing_to_draw(
        self, session: Session, sign_in: SignIn, person: User
    ) -> None:
        empty = makers.comment_period(session)
        session.commit()
        browser = sign_in(person)
        assert not page(browser.get(f"/en/staff/labels/{empty.slug}")).all(".//main//form")

        answer = browser.post(
            f"/en/staff/labels/{empty.slug}/draw", data={"size": "10", "csrf_token": browser.csrf_token()}
        )

        assert answer.status_code == 409

    def test_is_not_for_officials_who_read_the_results(
        self, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        draw(sign_in(person), period)

        shown = page(sign_in(RoleName.OFFICIAL).get(f"/es/staff/labels/{period.slug}"))

        assert not shown.all(".//main//form")
        assert not [url for url in shown.links().values() if url.endswith("/next")]


class TestLabel:
    def test_one_comment_after_another_without_a_script(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)
        url = follow(browser, f"/en/staff/labels/{period.slug}/next")
        seen = set()
        while "/comments/" in url:
            assert url not in seen
            seen.add(url)
            answer = browser.send(url, **ANSWER)
            assert (answer.status_code, answer.location) == (303, f"/en/staff/labels/{period.slug}/next")
            url = follow(browser, answer.location)

        # Two comments have one text: they were labelled at once.
        assert len(seen) == 5
        assert len(rows(session, Label)) == 6
        assert "You have labeled every comment of the sample" in page(browser.get(url)).text()

    def test_says_for_how_many_comments_of_one_text_a_label_holds(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)
        twins = sa.select(Comment).where(Comment.body.startswith("Sign the agreement"))
        number = session.scalars(twins).first()
        assert number is not None
        url = f"/en/staff/labels/{period.slug}/comments/{number.tracking_number}"

        answer = browser.send(url, **ANSWER)

        after = page(browser.get(follow(browser, answer.location)))
        assert "Your label is saved, for 2 comments of this text." in after.text(".//body")

    def test_never_shows_what_the_machine_says_before_the_person_has_said_it(
        self, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)
        url = follow(browser, f"/en/staff/labels/{period.slug}/next")
        before = page(browser.get(url))
        assert "What the program says" not in before.text()
        assert not before.all(".//input[@checked][@name='position']")
        assert not before.all(".//input[@checked][@name='concerns']")

        browser.send(url, **ANSWER)

        assert "What the program says" in page(browser.get(url)).text()

    def test_can_be_corrected_by_its_author(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)
        url = follow(browser, f"/en/staff/labels/{period.slug}/next")
        browser.send(url, **ANSWER | {"tone": "negative"})
        ticked = page(browser.get(url)).all(".//input[@checked]")
        assert {box.get("value") for box in ticked} == {
            "oppose", "family_unity", "cost_resources", "negative",
        }  # fmt: skip
        before = len(rows(session, Label))

        assert browser.send(url, position="mixed", concerns=[OTHER], tone="").status_code == 303

        after = rows(session, Label)
        assert len(after) == before
        assert {(label.position.value, tuple(label.codes), label.tone) for label in after} == {
            ("mixed", (OTHER,), None)
        }

    def test_of_another_person_stays_their_own(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        first, second = sign_in(person), sign_in(RoleName.MODERATOR)
        draw(first, period)
        url = follow(first, f"/en/staff/labels/{period.slug}/next")
        first.send(url, **ANSWER)

        assert not page(second.get(url)).all(".//input[@checked][@name='position']")
        second.send(url, **ANSWER | {"position": "support"})

        assert {label.position.value for label in rows(session, Label)} == {
            "oppose",
            "support",
        }
        shown = page(first.get(f"/en/staff/labels/{period.slug}")).text()
        assert f"{person.name} and " in shown
        assert "0 of " in shown

    def test_offers_to_a_second_person_first_what_nobody_has_labelled(
        self, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        first, second = sign_in(person), sign_in(RoleName.MODERATOR)
        draw(first, period)
        url = follow(first, f"/en/staff/labels/{period.slug}/next")
        assert follow(second, f"/en/staff/labels/{period.slug}/next") == url

        first.send(url, **ANSWER)

        assert follow(second, f"/en/staff/labels/{period.slug}/next") != url

    def test_can_be_skipped_and_comes_again_at_the_end(
        self, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)
        first = follow(browser, f"/en/staff/labels/{period.slug}/next")
        links = page(browser.get(first)).links()

        order = [first]
        while (url := follow(browser, links["Skip"])) != first:
            order.append(url)
            links = page(browser.get(url)).links()

        assert len(order) == len(set(order)) == 6

    @pytest.mark.parametrize(
        "changed",
        [{"position": ""}, {"concerns": []}, {"concerns": [OTHER, "family_unity"]}, {"tone": "loud"}],
    )
    def test_needs_a_position_and_concerns(
        self,
        session: Session,
        sign_in: SignIn,
        period: CommentPeriod,
        person: User,
        changed: dict[str, object],
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)

        answer = browser.send(follow(browser, f"/en/staff/labels/{period.slug}/next"), **ANSWER | changed)

        assert answer.status_code == 422
        assert rows(session, Label) == []

    def test_is_gone_with_a_comment_that_is_withdrawn_or_not_posted_any_more(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)
        url = follow(browser, f"/en/staff/labels/{period.slug}/next")
        browser.send(url, **ANSWER)
        comment = session.scalars(
            sa.select(Comment).where(Comment.tracking_number == url.rpartition("/")[2])
        ).one()
        number = comment.tracking_number
        withdraw_comment(session, comment, None, NOON)
        session.commit()

        assert browser.get(url).status_code == 404
        assert number not in page(browser.get(f"/en/staff/labels/{period.slug}/done")).text()


class TestWhatWasLabelled:
    def test_shows_people_beside_the_program_to_the_staff(
        self, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)
        browser.send(follow(browser, f"/en/staff/labels/{period.slug}/next"), **ANSWER)

        shown = page(sign_in(RoleName.OFFICIAL).get(f"/en/staff/labels/{period.slug}/done"))

        assert person.name in shown.text()
        assert "The program" in shown.text()
        assert "Correct my label" not in shown.text()
        assert "Correct my label" in page(browser.get(f"/en/staff/labels/{period.slug}/done")).text()

    def test_is_not_shown_to_somebody_who_has_not_said_so_yet(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        browser = sign_in(person)
        draw(browser, period)
        browser.send(follow(browser, f"/en/staff/labels/{period.slug}/next"), **ANSWER)
        second = makers.user(session, RoleName.MODERATOR)
        session.commit()
        other, url = sign_in(second), f"/en/staff/labels/{period.slug}/done"

        before = page(other.get(url))

        assert person.name not in before.text()
        assert before.all(".//main//ol//dl") == []
        label, *_copies = [href for text, href in before.links().items() if text.startswith("Label it too")]
        assert other.send(label, **ANSWER).status_code == 303
        assert person.name in page(other.get(url)).text()

    def test_lists_the_comments_behind_a_suggested_position(
        self, session: Session, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        official = sign_in(RoleName.OFFICIAL)

        found = page(official.get(f"/en/staff/labels/{period.slug}/suggested/oppose"))

        assert "4 comments" in found.text(".//h2[@id='found']")
        assert official.get(f"/en/staff/labels/{period.slug}/suggested/nonsense").status_code == 404
