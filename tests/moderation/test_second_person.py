"""Removals that take two people, by every way that leads to one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.comments.models import Comment, CommentPeriod, Disposition, ModerationReason, Position
from engage.moderation import chain, queries, service
from engage.moderation.filters import QueueFilter
from engage.moderation.models import ModerationEvent, ProposalOutcome, RemovalProposal
from engage.moderation.review_queries import open_proposal_of
from engage.moderation.rules import TWO_PEOPLE, UNDO_WITHIN
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
LOOK = "/en/staff/second-look"
SPAM, THREAT = ModerationReason.SPAM, ModerationReason.TRUE_THREAT


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    return makers.comment_period(session)


@pytest.fixture
def moderator(session: Session) -> User:
    return makers.user(session, RoleName.MODERATOR)


@pytest.fixture
def colleague(session: Session) -> User:
    return makers.user(session, RoleName.MODERATOR)


@pytest.fixture
def alone(app: Flask) -> Iterator[None]:
    """A place that lets one person decide."""
    settings = app.config["ENGAGE_SETTINGS"]
    app.config["ENGAGE_SETTINGS"] = dataclasses.replace(settings, second_person=False)
    yield
    app.config["ENGAGE_SETTINGS"] = settings


def waiting(session: Session, period: CommentPeriod) -> Comment:
    return makers.comment(session, period, disposition=Disposition.RECEIVED)


def posted(session: Session, period: CommentPeriod, moderator: User) -> Comment:
    comment = waiting(session, period)
    service.post_comments(session, [comment], moderator, NOON)
    return comment


def proposal_of(session: Session, comment: Comment) -> RemovalProposal:
    found = open_proposal_of(session, comment)
    assert found is not None
    return found


def lines(session: Session) -> list[str]:
    return list(session.scalars(sa.select(ModerationEvent.action).order_by(ModerationEvent.id)))


class TestPropose:
    @pytest.mark.parametrize("reason", ModerationReason)
    def test_what_weighs_words_takes_two_people_and_the_comment_waits_on_unseen(
        self, session: Session, period: CommentPeriod, moderator: User, reason: ModerationReason
    ) -> None:
        comment = waiting(session, period)

        outcome = service.restrict_comments(session, [comment], moderator, NOON, reason)

        takes_two = reason in TWO_PEOPLE
        assert outcome.proposed == takes_two
        assert comment.disposition is (Disposition.RECEIVED if takes_two else Disposition.RESTRICTED)
        assert lines(session) == ["propose" if takes_two else "restrict"]
        assert queries.waiting(session, QueueFilter()).comments == []

    def test_a_public_comment_stays_public_whatever_the_reason(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = posted(session, period, moderator)

        outcome = service.remove_comment(session, comment, moderator, NOON, SPAM)

        assert outcome.proposed == 1
        assert comment.is_public

    def test_one_that_was_public_takes_two_people_too(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = posted(session, period, moderator)
        (event,) = session.scalars(sa.select(ModerationEvent)).all()
        service.undo_decisions(session, [event.id], moderator, NOON)

        assert service.restrict_comments(session, [comment], moderator, NOON, SPAM).proposed == 1
        assert comment.restriction_reason is None

    def test_a_second_proposal_changes_nothing(
        self, session: Session, period: CommentPeriod, moderator: User, colleague: User
    ) -> None:
        comment = posted(session, period, moderator)
        service.remove_comment(session, comment, moderator, NOON, SPAM)

        outcome = service.remove_comment(session, comment, colleague, NOON, THREAT)

        assert (outcome.done, outcome.already) == (0, 1)
        assert comment.is_public
        assert proposal_of(session, comment).reason is SPAM

    def test_another_system_decides_by_its_own_rules(self, session: Session, period: CommentPeriod) -> None:
        comment = waiting(session, period)

        service.restrict_comments(session, [comment], None, NOON, THREAT)

        assert comment.disposition is Disposition.RESTRICTED

    @pytest.mark.usefixtures("alone")
    def test_a_place_may_let_one_person_decide(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        unseen, public = waiting(session, period), posted(session, period, moderator)

        service.restrict_comments(session, [unseen], moderator, NOON, THREAT)
        service.remove_comment(session, public, moderator, NOON, SPAM)

        assert {unseen.disposition, public.disposition} == {Disposition.RESTRICTED}


class TestConfirm:
    def test_keeps_the_comment_from_readers_with_the_names_of_both(
        self, session: Session, period: CommentPeriod, moderator: User, colleague: User
    ) -> None:
        comment = waiting(session, period)
        service.restrict_comments(session, [comment], moderator, NOON, THREAT)
        proposal = proposal_of(session, comment)

        service.confirm_removal(session, proposal.id, colleague, NOON)

        assert (comment.disposition, comment.restriction_reason) == (Disposition.RESTRICTED, THREAT)
        assert lines(session) == ["propose", "confirm"]
        assert proposal.outcome is ProposalOutcome.CONFIRMED
        assert chain.verify_chain(session).holds

    def test_by_the_same_person_is_refused(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = waiting(session, period)
        service.restrict_comments(session, [comment], moderator, NOON, THREAT)

        with pytest.raises(service.NeedsSomebodyElse):
            service.confirm_removal(session, proposal_of(session, comment).id, moderator, NOON)

    def test_by_the_same_person_is_refused_by_the_database_too(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = waiting(session, period)
        service.restrict_comments(session, [comment], moderator, NOON, THREAT)
        change = sa.update(RemovalProposal).values(
            outcome=ProposalOutcome.CONFIRMED, decided_by_id=moderator.id, decided_at=NOON
        )

        with pytest.raises(sa.exc.IntegrityError, match="confirmed_by_somebody_else"):
            session.execute(change)

    def test_declined_everything_stays_as_it_was(
        self, session: Session, period: CommentPeriod, moderator: User, colleague: User
    ) -> None:
        comment = posted(session, period, moderator)
        service.remove_comment(session, comment, moderator, NOON, SPAM)

        service.decline_removal(session, proposal_of(session, comment).id, colleague, NOON)

        assert comment.is_public
        assert lines(session) == ["post", "propose", "decline"]

    def test_comes_too_late_where_it_was_decided_or_withdrawn(
        self, session: Session, period: CommentPeriod, moderator: User, colleague: User
    ) -> None:
        first, second = waiting(session, period), waiting(session, period)
        service.restrict_comments(session, [first, second], moderator, NOON, THREAT)
        numbers = [proposal_of(session, comment).id for comment in (first, second)]
        service.post_comments(session, [first], colleague, NOON)
        service.withdraw_comment(session, second, None, NOON)

        for number in numbers:
            with pytest.raises(service.WrongState):
                service.confirm_removal(session, number, colleague, NOON)

        assert first.is_public


class TestNoWayRound:
    def test_by_opening_a_public_comment_again(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = posted(session, period, moderator)

        with pytest.raises(service.NeedsSomebodyElse):
            service.reopen_comments(session, [comment], moderator, NOON)

    def test_by_a_late_undo(self, session: Session, period: CommentPeriod, moderator: User) -> None:
        comment = posted(session, period, moderator)
        (event,) = session.scalars(sa.select(ModerationEvent)).all()
        late = NOON + UNDO_WITHIN + timedelta(seconds=1)

        assert service.undo_decisions(session, [event.id], moderator, late).done == 0
        assert comment.is_public

    def test_by_those_two_who_removed_it(
        self, session: Session, period: CommentPeriod, moderator: User, colleague: User
    ) -> None:
        comment = waiting(session, period)
        service.restrict_comments(session, [comment], moderator, NOON, THREAT)
        service.confirm_removal(session, proposal_of(session, comment).id, colleague, NOON)

        for person in (moderator, colleague):
            with pytest.raises(service.NeedsSomebodyElse):
                service.reopen_comments(session, [comment], person, NOON)
        service.reopen_comments(session, [comment], makers.user(session), NOON)

        assert comment.disposition is Disposition.RECEIVED

    def test_undoing_takes_a_proposal_back(
        self, session: Session, period: CommentPeriod, moderator: User
    ) -> None:
        comment = waiting(session, period)
        events = service.restrict_comments(session, [comment], moderator, NOON, THREAT).events

        service.undo_decisions(session, [event.id for event in events], moderator, NOON)

        assert open_proposal_of(session, comment) is None
        assert queries.waiting(session, QueueFilter()).comments == [comment]


class TestPages:
    def test_the_queue_says_that_it_waits_and_another_person_confirms(
        self, session: Session, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        comment = waiting(session, period)
        session.commit()
        first, second = sign_in(RoleName.MODERATOR), sign_in(RoleName.ADMINISTRATOR)

        done = first.send(
            "/en/staff/queue",
            form=".//main//form[@data-queue]",
            comment=comment.tracking_number,
            decision="restrict",
            reason="true_threat",
        )
        told = page(first.get(done.location)).text()
        own = page(first.get(LOOK))
        answer = second.send(LOOK, decision="confirm")

        session.expire_all()
        assert "1 comment waits for a second person: True threat." in told
        assert "Second look (1)" in own.links()
        assert [button.get("value") for button in own.all(".//main//button")] == ["decline"]
        assert answer.status_code == 303
        assert comment.restriction_reason is THREAT

    def test_the_one_who_proposed_cannot_confirm_by_hand(
        self, session: Session, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        comment = waiting(session, period)
        session.commit()
        browser = sign_in(RoleName.MODERATOR)
        browser.send(
            f"/en/staff/comments/{comment.tracking_number}", decision="restrict", reason="true_threat"
        )

        answer = browser.send(LOOK, decision="confirm")

        session.expire_all()
        assert answer.status_code == 403
        assert comment.disposition is Disposition.RECEIVED

    def test_a_posted_comment_is_proposed_on_its_page(
        self, session: Session, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        comment = makers.comment(session, period)
        session.commit()
        browser = sign_in(RoleName.MODERATOR)
        url = f"/en/staff/comments/{comment.tracking_number}"
        token = browser.csrf_token()

        nothing = browser.post(f"{url}/remove", data={"csrf_token": token, "reason": ""})
        browser.post(f"{url}/remove", data={"csrf_token": token, "reason": "spam"})

        assert nothing.status_code == 303
        assert "proposes not to post it: Spam" in page(browser.get(url)).text()
        assert browser.get(f"/en/comments/{comment.tracking_number}").status_code == 200

    def test_an_unknown_button_does_nothing(
        self, session: Session, sign_in: SignIn, period: CommentPeriod, moderator: User
    ) -> None:
        comment = waiting(session, period)
        service.restrict_comments(session, [comment], moderator, NOON, THREAT)
        session.commit()

        sign_in(RoleName.MODERATOR).send(LOOK, decision="hide")

        session.expire_all()
        assert comment.disposition is Disposition.RECEIVED

    def test_both_sides_are_counted_alike_in_the_public_log(
        self, session: Session, client: Client, period: CommentPeriod, moderator: User, colleague: User
    ) -> None:
        for position in (Position.SUPPORT, Position.OPPOSE):
            comment = makers.comment(session, period, position=position, disposition=Disposition.RECEIVED)
            service.restrict_comments(session, [comment], moderator, NOON, THREAT)
            service.confirm_removal(session, proposal_of(session, comment).id, colleague, NOON)
        session.commit()

        text = page(client.get("/en/moderation")).text(".//main//table")

        assert "Proposed not to post: True threat 1 1 0 0 0 0 2" in text
        assert "Not posted, by two people: True threat 1 1 0 0 0 0 2" in text
