"""Reports, appeals and contests: what residents ask to be looked at again, and what it tells of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.comments.models import (
    Comment,
    CommentFlag,
    CommentPeriod,
    Disposition,
    Flag,
    ModerationReason,
    Position,
)
from engage.contacts.models import Contact
from engage.moderation import chain, service
from engage.moderation.models import Appeal, CommentReport, Contest, LogReason, ModerationEvent
from engage.moderation.review_queries import count_without_answerer, open_proposal_of
from engage.moderation.rules import APPEAL_DAYS, KEEP_DAYS
from engage.moderation.service.disputes import note_opened
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page
from tests.support.signing import outbox

SignIn = Callable[..., Client]
SPAM = ModerationReason.SPAM


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
def comment(session: Session, period: CommentPeriod) -> Comment:
    """Posted, and signed."""
    row = makers.comment(session, period, name="Ana Ruiz", organisation="Neighbors of Sotol")
    session.commit()
    return row


@pytest.fixture
def restricted(session: Session, period: CommentPeriod, moderator: User) -> Comment:
    row = makers.comment(session, period, body="Buy a boat.", disposition=Disposition.RECEIVED)
    service.restrict_comments(session, [row], moderator, utcnow(), SPAM)
    session.commit()
    return row


def flags(session: Session, comment: Comment) -> list[Flag]:
    session.expire_all()
    return list(session.scalars(sa.select(CommentFlag.flag).where(CommentFlag.comment_id == comment.id)))


def appeal(session: Session, comment: Comment, email: str | None = None) -> Appeal:
    return service.open_appeal(
        session, comment, text="I meant the ferry.", email=email, language="es", now=utcnow()
    )


def contest(session: Session, comment: Comment, sent_as: str = "a", email: str | None = None) -> service.Case:
    return service.open_contest(
        session, comment, text="I am Ana.", email=email, language="en", client_token=sent_as, now=NOON
    )


class TestReports:
    def url(self, comment: Comment) -> str:
        return f"/en/comments/{comment.tracking_number}/report"

    def test_raise_a_flag_and_hide_nothing(self, session: Session, client: Client, comment: Comment) -> None:
        answer = client.send(self.url(comment), reason="spam", words="It sells boats.")

        assert answer.status_code == 303
        assert flags(session, comment) == [Flag.REPORTED]
        assert comment.is_public

    def test_are_one_a_browser_and_comment(
        self, app: Flask, session: Session, client: Client, comment: Comment, period: CommentPeriod
    ) -> None:
        other = makers.comment(session, period)
        session.commit()
        form = page(client.get(self.url(comment))).fields()
        client.post(self.url(comment), data=form | {"reason": "spam"})

        again = client.post(self.url(comment), data=form | {"reason": "spam"})
        client.send(self.url(other), reason="spam")
        neighbor = app.test_client()
        assert isinstance(neighbor, Client)
        neighbor.send(self.url(comment), reason="true_threat")

        assert again.status_code == 422
        assert "reported this comment already" in page(client.get(self.url(comment))).text()
        tokens = session.scalars(sa.select(CommentReport.token)).all()
        assert len(tokens) == len(set(tokens)) == 3

    @pytest.mark.parametrize("reason", ["", "opinion", "duplicate_submission"])
    def test_name_one_of_a_closed_list(
        self, session: Session, client: Client, comment: Comment, reason: str
    ) -> None:
        assert client.send(self.url(comment), reason=reason).status_code == 422
        assert flags(session, comment) == []

    def test_of_what_is_not_public_are_not_there(self, client: Client, restricted: Comment) -> None:
        assert client.get(self.url(restricted)).status_code == 404

    def test_are_seen_to_with_a_reason_and_their_words_go(
        self, session: Session, client: Client, sign_in: SignIn, comment: Comment
    ) -> None:
        client.send(self.url(comment), reason="spam", words="It sells boats.")
        browser = sign_in(RoleName.MODERATOR)
        listed = page(browser.get("/en/staff/reader-reports"))

        missing = browser.send("/en/staff/reader-reports", reason="")
        still = flags(session, comment)
        session.rollback()
        browser.send("/en/staff/reader-reports", reason="within_rules")

        assert "Spam: 1" in listed.text()
        assert "It sells boats." in listed.text()
        assert "Reader reports (1)" in listed.links()
        assert missing.status_code == 303
        assert still == [Flag.REPORTED]
        assert flags(session, comment) == []
        assert session.scalars(sa.select(CommentReport.sealed_words)).all() == [None]

    def test_are_told_to_nobody_comment_by_comment(
        self, session: Session, client: Client, comment: Comment, moderator: User
    ) -> None:
        before = page(client.get(f"/en/comments/{comment.tracking_number}")).text()
        client.send(self.url(comment), reason="spam")
        service.dismiss_reports(
            session,
            session.get_one(Comment, comment.id),
            moderator,
            NOON,
            LogReason.SEEN_TO,
        )
        session.commit()
        client.get("/en")

        assert page(client.get(f"/en/comments/{comment.tracking_number}")).text() == before
        for url in ("/en/moderation", "/en/moderation.csv"):
            text = client.get(url).text
            assert "dismiss_reports" in text or "Reports of readers seen to" in text
            assert comment.tracking_number not in text

    def test_words_cannot_be_read_in_the_database(
        self, session: Session, client: Client, comment: Comment
    ) -> None:
        client.send(self.url(comment), reason="spam", words="My name is Ana.")

        (sealed,) = session.scalars(sa.select(CommentReport.sealed_words)).all()
        assert sealed is not None
        assert b"Ana" not in sealed


class TestAppeals:
    def test_are_sent_with_the_receipt_alone_and_answered_on_it_by_somebody_else(
        self, session: Session, client: Client, sign_in: SignIn, restricted: Comment
    ) -> None:
        receipt = f"/en/receipts/{restricted.tracking_number}"
        link = page(client.get(receipt)).links()["Appeal"]

        client.send(link, text="I meant the ferry.")
        sent = page(client.get(receipt)).text()
        browser = sign_in(RoleName.MODERATOR)
        (case,) = [
            url for text, url in page(browser.get("/en/staff/appeals")).links().items() if "Read the" in text
        ]
        seen = page(browser.get(case)).text()
        browser.send(case, decision="uphold", answer="It is about the county's ferry. You are right.")

        answered = page(client.get(receipt)).text()
        assert "Somebody who had no part in the decision will answer it here." in sent
        assert "I meant the ferry." in seen
        assert "Buy a boat." in seen
        assert "Upheld. Another moderator looked" in answered
        assert "You are right." in answered
        assert "I meant the ferry." not in answered
        session.expire_all()
        assert restricted.is_public
        assert flags(session, restricted) == []

    def test_that_nobody_is_left_to_answer_are_an_alarm(
        self, session: Session, sign_in: SignIn, restricted: Comment, moderator: User
    ) -> None:
        alarm = "No account is left that may answer 1 appeal: add a moderator."
        appeal(session, restricted)
        session.commit()
        assert count_without_answerer(session) == 1
        session.commit()
        clerk = sign_in(RoleName.CLERK)
        assert count_without_answerer(session) == 1
        session.commit()
        assert alarm not in page(clerk.get("/en/staff")).text()

        browser = sign_in(RoleName.ADMINISTRATOR)
        administrator = session.scalars(sa.select(User).order_by(User.id.desc())).first()
        assert administrator is not None
        assert administrator.has_any_role(RoleName.ADMINISTRATOR)
        assert count_without_answerer(session) == 0
        session.commit()
        assert alarm not in page(browser.get("/en/staff/appeals")).text()
        session.execute(sa.update(Appeal).values(proposed_by_id=administrator.id))
        session.commit()

        for address in ("/en/staff", "/en/staff/appeals"):
            assert alarm in page(browser.get(address)).text(), address
        assert "agregue una persona moderadora" in page(browser.get("/es/staff")).text()
        colleague = makers.user(session, RoleName.MODERATOR)
        session.commit()
        assert count_without_answerer(session) == 0
        colleague.active = False
        session.commit()
        assert count_without_answerer(session) == 1

    def test_that_are_answered_need_nobody(self, session: Session, restricted: Comment) -> None:
        case = appeal(session, restricted)

        service.withdraw_comment(session, restricted, None, NOON)

        session.refresh(case)
        assert case.outcome == "moot"
        assert count_without_answerer(session) == 0

    def test_denied_leave_the_comment_where_it_is(
        self, session: Session, client: Client, restricted: Comment, colleague: User
    ) -> None:
        case = appeal(session, restricted)

        service.decide_appeal(session, case.id, colleague, NOON, is_upheld=False, answer="It sells a boat.")
        session.commit()

        assert restricted.disposition is Disposition.RESTRICTED
        text = page(client.get(f"/es/receipts/{restricted.tracking_number}")).text()
        assert "Denegado." in text
        assert "It sells a boat." in text

    def test_are_never_answered_by_those_who_decided(
        self, session: Session, period: CommentPeriod, moderator: User, colleague: User
    ) -> None:
        row = makers.comment(session, period, disposition=Disposition.RECEIVED)
        service.restrict_comments(session, [row], moderator, utcnow(), ModerationReason.TRUE_THREAT)
        proposal = open_proposal_of(session, row)
        assert proposal is not None
        service.confirm_removal(session, proposal.id, colleague, utcnow())
        case = appeal(session, row)

        for person in (moderator, colleague):
            with pytest.raises(service.NeedsSomebodyElse):
                service.decide_appeal(session, case.id, person, utcnow(), is_upheld=False, answer="No.")
            with pytest.raises(sa.exc.IntegrityError, match="decided_by_another"), session.begin_nested():
                session.execute(
                    sa.update(Appeal).values(
                        outcome="denied", decided_by_id=person.id, decided_at=utcnow(), answer="No."
                    )
                )
        service.decide_appeal(session, case.id, makers.user(session), utcnow(), is_upheld=False, answer="No.")

    def test_are_one_for_each_decision(self, session: Session, restricted: Comment) -> None:
        appeal(session, restricted)

        with pytest.raises(service.CannotAppeal):
            appeal(session, restricted)

    @pytest.mark.parametrize(("days", "is_taken"), [(APPEAL_DAYS, True), (APPEAL_DAYS + 1, False)])
    def test_are_taken_up_to_the_last_day(
        self, session: Session, restricted: Comment, days: int, is_taken: bool
    ) -> None:
        def send() -> Appeal:
            return service.open_appeal(
                session,
                restricted,
                text="Please.",
                email=None,
                language="en",
                now=utcnow() + timedelta(days=days),
            )

        if is_taken:
            assert send().outcome is None
        else:
            with pytest.raises(service.CannotAppeal):
                send()

    def test_against_nothing_are_refused_and_the_page_says_so(
        self, session: Session, client: Client, comment: Comment
    ) -> None:
        with pytest.raises(service.CannotAppeal):
            appeal(session, comment)
        session.rollback()

        text = page(client.get(f"/en/receipts/{comment.tracking_number}/appeal")).text()
        assert "there is nothing to appeal against" in text
        assert client.get("/en/receipts/abc-defg-hjkm/appeal").status_code == 404

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"text": ""}, "Write why the comment should be posted."),
            ({"text": "Please.", "email": "nobody"}, "This is no e-mail address."),
            ({"text": "Please.", "email": "a@b.org\nBcc: c@d.org"}, "This is no e-mail address."),
        ],
    )
    def test_say_what_is_missing_and_lose_nothing(
        self, session: Session, client: Client, restricted: Comment, typed: dict[str, str], told: str
    ) -> None:
        answer = client.send(f"/en/receipts/{restricted.tracking_number}/appeal", **typed)

        assert answer.status_code == 422
        assert told in page(answer).text()
        assert flags(session, restricted) == []

    def test_tell_an_address_once_discreetly_and_forget_it(
        self, app: Flask, session: Session, restricted: Comment, colleague: User
    ) -> None:
        case = appeal(session, restricted, email="ana@example.org")
        session.commit()
        assert len(session.scalars(sa.select(Contact)).all()) == 1

        service.decide_appeal(session, case.id, colleague, NOON, is_upheld=True, answer="You are right.")
        session.commit()

        (message,) = outbox(app)
        assert message.recipient == "ana@example.org"
        assert "respuesta" in message.subject
        assert "http://localhost/es/receipts" in message.body
        for secret in (restricted.tracking_number, "boat", "ferry", "right", "Period", str(case.id)):
            assert secret not in message.subject + message.body
        assert session.scalars(sa.select(Contact)).all() == []

    def test_an_address_cannot_be_joined_to_a_comment_with_the_database_alone(
        self, session: Session, restricted: Comment
    ) -> None:
        case = appeal(session, restricted, email="ana@example.org")

        (contact,) = session.scalars(sa.select(Contact)).all()
        row = session.execute(sa.select(Appeal.__table__)).mappings().one()
        assert contact.id not in row.values()
        assert not any(
            str(contact.id).encode() in value for value in row.values() if isinstance(value, bytes)
        )
        assert case.sealed_text is not None
        assert b"ferry" not in case.sealed_text

    def test_the_log_tells_of_them_on_a_later_day_once_and_never_at_the_instant(
        self, session: Session, restricted: Comment, colleague: User
    ) -> None:
        case = appeal(session, restricted)

        assert note_opened(session, before=case.opened_on) == 0
        assert note_opened(session, before=case.opened_on + timedelta(days=1)) == 1
        assert note_opened(session, before=case.opened_on + timedelta(days=1)) == 0
        service.decide_appeal(session, case.id, colleague, NOON, is_upheld=False, answer="No.")

        events = session.scalars(sa.select(ModerationEvent).order_by(ModerationEvent.id)).all()
        assert [event.action for event in events] == ["restrict", "appeal_open", "appeal_denied"]
        assert events[1].actor_id is None
        assert chain.verify_chain(session).holds

    def test_withdrawing_the_comment_ends_them_and_erases_their_words(
        self, session: Session, restricted: Comment
    ) -> None:
        case = appeal(session, restricted, email="ana@example.org")

        service.withdraw_comment(session, restricted, None, NOON)

        session.refresh(case)
        assert (case.outcome, case.sealed_text, case.sealed_contact) == ("moot", None, None)
        assert flags(session, restricted) == []

    def test_words_go_when_their_time_is_over(self, session: Session, restricted: Comment) -> None:
        case = appeal(session, restricted)
        day = case.opened_on + timedelta(days=KEEP_DAYS)

        assert service.purge_words(session, day) == 0
        assert service.purge_words(session, day + timedelta(days=1)) == 1
        assert service.purge_words(session, day + timedelta(days=1)) == 0


class TestContests:
    def test_find_comments_by_the_whole_name_or_the_number_only(
        self, session: Session, client: Client, comment: Comment, period: CommentPeriod
    ) -> None:
        makers.comment(session, period, name="Ana Ruiz", disposition=Disposition.RECEIVED)
        session.commit()

        def found(typed: str) -> list[str]:
            links = page(client.send("/en/contest", name=typed)).links(".//main//li//a")
            return [text for text in links if text == comment.tracking_number]

        for typed in (
            "Ana Ruiz",
            "ana  ruiz",
            "ANA RUIZ",
            "Neighbors of Sotol",
            comment.tracking_number.upper(),
        ):
            assert found(typed) == [comment.tracking_number], typed
        for typed in ("Ana", "Ruiz", "%", "Ana Ru", "nobody"):
            assert found(typed) == [], typed

    def test_a_name_stands_in_no_address(self, client: Client, comment: Comment) -> None:
        answer = client.send("/en/contest", name="Ana Ruiz")

        assert answer.status_code == 200
        assert answer.request.query_string == b""

    def test_go_their_way_from_the_comment_to_the_answer(
        self, session: Session, client: Client, sign_in: SignIn, comment: Comment
    ) -> None:
        url = f"/en/comments/{comment.tracking_number}"
        sent = client.send(page(client.get(url)).links()["This is not mine"], text="I am Ana.")
        shown = page(client.get(sent.location)).text(".//main//dl")
        number, code = shown.split()[2], shown.split()[4]
        private = page(client.get(url)).text()
        browser = sign_in(RoleName.MODERATOR)
        (case,) = [
            link
            for text, link in page(browser.get("/en/staff/contests")).links().items()
            if "Read the case" in text
        ]
        said = page(browser.get(case)).text()
        browser.send(case, decision="admit")
        public = page(client.get(url)).text()
        browser.send(case, decision="remove")
        second = sign_in(RoleName.ADMINISTRATOR)
        second.send("/en/staff/second-look", decision="confirm")
        answer = page(client.send("/en/contest/case", number=number, code=code)).text()

        assert "Contested" not in private
        assert "I am Ana." in said
        assert "Contested: somebody says that this comment was filed in their name" in public
        assert "Upheld. The comment is kept from readers." in answer
        assert client.get(url).status_code == 404
        assert flags(session, comment) == []
        assert "Your case" in page(client.get("/en/contest/case")).text()
        assert code not in page(client.get("/en/contest/case")).text()
        assert chain.verify_chain(session).holds

    def test_need_something_to_go_by(self, session: Session, client: Client, comment: Comment) -> None:
        answer = client.send(f"/en/comments/{comment.tracking_number}/contest")

        assert answer.status_code == 422
        assert flags(session, comment) == []

    def test_a_form_that_is_sent_twice_makes_one_case(
        self, session: Session, client: Client, comment: Comment
    ) -> None:
        url = f"/en/comments/{comment.tracking_number}/contest"
        form = page(client.get(url)).fields() | {"text": "I am Ana."}

        first, second = (client.post(url, data=form) for _ in range(2))

        assert (first.status_code, second.status_code) == (303, 303)
        assert len(session.scalars(sa.select(Contest)).all()) == 1

    @pytest.mark.parametrize("wrong", ["number", "code"])
    def test_a_case_is_seen_only_with_both_number_and_code(
        self, session: Session, client: Client, comment: Comment, wrong: str
    ) -> None:
        case = contest(session, comment)
        other = contest(session, comment, "b")
        session.commit()
        typed = {"number": case.number, "code": case.code}

        right = client.send("/en/contest/case", **typed)
        refused = client.send("/en/contest/case", **typed | {wrong: getattr(other, wrong)})

        assert right.status_code == 200
        assert refused.status_code == 422
        assert "There is no case with this number and this code." in page(refused).text()

    def test_a_dismissed_case_needs_an_answer_and_tells_the_address_once(
        self, app: Flask, session: Session, client: Client, sign_in: SignIn, comment: Comment
    ) -> None:
        case = contest(session, comment, email="ana@example.org")
        session.commit()
        (number,) = session.scalars(sa.select(Contest.id)).all()
        browser = sign_in(RoleName.MODERATOR)
        url = f"/en/staff/contests/{number}"

        silent = browser.send(url, decision="dismiss")
        browser.send(url, decision="dismiss", answer="Two people have this name.")

        assert silent.status_code == 422
        text = page(client.send("/en/contest/case", number=case.number, code=case.code)).text()
        assert "Dismissed. The comment stays as it is." in text
        assert "Two people have this name." in text
        assert [message.recipient for message in outbox(app)] == ["ana@example.org"]
        session.rollback()
        assert session.scalars(sa.select(Contact)).all() == []
        assert flags(session, comment) == []

    def test_a_second_case_keeps_the_flag_up(
        self, session: Session, comment: Comment, moderator: User
    ) -> None:
        contest(session, comment)
        contest(session, comment, "b")
        first = session.scalars(sa.select(Contest.id).order_by(Contest.id)).first()
        assert first is not None

        service.dismiss_contest(session, first, moderator, NOON, "No.")

        assert flags(session, comment) == [Flag.CONTESTED]
        with pytest.raises(service.WrongState):
            service.admit_contest(session, first, moderator, NOON)

    def test_look_alike_for_both_sides(
        self, session: Session, client: Client, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        session.commit()
        texts = []
        browser = sign_in(RoleName.MODERATOR)
        for position in (Position.SUPPORT, Position.OPPOSE):
            row = makers.comment(session, period, body="The same words.", name="Ana", position=position)
            contest(session, row, position)
            session.commit()
            (number, case) = session.execute(
                sa.select(Contest.id, Contest.case_number).where(Contest.comment_id == row.id)
            ).one()
            text = page(browser.get(f"/en/staff/contests/{number}")).text()
            texts.append(text.replace(row.tracking_number, "").replace(case, ""))

        assert texts[0] == texts[1]


def test_what_is_withdrawn_leaves_no_report_no_case_and_no_words(
    session: Session, client: Client, comment: Comment
) -> None:
    client.send(f"/en/comments/{comment.tracking_number}/report", reason="spam", words="Look.")
    case = contest(session, session.get_one(Comment, comment.id), email="ana@example.org")
    session.commit()

    service.withdraw_comment(session, session.get_one(Comment, comment.id), None, NOON)
    session.commit()

    assert flags(session, comment) == []
    assert session.execute(sa.select(Contest.outcome, Contest.sealed_text)).all() == [("moot", None)]
    assert session.execute(sa.select(CommentReport.is_open, CommentReport.sealed_words)).all() == [
        (False, None)
    ]
    text = page(client.send("/en/contest/case", number=case.number, code=case.code)).text()
    assert "the comment was withdrawn" in text


@pytest.mark.parametrize(
    "url",
    ["/en/staff/appeals/987654", "/en/staff/contests/987654", "/en/staff/comments/abc-defg-hjkm/redact"],
)
def test_what_is_not_there_is_not_found(sign_in: SignIn, url: str) -> None:
    assert sign_in(RoleName.MODERATOR).get(url).status_code == 404
