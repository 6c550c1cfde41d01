"""People confirm or correct concerns: what they say is counted, what the program says is kept beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.analysis import OTHER, PositionLabel
from engage.clock import utcnow
from engage.comments.filters import MACHINE, PERSON, CommentFilter
from engage.comments.models import (
    Comment,
    CommentPeriod,
    CommentReview,
    Disposition,
    ModerationReason,
    Position,
)
from engage.comments.queries import count
from engage.comments.reviewed import machine_codes
from engage.comments.service import analyse_due
from engage.jobs.queue import run_once
from engage.labelling import queries, reviews, service
from engage.labelling.service import NotMeasured, WordsChanged
from engage.moderation.service import restrict_comments, withdraw_comment
from engage.reports.gather import numbers_of
from engage.reports.measures import TallyKey
from engage.reports.service import count_due
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
WORK = {"analyse": analyse_due, "count": count_due, "measure": service.measure_due}
FAMILY = "I oppose this agreement. It splits families and their children."
LETTER = "Sign the agreement now, it keeps us safe from gangs."


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period with a comment about families and a letter that came three times, once with other spaces."""
    period = makers.comment_period(session)
    makers.comment(session, period, body=FAMILY, position=Position.OPPOSE, tracking_number="fam-aaaa-aaaa")
    for number, body in enumerate((LETTER, LETTER.replace(" ", "  "), LETTER)):
        makers.comment(session, period, body=body, tracking_number=f"tex-aaaa-aaa{number + 2}")
    session.commit()
    run_once(WORK)
    session.expire_all()
    return period


@pytest.fixture
def person(session: Session) -> User:
    """A moderator who reads."""
    person = makers.user(session, RoleName.MODERATOR)
    session.commit()
    return person


def comment_of(session: Session, number: str) -> Comment:
    return session.scalars(sa.select(Comment).where(Comment.tracking_number == number)).one()


def codes(comment: Comment) -> list[str]:
    return [concern.code for concern in comment.analysis.concerns] if comment.analysis else []


def read(session: Session, comment: Comment, person: User, *concerns: str, digest: str | None = None) -> int:
    found = service.review_comment(
        session,
        comment,
        person,
        concerns=concerns,
        of_digest=digest or comment.body_digest,
        today=NOON.date(),
    )
    session.commit()
    return found


def tally(session: Session, period: CommentPeriod, measure: str, key: str) -> int:
    session.rollback()
    return numbers_of(session, period).get(TallyKey(measure, key), 0)


