"""Personal data is pointed at before a comment is sent; the person decides, and nobody learns how."""

from __future__ import annotations

import hashlib
import io

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.comments.models import Comment, CommentPeriod
from engage.db.base import Base
from engage.web.personal_data import KINDS
from tests.support import makers
from tests.support.pages import Client, page

FORM = "/en/periods/jail/comment"
TELLING = "My mother is undocumented. Call me at (336) 555-0142, I live at 907 Old Mill Rd, Apt 4."
QUIET = "Section 287(g) was added in 1996, and Sheriff Jones spoke on March 4, 2026."


@pytest.fixture(autouse=True)
def period(session: Session) -> CommentPeriod:
    period = makers.comment_period(session, slug="jail")
    session.commit()
    return period


def comments(session: Session) -> list[Comment]:
    session.rollback()
    return list(session.scalars(sa.select(Comment)))


def marks(answer: TestResponse) -> list[str]:
    return [" ".join("".join(mark.itertext()).split()) for mark in page(answer).all(".//main//mark")]


def decide(client: Client, asked: TestResponse, answer: str) -> TestResponse:
    """Press one of the two buttons of the page that asks."""
    (button,) = page(asked).all(f".//main//form//button[@value='{answer}']")
    assert button.get("name") == "personal_data"
    return client.post(FORM, data=page(asked).fields() | {"personal_data": answer})


class TestWithoutJavaScript:
    def test_a_telling_comment_is_shown_with_what_was_found_and_nothing_is_kept(
        self, client: Client, session: Session
    ) -> None:
        asked = client.send(FORM, body=TELLING)

        assert asked.status_code == 422
        assert marks(asked) == [
            "immigration status: My mother is undocumented",
            "telephone number: (336) 555-0142",
            "street address: 907 Old Mill Rd, Apt 4",
        ]
        assert comments(session) == []

    @pytest.mark.parametrize(
        ("body", "mark"),
        [
            ("Llámeme al 336-555-0142.", "número de teléfono: 336-555-0142"),
            ("Mi esposo no tiene papeles.", "estatus migratorio: Mi esposo no tiene papeles"),
        ],
    )
    def test_it_speaks_spanish(self, client: Client, body: str, mark: str) -> None:
        asked = client.send("/es/periods/jail/comment", body=body)

        assert asked.status_code == 422
        assert marks(asked) == [mark]

    def test_a_comment_that_tells_nothing_is_received_at_once(self, client: Client, session: Session) -> None:
        assert client.send(FORM, body=QUIET).status_code == 303
        assert len(comments(session)) == 1

    def test_it_can_be_sent_as_it_is(self, client: Client, session: Session) -> None:
        asked = client.send(FORM, body=TELLING, name="Ana", position="oppose")

        assert decide(client, asked, "keep").status_code == 303
        (comment,) = comments(session)
        assert (comment.body, comment.name, comment.position) == (TELLING, "Ana", "oppose")

    def test_sending_it_twice_as_it_is_makes_one_comment(self, client: Client, session: Session) -> None:
        asked = client.send(FORM, body=TELLING)

        first, second = decide(client, asked, "keep"), decide(client, asked, "keep")

        assert first.location == second.location
        assert len(comments(session)) == 1

    def test_it_can_be_changed_and_is_looked_at_again(self, client: Client, session: Session) -> None:
        asked = client.send(FORM, body=TELLING, name="Ana")

        form = page(decide(client, asked, "change"))
        assert (form.field("body").text or "").removeprefix("\n") == TELLING
        assert form.field("name").get("value") == "Ana"
        assert comments(session) == []

        again = client.post(FORM, data=form.fields() | {"body": "Call me at (336) 555-0142."})
        assert marks(again) == ["telephone number: (336) 555-0142"]
        assert client.post(FORM, data=form.fields() | {"body": "They are afraid."}).status_code == 303
        assert len(comments(session)) == 1

    def test_the_decision_and_what_was_found_are_stored_nowhere(
        self, client: Client, session: Session
    ) -> None:
        decide(client, client.send(FORM, body=TELLING), "keep")
        with_warning = _all_rows(session)
        session.execute(sa.delete(Comment))
        session.commit()
        client.send(FORM, body=TELLING, personal_data="keep")

        # Row for row the same as of somebody who was never asked, but for what is random.
        assert _all_rows(session) == with_warning
        assert not {"personal_data", "keep"} & set(str(with_warning).split("'"))

    def test_mistakes_are_mended_before_anybody_is_asked(self, client: Client) -> None:
        answer = client.send(FORM, body=TELLING, name="n" * 121)

        assert answer.status_code == 422
        assert marks(answer) == []
        assert page(answer).all(".//*[@class='errors']")

    def test_a_name_is_meant_in_its_field_and_a_telephone_number_is_not(self, client: Client) -> None:
        asked = client.send(FORM, body="I agree.", name="Ana, 336-555-0142", organisation="My name is Rosa")

        assert marks(asked) == ["telephone number: 336-555-0142"]

    def test_files_wait_on_the_site_and_go_with_the_comment(self, client: Client, session: Session) -> None:
        opened = page(client.get(FORM)).fields()

        asked = client.post(
            FORM, data=opened | {"body": TELLING, "files": (io.BytesIO(b"hello\n"), "our <street>.txt")}
        )
        assert "our <street>" not in asked.get_data(as_text=True)
        assert comments(session) == []

        assert decide(client, asked, "keep").status_code == 303
        (comment,) = comments(session)
        assert [file.digest for file in comment.attachments] == [hashlib.sha256(b"hello\n").hexdigest()]

    @pytest.mark.parametrize("answer", ["", "yes", "KEEP", "\x00", "keep "])
    def test_another_answer_is_none(self, client: Client, session: Session, answer: str) -> None:
        assert client.send(FORM, body=TELLING, personal_data=answer).status_code == 422
        assert comments(session) == []

    def test_what_was_typed_is_only_text_on_the_page_that_asks(self, client: Client) -> None:
        asked = client.send(FORM, body=f'<script>alert(1)</script>"><img src=x> {TELLING}', name='"><b>')

        html = asked.get_data(as_text=True)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<b>" not in html

    def test_a_session_that_has_expired_keeps_the_text_and_asks_again(
        self, client: Client, session: Session
    ) -> None:
        asked = client.send(FORM, body=TELLING)
        client.delete_cookie("session")

        stale = client.post(FORM, data=page(asked).fields() | {"personal_data": "keep"})

        assert stale.status_code == 400
        again = client.post(FORM, data=page(stale).fields())
        assert again.status_code == 303
        assert [comment.body for comment in comments(session)] == [TELLING]


