"""Batches: a library, a church or a clinic enters paper forms, and sees its own entries and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import (
    BatchKind,
    Channel,
    Comment,
    CommentBatch,
    CommentFlag,
    CommentPeriod,
    Disposition,
    Flag,
)
from engage.dockets.service import add_document
from engage.errors import NotFound
from engage.intake import service
from engage.intake.views import helper
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
DAY = timedelta(days=1)
FORM = "/en/entry/form"
SAID: dict[str, Any] = {"body": "Typed from paper, word for word."}


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    period = makers.comment_period(session, slug="jail")
    session.commit()
    return period


def batch_of(
    session: Session, period: CommentPeriod, name: str = "Town library", **fields: object
) -> tuple[CommentBatch, str]:
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "name": name, "expires_at": now + DAY, "is_certified": True, "creator": None, "now": now,
        "secret_key": "a key that is used in tests only and nowhere else",
    }  # fmt: skip
    made = service.create_batch(session, period=period, **values | fields)
    session.commit()
    return made


def helper_of(app: Flask, code: str) -> Client:
    """A browser in which a code was typed."""
    client = app.test_client()
    assert isinstance(client, Client)
    assert client.send("/en/entry", code=code).location == FORM
    return client


def enter(browser: Client, body: str = SAID["body"], **fields: Any) -> str:
    """Enter a form; returns its tracking number."""
    answer = browser.send(FORM, form=".//form[@data-draft]", body=body, is_another=[], **fields)
    assert answer.status_code == 303, page(answer).text()
    return str(answer.location).partition("after=")[2].partition("&")[0]


def comment_of(session: Session, number: str) -> Comment:
    session.rollback()
    return session.scalars(sa.select(Comment).where(Comment.tracking_number == number)).one()


class TestMaking:
    def test_the_code_is_shown_once_and_stored_nowhere(
        self, session: Session, period: CommentPeriod, sign_in: SignIn
    ) -> None:
        clerk, address = sign_in(RoleName.CLERK), "/en/staff/periods/jail/batches"

        made = clerk.send(address, form=".//form[@data-submit-once][last()]", name="Town library",
                          is_certified="y")  # fmt: skip
        shown = page(clerk.get(address))
        code = shown.text(".//*[@class='code-to-say']")

        session.rollback()
        batch = session.scalars(sa.select(CommentBatch)).one()
        assert made.status_code == 303
        assert len(code.split("-")) == 5
        assert code not in repr(list(vars(batch).values()))
        assert (batch.name, batch.kind) == ("Town library", BatchKind.INTERMEDIARY)
        assert code not in page(clerk.get(address)).text()
        assert batch.label in page(clerk.get(address)).text()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"is_certified": []}, "is_certified"),
            ({"expires_at": "2020-01-01T00:00"}, "expires_at"),
            ({"expires_at": "2027-03-14T02:30"}, "expires_at"),
            ({"expires_at": ""}, "expires_at"),
        ],
    )
    def test_what_is_missing_is_told_at_its_field(
        self, session: Session, period: CommentPeriod, sign_in: SignIn, changes: dict[str, str], field: str
    ) -> None:
        clerk = sign_in(RoleName.CLERK)
        typed: dict[str, Any] = {"name": "Town library", "is_certified": "y"}

        answer = clerk.send(
            "/en/staff/periods/jail/batches", form=".//form[@data-submit-once][last()]", **typed | changes
        )

        session.rollback()
        assert answer.status_code == 422
        assert f"#{field}" in page(answer).links(".//*[@class='errors']//a").values()
        assert session.scalar(sa.select(sa.func.count()).select_from(CommentBatch)) == 0

    def test_the_database_keeps_no_batch_that_nobody_vouches_for(
        self, session: Session, period: CommentPeriod
    ) -> None:
        session.add(
            CommentBatch(
                period_id=period.id, kind=BatchKind.FILE, name="PAC", is_certified=False,
                created_at=datetime.now(UTC),
            )
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="is_certified"):
            session.flush()


class TestTheCode:
    @pytest.mark.parametrize("spelled", [str.upper, lambda code: code.replace("-", " ")])
    def test_opens_the_entry_screen_however_it_is_typed(
        self, app: Flask, session: Session, period: CommentPeriod, spelled: Callable[[str], str]
    ) -> None:
        _, code = batch_of(session, period)

        browser = helper_of(app, spelled(code))

        assert "Town library" in page(browser.get(FORM)).text()
        assert browser.get("/en/entry").location == FORM

    def test_opens_nothing_when_it_is_wrong_expired_or_closed(
        self, app: Flask, session: Session, period: CommentPeriod, client: Client, sign_in: SignIn
    ) -> None:
        batch, code = batch_of(session, period)
        assert "slip" in page(client.send("/en/entry", code=code[:-2] + "xx")).text(".//*[@class='errors']")
        inside = helper_of(app, code)
        batch.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        session.commit()
        assert client.send("/en/entry", code=code).status_code == 422
        assert inside.get(FORM).location == "/en/entry"

        batch.expires_at = datetime.now(UTC) + DAY
        session.commit()
        inside = helper_of(app, code)
        closed = sign_in(RoleName.CLERK).post(
            f"/en/staff/batches/{batch.id}/close", data={"csrf_token": client.csrf_token()}
        )
        assert closed.status_code == 400
        clerk = sign_in(RoleName.CLERK)
        clerk.post(f"/en/staff/batches/{batch.id}/close", data={"csrf_token": clerk.csrf_token()})
        assert inside.get(FORM).location == "/en/entry"
        assert client.send("/en/entry", code=code).status_code == 422

    def test_is_asked_for_again_when_the_browser_was_left_alone_and_what_was_typed_comes_back(
        self, app: Flask, session: Session, period: CommentPeriod, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, code = batch_of(session, period)
        browser = helper_of(app, code)
        form = page(browser.get(FORM)).fields(".//form[@data-draft]") | SAID
        later = datetime.now(UTC) + helper.OPEN_FOR + timedelta(seconds=1)
        monkeypatch.setattr(helper, "utcnow", lambda: later)

        assert browser.get(FORM).location == "/en/entry"
        answer = browser.post(FORM, data=form)

        assert answer.status_code == 409
        assert SAID["body"] in page(answer).text()
        assert session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 0

    def test_is_forgotten_when_the_helper_leaves(
        self, app: Flask, session: Session, period: CommentPeriod
    ) -> None:
        _, code = batch_of(session, period)
        browser = helper_of(app, code)

        browser.post("/en/entry/leave", data={"csrf_token": browser.csrf_token()})

        assert browser.get(FORM).location == "/en/entry"


class TestEntering:
    def test_an_entry_is_of_the_batch_came_on_paper_and_has_a_receipt(
        self, app: Flask, session: Session, period: CommentPeriod
    ) -> None:
        batch, code = batch_of(session, period)
        browser = helper_of(app, code)

        number = enter(browser, position="support", name="Ana")

        comment = comment_of(session, number)
        assert (comment.channel, comment.batch_id, comment.entered_by_id) == (
            Channel.PAPER_INTAKE,
            batch.id,
            None,
        )
        assert (comment.disposition, comment.on_time) == (Disposition.RECEIVED, True)
        following = page(browser.get(f"{FORM}?after={number}"))
        receipt = following.links()["Receipt to print and hand over"]
        assert number in page(browser.get(receipt)).text(".//h1")

    def test_the_words_are_not_shown_again(self, app: Flask, session: Session, period: CommentPeriod) -> None:
        _, code = batch_of(session, period)
        browser = helper_of(app, code)
        number = enter(browser, name="Ana Secret")

        for address in (FORM, f"{FORM}?after={number}", f"/en/receipts/{number}"):
            text = browser.get(address).get_data(as_text=True)
            assert number in text
            assert SAID["body"] not in text
            assert "Ana Secret" not in text

    def test_a_form_cannot_choose_channel_batch_or_typist(
        self, app: Flask, session: Session, period: CommentPeriod
    ) -> None:
        """Case 36: mass assignment."""
        other, _ = batch_of(session, makers.comment_period(session), "Other place")
        batch, code = batch_of(session, period)

        number = enter(
            helper_of(app, code), came_by="mail", channel="web", batch_id=str(other.id), entered_by_id="1",
            postmarked_on="2020-01-01", period_id=str(other.period_id), disposition="posted", on_time="",
        )  # fmt: skip

        comment = comment_of(session, number)
        assert (comment.batch_id, comment.channel, comment.period_id) == (
            batch.id,
            Channel.PAPER_INTAKE,
            period.id,
        )
        assert (comment.entered_by_id, comment.postmarked_on) == (None, None)
        assert (comment.disposition, comment.on_time) == (Disposition.RECEIVED, True)

    def test_same_words_elsewhere_are_not_told_and_those_of_the_batch_are_asked_about(
        self, app: Flask, session: Session, period: CommentPeriod
    ) -> None:
        _, code = batch_of(session, period)
        makers.comment(session, period, body=SAID["body"], channel=Channel.WEB)
        session.commit()
        browser = helper_of(app, code)
        first = enter(browser)

        again = browser.send(FORM, form=".//form[@data-draft]", **SAID, is_another=[])

        assert again.status_code == 409
        listed = page(again).text(".//*[@role='alert']//ul")
        assert listed.startswith(first)
        assert listed.count("·") == 1


class TestOneBatchAlone:
    """Case 35: scoped to one's own group; ids of other batches and periods are refused."""

    @pytest.fixture
    def two(self, app: Flask, session: Session, period: CommentPeriod) -> tuple[Client, Client, str, str]:
        _, here = batch_of(session, period)
        _, there = batch_of(session, makers.comment_period(session), "Other place")
        ours, theirs = helper_of(app, here), helper_of(app, there)
        return ours, theirs, enter(ours), enter(theirs, "Said elsewhere")

    def test_the_list_has_one_s_own_entries_only(self, two: tuple[Client, Client, str, str]) -> None:
        ours, theirs, mine, other = two

        assert mine in page(ours.get(FORM)).text()
        assert other not in page(ours.get(FORM)).text()
        assert mine not in page(theirs.get(FORM)).text()
        assert other not in page(ours.get(f"{FORM}?after={other}")).text()

    @pytest.mark.parametrize("whose", ["other batch", "no batch", "unknown"])
    def test_only_one_s_own_entries_can_be_marked_as_mistaken(
        self, session: Session, period: CommentPeriod, two: tuple[Client, Client, str, str], whose: str
    ) -> None:
        """Case 31: another's comment cannot be touched by its number."""
        ours, _, _, other = two
        online = makers.comment(session, period)
        session.commit()
        number = {"other batch": other, "no batch": online.tracking_number, "unknown": "222-2222-2222"}[whose]

        answer = ours.post(f"/en/entry/{number}/mistaken", data={"csrf_token": ours.csrf_token()})

        assert answer.status_code == 404
        session.rollback()
        assert session.scalar(sa.select(sa.func.count()).select_from(CommentFlag)) == 0

    def test_a_slip_goes_to_the_moderators_and_changes_nothing_else(
        self, session: Session, two: tuple[Client, Client, str, str]
    ) -> None:
        ours, _, mine, _ = two
        before = comment_of(session, mine).body

        for _ in range(2):
            marked = ours.post(f"/en/entry/{mine}/mistaken", data={"csrf_token": ours.csrf_token()})
            assert marked.location == FORM

        session.rollback()
        assert [row.flag for row in session.scalars(sa.select(CommentFlag))] == [Flag.MISTAKEN]
        assert comment_of(session, mine).body == before
        assert comment_of(session, mine).disposition is Disposition.RECEIVED
        assert "A moderator will look at it" in page(ours.get(FORM)).text()

    def test_without_a_code_nothing_can_be_done(
        self, session: Session, client: Client, two: tuple[Client, Client, str, str]
    ) -> None:
        _, _, mine, _ = two

        assert client.get(FORM).location == "/en/entry"
        assert client.get("/en/entry/paper").location == "/en/entry"
        marked = client.post(f"/en/entry/{mine}/mistaken", data={"csrf_token": client.csrf_token()})
        assert marked.status_code == 409
        session.rollback()
        assert session.scalar(sa.select(sa.func.count()).select_from(CommentFlag)) == 0

    def test_a_batch_of_a_file_has_no_page(
        self, session: Session, period: CommentPeriod, sign_in: SignIn
    ) -> None:
        batch = service.batch_of_organiser(
            session, period, name="PAC", is_certified=True, now=datetime.now(UTC)
        )
        session.commit()

        assert sign_in(RoleName.CLERK).get(f"/en/staff/batches/{batch.id}/paper").status_code == 404
        with pytest.raises(NotFound):
            service.mark_mistaken(session, batch, "222-2222-2222")