class TestReviewComment:
    def test_a_correction_stands_where_everybody_looks_and_the_program_is_kept_beside_it(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        assert codes(comment) == ["family_unity"]

        read(session, comment, person, "family_unity", "cost_resources")
        run_once(WORK)

        session.expire_all()
        assert codes(comment) == ["cost_resources", "family_unity"]
        assert machine_codes(comment) == ["family_unity"]
        assert comment.review is not None
        assert not comment.review.confirmed
        assert tally(session, period, "concern", "cost_resources") == 1
        assert count(session, period, CommentFilter(concern="cost_resources")) == 1

    def test_words_that_the_program_found_stay_marked(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        before = comment.analysis.concerns[0].spans if comment.analysis else None

        read(session, comment, person, "family_unity", "cost_resources")

        session.expire_all()
        assert comment.analysis is not None
        assert {concern.code: concern.spans for concern in comment.analysis.concerns} == {
            "family_unity": before,
            "cost_resources": [],
        }

    def test_one_reading_holds_for_every_copy_of_a_text(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        letter = comment_of(session, "tex-aaaa-aaa2")

        assert read(session, letter, person, *codes(letter)) == 3

        assert reviews.progress(session, period) == reviews.Progress(posted=4, read=3)
        assert [row.both for row in reviews.agreements(session, period)] == [1] * len(codes(letter))

    def test_is_counted_by_the_filter_that_stands_behind_its_number(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        read(session, comment_of(session, "tex-aaaa-aaa2"), person, "public_safety")
        makers.comment(session, period, body="Not measured yet.")

        assert count(session, period, CommentFilter(read_by=PERSON)) == 3
        assert count(session, period, CommentFilter(read_by=MACHINE)) == 1

    def test_is_no_reading_of_other_words(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")

        with pytest.raises(WordsChanged):
            read(session, comment, person, "family_unity", digest="0" * 64)

    @pytest.mark.parametrize("disposition", [Disposition.RECEIVED, Disposition.WITHDRAWN])
    def test_reads_only_what_everybody_may_read(
        self, session: Session, period: CommentPeriod, person: User, disposition: Disposition
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        comment.disposition = disposition
        session.commit()

        with pytest.raises(WordsChanged):
            read(session, comment, person, "family_unity")

    def test_waits_for_the_program(self, session: Session, period: CommentPeriod, person: User) -> None:
        comment = makers.comment(session, period)

        with pytest.raises(NotMeasured):
            read(session, comment, person, "family_unity")

    def test_can_be_done_twice_and_by_another_person(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        comment, other = comment_of(session, "fam-aaaa-aaaa"), makers.user(session, RoleName.OFFICIAL)

        read(session, comment, person, "cost_resources")
        read(session, comment, other, "family_unity")

        session.expire_all()
        assert comment.review is not None
        assert (comment.review.confirmed, comment.review.read_by_id) == (True, other.id)
        assert codes(comment) == ["family_unity"]


class TestUndoReview:
    def test_lets_the_program_stand_again(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        before = [(c.code, c.denied, c.spans) for c in comment.analysis.concerns] if comment.analysis else []
        read(session, comment, person, "cost_resources", "rule_of_law")

        assert service.undo_review(session, comment, of_digest=comment.body_digest) == 1
        session.commit()
        session.expire_all()

        assert comment.analysis is not None
        assert [(c.code, c.denied, c.spans) for c in comment.analysis.concerns] == before
        assert comment.review is None
        assert service.undo_review(session, comment, of_digest=comment.body_digest) == 0


class TestMeasuringAnew:
    def test_keeps_what_a_person_read_and_writes_the_program_anew(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        read(session, comment, person, "cost_resources")
        assert comment.review is not None
        comment.review.machine = [["rule_of_law", False, []]]
        comment.analysis_due = True
        session.commit()

        run_once(WORK)

        session.expire_all()
        assert codes(comment) == ["cost_resources"]
        assert machine_codes(comment) == ["family_unity"]

    def test_drops_a_reading_of_words_that_are_gone(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        read(session, comment, person, "cost_resources")
        comment.body, comment.body_digest = "It is about money and taxes of the county.", "1" * 64
        comment.analysis_due = True
        session.commit()

        run_once(WORK)

        session.expire_all()
        assert comment.review is None
        assert codes(comment) == ["cost_resources"]
        assert comment.analysis is not None
        assert comment.analysis.concerns[0].spans != []

    def test_a_withdrawn_comment_leaves_no_digest_in_a_reading(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        read(session, comment, person, "cost_resources")

        withdraw_comment(session, comment, None, utcnow())
        session.commit()

        assert session.scalars(sa.select(CommentReview)).all() == []
        assert reviews.agreements(session, period) == []

    def test_a_restricted_comment_is_in_no_number_of_readings(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        read(session, comment, person, "cost_resources")
        comment.disposition = Disposition.RECEIVED
        session.flush()
        restrict_comments(session, [comment], None, utcnow(), ModerationReason.SPAM)
        session.commit()

        assert reviews.progress(session, period).read == 0
        assert reviews.read_page(session, period, 1).rows == []


class TestShares:
    def test_the_sample_compares_people_with_the_program_itself(
        self, session: Session, period: CommentPeriod, person: User
    ) -> None:
        service.draw_sample(session, period, size=10, now=NOON)
        comment = comment_of(session, "fam-aaaa-aaaa")
        read(session, comment, person, "cost_resources")
        service.label_comment(
            session, comment, person, position=PositionLabel.OPPOSE, concerns=["cost_resources"], tone=None
        )
        session.commit()
        run_once(WORK)

        session.rollback()
        assert queries.measures(session, period)["concern", "cost_resources"] == [(1.0, 0.0, 1)]
        assert queries.measures(session, period)["concern", "family_unity"] == [(0.0, 1.0, 1)]


class TestPages:
    def test_a_moderator_corrects_a_comment_and_everybody_sees_both(
        self, session: Session, client: Client, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        staff = sign_in(person)
        queue = f"/en/staff/periods/{period.slug}/reading"
        assert "0 of 4" in page(staff.get(queue)).text()
        shown = page(staff.get(f"{queue}/fam-aaaa-aaaa"))
        assert shown.all(".//mark")
        assert "Oppose" not in shown.text()  # Nobody reads with the declared position in mind.

        answer = staff.send(
            f"{queue}/fam-aaaa-aaaa",
            concerns=["family_unity", "cost_resources"],
            of_digest=comment.body_digest,
        )

        assert answer.status_code == 303
        assert "Corrected by a person" in page(client.get("/en/comments/fam-aaaa-aaaa")).text()
        assert "Corregido por una persona" in page(client.get("/es/comments/fam-aaaa-aaaa")).text()
        assert "1 of 4" in page(staff.get(queue)).text()
        listed = page(client.get(f"/en/periods/{period.slug}/comments?read_by=person")).text()
        assert "fam-aaaa-aaaa" in listed
        assert "tex-aaaa-aaa2" not in listed

    def test_nothing_ticked_is_an_error_and_changes_nothing(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        answer = sign_in(person).send(
            f"/en/staff/periods/{period.slug}/reading/fam-aaaa-aaaa",
            concerns=[],
            of_digest=comment_of(session, "fam-aaaa-aaaa").body_digest,
        )

        assert answer.status_code == 422
        session.rollback()
        assert session.scalars(sa.select(CommentReview)).all() == []

    def test_nothing_is_ticked_and_one_press_says_that_the_program_is_right(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        comment = comment_of(session, "fam-aaaa-aaaa")
        staff, url = sign_in(person), f"/en/staff/periods/{period.slug}/reading/fam-aaaa-aaaa"
        shown = page(staff.get(url))
        assert not shown.all(".//input[@name='concerns'][@checked]")
        assert shown.all(".//fieldset//mark")

        stale = staff.send(url, verdict="right", found="cost_resources", of_digest=comment.body_digest)
        right = staff.send(url, verdict="right", found="family_unity", of_digest=comment.body_digest)

        assert (stale.status_code, right.status_code) == (422, 303)
        session.rollback()
        review = comment_of(session, "fam-aaaa-aaaa").review
        assert review is not None
        assert review.confirmed

    def test_words_that_changed_meanwhile_are_read_again(
        self, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        answer = sign_in(person).send(
            f"/en/staff/periods/{period.slug}/reading/fam-aaaa-aaaa", concerns=[OTHER], of_digest="0" * 64
        )

        assert answer.status_code == 409
        assert "Read it again" in page(answer).text()

    def test_a_comment_of_another_period_is_not_read_here(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, person: User
    ) -> None:
        other = makers.comment_period(session)
        session.commit()

        answer = sign_in(person).get(f"/en/staff/periods/{other.slug}/reading/fam-aaaa-aaaa")

        assert answer.status_code == 404

    def test_the_queue_goes_on_behind_what_was_skipped_and_comes_back_to_it(
        self, session: Session, period: CommentPeriod
    ) -> None:
        numbers = session.scalars(sa.select(Comment.tracking_number).order_by(Comment.id)).all()

        assert reviews.next_number(session, period) == numbers[0]
        assert reviews.next_number(session, period, after=numbers[0]) == numbers[1]
        assert reviews.next_number(session, period, after=numbers[-1]) == numbers[0]
        assert reviews.next_number(session, period, after="nonsense") == numbers[0]

    def test_what_no_address_can_hold_leads_to_no_error(
        self, sign_in: SignIn, period: CommentPeriod, person: User, session: Session
    ) -> None:
        browser = sign_in(person)
        start = f"/en/staff/periods/{period.slug}/reading"
        number = session.scalars(sa.select(Comment.tracking_number)).first()

        assert browser.get(f"{start}/next?after=%00").status_code == 303
        undo = {"of_digest": "\0", "csrf_token": browser.csrf_token()}
        assert browser.post(f"{start}/{number}/undo", data=undo).status_code == 303
        assert "Nothing was changed" in page(browser.get(f"{start}/{number}")).text(".")

    def test_a_host_reads_no_concerns(self, session: Session, sign_in: SignIn, period: CommentPeriod) -> None:
        host = makers.user(session, RoleName.HOST)
        session.commit()

        assert sign_in(host).get(f"/en/staff/periods/{period.slug}/reading").status_code == 403