class TestInThePage:
    def test_the_form_carries_the_words_that_a_script_shows(self, client: Client) -> None:
        html = client.get("/es/periods/jail/comment").get_data(as_text=True)

        for name in ("body", "name", "organisation"):
            assert "data-personal-data" in html.split(f'name="{name}"')[0].rsplit("<", 1)[1] or (
                "data-personal-data" in html.split(f'name="{name}"')[1].split(">")[0]
            )
        for kind in KINDS:
            assert f"data-kind-{kind}=" in html
        assert 'data-kind-phone="número de teléfono"' in html

    def test_the_panel_has_no_button_that_sends_without_a_script(self, client: Client) -> None:
        buttons = page(client.get(FORM)).all(".//main//form//button[@type='submit']")

        assert ["".join(button.itertext()).strip() for button in buttons] == ["Send my comment"]


def _all_rows(session: Session) -> list[tuple[str, list[str]]]:
    """Every row of every table, without what is random or a number in a row."""
    session.rollback()
    random = {"id", "tracking_number", "client_token", "comment_id", "payload", "queued_at", "created_at"}
    return [
        (
            table.name,
            sorted(
                str([str(value) for name, value in row._mapping.items() if name not in random])
                for row in session.execute(sa.select(table))
            ),
        )
        for table in Base.metadata.sorted_tables
        if not table.name.startswith(("comment_text", "log_entry"))
    ]