def test_the_place_is_told_to_staff_and_the_public_learns_the_channel_only(
    app: Flask, session: Session, period: CommentPeriod, sign_in: SignIn, client: Client
) -> None:
    _, code = batch_of(session, period)
    number = enter(helper_of(app, code))
    moderator = sign_in(RoleName.MODERATOR)
    assert "Town library" in page(moderator.get(f"/en/staff/comments/{number}")).text()
    comment_of(session, number).disposition = Disposition.POSTED
    session.commit()

    for address in (f"/en/comments/{number}", f"/en/receipts/{number}", "/en/periods/jail/comments",
                    "/en/reports/jail", "/en/reports/jail.json"):  # fmt: skip
        text = client.get(address).get_data(as_text=True)
        assert "Town library" not in text, address
    assert "Paper form" in page(client.get(f"/en/comments/{number}")).text()


def test_nothing_of_the_browser_of_a_helper_is_kept(
    app: Flask, session: Session, period: CommentPeriod
) -> None:
    batch, code = batch_of(session, period)
    browser = helper_of(app, code)
    browser.environ_base.update({"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "MarkedBrowser/7.7"})
    number = enter(browser)

    for row in (comment_of(session, number), batch):
        kept = json.dumps({name: str(value) for name, value in vars(row).items()})
        assert "203.0.113" not in kept
        assert "MarkedBrowser" not in kept


class TestThePaperForm:
    @pytest.mark.parametrize("language", ["en", "es"])
    @pytest.mark.parametrize(
        ("choice", "wanted"),
        [("", "paper--letter"), ("?size=a4", "paper--a4"), ("?size=a4&print=large", "paper--large")],
    )
    def test_comes_in_two_sizes_two_prints_and_both_languages(
        self, period: CommentPeriod, client: Client, language: str, choice: str, wanted: str
    ) -> None:
        sheet = page(client.get(f"/{language}/periods/jail/paper{choice}"))

        (form,) = [div for div in sheet.all(".//main//div") if "paper" in div.get("class", "").split()]
        assert wanted in form.get("class", "").split()
        svg = "{http://www.w3.org/2000/svg}"
        assert sheet.one(f".//{svg}svg[@role='img']/{svg}path").get("d", "").startswith("M")
        assert f"http://localhost/{language}/periods/jail" in sheet.text()

    def test_of_a_batch_bears_its_label_and_never_its_code(
        self, app: Flask, session: Session, period: CommentPeriod, sign_in: SignIn
    ) -> None:
        batch, code = batch_of(session, period)

        for sheet in (
            helper_of(app, code).get("/en/entry/paper"),
            sign_in(RoleName.CLERK).get(f"/en/staff/batches/{batch.id}/paper?print=large"),
        ):
            assert batch.label in page(sheet).text()
            assert "Town library" in page(sheet).text()
            assert code not in sheet.get_data(as_text=True)

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_of_a_cancelled_period_is_not_there(
        self, session: Session, period: CommentPeriod, client: Client, language: str
    ) -> None:
        period.cancelled_at = datetime.now(UTC) - DAY
        session.commit()

        answer = client.get(f"/{language}/periods/jail/paper")

        assert answer.status_code == 410
        instants = [time.get("datetime") for time in page(answer).all(".//main//time")]
        assert instants == [period.cancelled_at.isoformat()]
        assert not page(answer).all(".//main//svg")

    def test_says_where_to_hand_it_in_and_the_clerk_is_warned_where_nothing_says_so(
        self, session: Session, period: CommentPeriod, client: Client, sign_in: SignIn
    ) -> None:
        clerk, warning = sign_in(RoleName.CLERK), "does not say where to hand it in"
        assert warning in page(clerk.get("/en/staff/periods/jail/edit")).text()

        period.instructions = makers.both("Bring it to 12 Main Street.")
        session.commit()

        assert "12 Main Street" in page(client.get("/en/periods/jail/paper")).text()
        assert warning not in page(clerk.get("/en/staff/periods/jail/edit")).text()

    def test_leaves_a_line_for_a_clause_where_there_are_some(
        self, session: Session, period: CommentPeriod, client: Client
    ) -> None:
        assert "Clause, if you mean one" not in page(client.get("/en/periods/jail/paper")).text()
        add_document(session, period.docket, slug="draft", title=makers.both("Draft"),
                     body=makers.both("## 1. Term\n\n**1.1** It ends in a year."),
                     published_at=datetime.now(UTC) - DAY)  # fmt: skip
        session.commit()

        assert "Clause, if you mean one" in page(client.get("/en/periods/jail/paper")).text()

    def test_breaks_its_address_after_slashes_only(self, period: CommentPeriod, client: Client) -> None:
        sheet = client.get("/en/periods/jail/paper").get_data(as_text=True)

        assert "http://localhost/<wbr>en/<wbr>periods/<wbr>jail" in sheet


def test_a_cancelled_period_gets_no_new_codes_and_its_batches_stay(
    session: Session, period: CommentPeriod, sign_in: SignIn
) -> None:
    clerk, address = sign_in(RoleName.CLERK), "/en/staff/periods/jail/batches"
    batch, _ = batch_of(session, period)
    period.cancelled_at = datetime.now(UTC) - timedelta(minutes=1)
    session.commit()

    shown = page(clerk.get(address))
    sent = clerk.post(address, data={
        "csrf_token": clerk.csrf_token(), "name": "Clinic", "is_certified": "y",
        "expires_at": "2099-01-01T00:00",
    })  # fmt: skip

    assert batch.label in shown.text()
    assert "Make a code" not in shown.text()
    assert sent.status_code == 422
    assert "no new codes" in page(sent).text(".//*[@role='alert']")
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(CommentBatch)) == 1


def test_the_clerk_always_reads_where_a_place_enters(period: CommentPeriod, sign_in: SignIn) -> None:
    shown = page(sign_in(RoleName.CLERK).get("/en/staff/periods/jail/batches"))

    assert shown.links(".//main//a")["http://localhost/en/entry"] == "http://localhost/en/entry"
