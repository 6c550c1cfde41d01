"""The agenda's pages: what hosts and clerks can do, and what residents read."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pikepdf import Name
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts.models import RoleName
from engage.dockets.service import add_document
from engage.files import CleanFile, FileKind, clean
from engage.meetings.models import AgendaItem, FileKindName, Meeting, MeetingFile, MeetingNotice
from engage.meetings.service import agenda as service
from engage.meetings.views import papers as papers_views
from tests.files import samples
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

NOW = datetime.now(UTC)
STAFF = "/en/staff/meetings/forum"
MARKERS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}")
SignIn = Callable[..., Client]


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """A published meeting with two items."""
    meeting = makers.meeting(session, slug="forum")
    for name in ("Opening", "Questions"):
        makers.agenda_item(session, meeting, title=both(name))
    session.commit()
    return meeting


def items(session: Session) -> list[str]:
    """The titles, in order."""
    session.rollback()
    return [item.title.en for item in session.scalars(sa.select(AgendaItem).order_by(AgendaItem.position))]


def files(session: Session) -> list[MeetingFile]:
    """All documents."""
    session.rollback()
    return list(session.scalars(sa.select(MeetingFile).order_by(MeetingFile.id)))


def send(client: Client, url: str, **fields: Any) -> TestResponse:
    """Press a button."""
    return client.post(url, data={"csrf_token": client.csrf_token()} | fields)


def upload(client: Client, url: str, content: bytes, name: str, **fields: Any) -> TestResponse:
    """Send the form for a document with a file."""
    typed = {"csrf_token": client.csrf_token(), "kind": "packet", "title_en": "Packet", "title_es": "Carpeta"}
    given = {"file": (io.BytesIO(content), name)}
    return client.post(url, data=typed | given | fields, content_type="multipart/form-data")


def put(session: Session, meeting: Meeting, item: AgendaItem | None = None, **fields: Any) -> int:
    """A text more; returns its id."""
    values: dict[str, Any] = {
        "kind": FileKindName.PACKET, "title": both("Packet"), "now": NOW,
        "source": CleanFile(FileKind.TEXT, b"Read me.\n"),
    }  # fmt: skip
    file = service.add_file(session, meeting, item=item, **values | fields)
    session.commit()
    return file.id


class TestTheStaffs:
    def test_agenda_is_written_ordered_and_posted_by_a_clerk(
        self, session: Session, sign_in: SignIn, client: Client, meeting: Meeting
    ) -> None:
        clerk = sign_in(RoleName.CLERK)

        sent = clerk.send(f"{STAFF}/agenda/new", title_en="Vote", title_es="Voto", summary_en="We **vote**.",
                          summary_es="Votamos.")  # fmt: skip
        assert sent.status_code == 303
        assert items(session) == ["Opening", "Questions", "Vote"]
        vote = session.scalars(sa.select(AgendaItem.id).order_by(AgendaItem.id.desc())).first()
        send(clerk, f"{STAFF}/agenda/{vote}/move", direction="up")
        assert items(session) == ["Opening", "Vote", "Questions"]
        assert "The agenda is not posted yet." in page(client.get("/en/meetings/forum")).text()
        send(clerk, f"{STAFF}/agenda/post")

        said = page(client.get("/es/meetings/forum"))
        assert [h3.text for h3 in said.all(".//section[@id='agenda']//h3")] == [
            "Opening (es)", "Voto", "Questions (es)",
        ]  # fmt: skip
        assert "Votamos." in said.text()
        assert "Residents read this agenda" in page(clerk.get(STAFF)).text()
        send(clerk, f"{STAFF}/agenda/{vote}/move", direction="down")
        assert "Differs from what is posted" in page(clerk.get(STAFF)).text()
        assert "Voto Votamos. Questions" in page(client.get("/es/meetings/forum")).text()

    def test_agenda_says_what_lacks_a_language(
        self, sign_in: SignIn, client: Client, meeting: Meeting
    ) -> None:
        clerk = sign_in(RoleName.CLERK)
        clerk.send(f"{STAFF}/agenda/new", title_en="Only English", title_es="")

        shown = page(clerk.get(STAFF))
        assert "written in English and in Spanish" in shown.text()
        assert shown.all(f".//form[@action='{STAFF}/agenda/post']") == []
        send(clerk, f"{STAFF}/agenda/post")

        assert "not posted yet" in page(client.get("/en/meetings/forum")).text()

    def test_item_needs_a_title_and_keeps_what_was_typed(
        self, session: Session, sign_in: SignIn, meeting: Meeting
    ) -> None:
        sent = sign_in(RoleName.CLERK).send(f"{STAFF}/agenda/new", summary_en="All of it.")

        assert sent.status_code == 422
        assert page(sent).fields()["summary_en"] == "All of it."
        assert items(session) == ["Opening", "Questions"]

    def test_item_is_changed_taken_off_and_removed(
        self, session: Session, sign_in: SignIn, client: Client, meeting: Meeting
    ) -> None:
        clerk, item = sign_in(RoleName.CLERK), meeting.items[0].id
        send(clerk, f"{STAFF}/agenda/post")

        sent = clerk.send(f"{STAFF}/agenda/{item}", title_en="Welcome", title_es="Bienvenida")
        assert sent.status_code == 303
        send(clerk, f"{STAFF}/agenda/{item}/take-off")
        assert "Opening" in page(client.get("/en/meetings/forum")).text()
        send(clerk, f"{STAFF}/agenda/post")
        assert "Welcome Taken off the agenda" in page(client.get("/en/meetings/forum")).text()
        send(clerk, f"{STAFF}/agenda/{item}/take-off", put_back="1")
        send(clerk, f"{STAFF}/agenda/{item}/remove")

        assert items(session) == ["Questions"]

    @pytest.mark.parametrize(
        "what",
        [
            "agenda/{item}",
            "agenda/{item}/move",
            "agenda/{item}/remove",
            "agenda/{item}/take-off",
            "files/{file}",
            "files/{file}/remove",
        ],
    )
    def test_pages_are_nothing_to_another_host_or_at_another_meeting(
        self, session: Session, sign_in: SignIn, meeting: Meeting, what: str
    ) -> None:
        file = put(session, meeting)
        makers.meeting(session, slug="other")
        session.commit()
        path = what.format(item=meeting.items[0].id, file=file)

        assert send(sign_in(RoleName.HOST), f"{STAFF}/{path}").status_code == 404
        assert send(sign_in(RoleName.CLERK), f"/en/staff/meetings/other/{path}").status_code == 404
        assert (items(session), len(files(session))) == (["Opening", "Questions"], 1)


class TestAHost:
    @pytest.fixture
    def host(self, session: Session, sign_in: SignIn, meeting: Meeting) -> Client:
        """Whose meeting it is."""
        meeting.host = makers.user(session, RoleName.HOST)
        session.commit()
        return sign_in(meeting.host)

    def test_writes_and_does_not_post(self, session: Session, host: Client, client: Client) -> None:
        assert host.send(f"{STAFF}/agenda/new", title_en="Vote").status_code == 303

        assert items(session)[-1] == "Vote"
        assert send(host, f"{STAFF}/agenda/post").status_code == 403
        assert page(host.get(STAFF)).all(f".//form[@action='{STAFF}/agenda/post']") == []

    def test_leaves_a_draft_alone_that_the_clerks_have(
        self, session: Session, host: Client, meeting: Meeting
    ) -> None:
        meeting.published_at, meeting.submitted_at = None, NOW
        session.commit()
        before = items(session)

        assert send(host, f"{STAFF}/agenda/new", title_en="Slipped in").status_code == 403
        assert host.get(f"{STAFF}/files/new").status_code == 403
        assert items(session) == before

    def test_cannot_slip_an_item_into_what_the_clerk_has_read(
        self, session: Session, host: Client, sign_in: SignIn
    ) -> None:
        clerk = sign_in(RoleName.CLERK)
        (read,) = page(clerk.get(STAFF)).all(f".//form[@action='{STAFF}/agenda/post']/input[@name='agenda']")
        host.send(f"{STAFF}/agenda/new", title_en="Slipped in", title_es="Colado")

        clerk.send(STAFF, form=f".//form[@action='{STAFF}/agenda/post']", agenda=read.get("value"))

        assert session.scalars(sa.select(MeetingNotice.id)).all() == []

    def test_puts_nothing_where_residents_read_it_at_once(
        self, session: Session, host: Client, meeting: Meeting
    ) -> None:
        assert upload(host, f"{STAFF}/files/new", b"Text", "a.txt").status_code == 403
        item = meeting.items[0].id
        assert upload(host, f"{STAFF}/files/new?item={item}", b"Text", "a.txt").status_code == 303

        (file,) = files(session)
        assert file.item_id == item

    def test_takes_nothing_away_that_residents_read(
        self, session: Session, host: Client, meeting: Meeting
    ) -> None:
        shown, hidden = put(session, meeting), put(session, meeting, meeting.items[1])
        of_item = put(session, meeting, meeting.items[0], title=both("Slides"))
        service.remove_file(session, session.get_one(MeetingFile, hidden))
        service.post_complete_agenda(session, meeting, actor=None, now=NOW)
        hidden = put(session, meeting, meeting.items[1])

        for path in (
            f"files/{shown}/remove",
            f"files/{of_item}/remove",
            f"agenda/{meeting.items[0].id}/remove",
        ):
            assert send(host, f"{STAFF}/{path}").status_code == 403
        assert host.get(f"{STAFF}/files/{shown}").status_code == 403
        assert send(host, f"{STAFF}/files/{hidden}/remove").status_code == 303

        assert [file.id for file in files(session)] == [shown, of_item]

    def test_does_as_they_like_with_a_draft(self, session: Session, host: Client, meeting: Meeting) -> None:
        meeting.published_at = None
        session.commit()

        assert upload(host, f"{STAFF}/files/new", b"Text", "a.txt").status_code == 303
        (file,) = files(session)
        assert host.get(f"{STAFF}/files/{file.id}/content").data == b"Text\n"
        assert send(host, f"{STAFF}/files/{file.id}/remove").status_code == 303
        assert files(session) == []


class TestADocument:
    @pytest.mark.parametrize(
        ("content", "name", "kind"),
        [
            (samples.pdf(), "Marisol Quintero.pdf", "application/pdf"),
            (samples.jpeg(), "Marisol.jpg", "image/jpeg"),
            (samples.png(), "Marisol.png", "image/png"),
        ],
        ids=["pdf", "jpeg", "png"],
    )
    def test_keeps_what_it_shows_and_not_what_it_hides(
        self, session: Session, sign_in: SignIn, client: Client, meeting: Meeting,
        content: bytes, name: str, kind: str,
    ) -> None:  # fmt: skip
        assert upload(sign_in(RoleName.CLERK), f"{STAFF}/files/new", content, name).status_code == 303

        (file,) = files(session)
        answer = client.get(f"/en/meetings/forum/files/{file.id}")
        assert answer.data == clean(name, content).content
        assert not any(mark in answer.data for mark in samples.MARKS)
        assert answer.content_type == kind
        said = answer.headers["Content-Disposition"]
        assert said.startswith("attachment; filename=forum-")
        assert "Marisol" not in said
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.svg"),
            (b"<!doctype html><script>alert(1)</script>", "a.html"),
            (b"<script>alert(1)</script>", "a.txt"),
            (b"PK\x03\x04word/document.xml", "a.docx"),
            (b"PK\x03\x04" + b"0" * 1000, "bomb.zip"),
            (b"", "empty.pdf"),
        ],
    )
    def test_that_could_run_something_is_refused_with_a_reason(
        self, session: Session, sign_in: SignIn, meeting: Meeting, content: bytes, name: str
    ) -> None:
        answer = upload(sign_in(RoleName.CLERK), f"{STAFF}/files/new", content, name)

        assert answer.status_code == 422
        assert name in page(answer).text(".//*[@id='file-error']")
        assert files(session) == []

    def test_that_is_also_a_page_is_sent_as_what_it_is(
        self, session: Session, sign_in: SignIn, client: Client, meeting: Meeting
    ) -> None:
        polyglot = samples.jpeg() + b"<script>alert(1)</script>"
        upload(sign_in(RoleName.CLERK), f"{STAFF}/files/new", polyglot, "a.html.jpg")

        (file,) = files(session)
        answer = client.get(f"/en/meetings/forum/files/{file.id}")

        assert b"<script>" not in answer.data
        assert answer.content_type == "image/jpeg"

    def test_that_would_be_a_bomb_is_refused(
        self, session: Session, sign_in: SignIn, meeting: Meeting
    ) -> None:
        clerk = sign_in(RoleName.CLERK)

        for content in (samples.pdf(pages=301), samples.pdf_bomb([Name.FlateDecode])):
            assert upload(clerk, f"{STAFF}/files/new", content, "big.pdf").status_code == 422
        assert files(session) == []

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)", "//evil.example", "/logout", "http://example.org/", "https://",
            "https://a b.c",
            "https://user:pass@example.org/", "data:text/html,x", "https://example.org/\"><script>",
        ],
    )  # fmt: skip
    def test_is_no_link_that_runs_or_leads_astray(
        self, session: Session, sign_in: SignIn, meeting: Meeting, url: str
    ) -> None:
        sent = sign_in(RoleName.CLERK).send(f"{STAFF}/files/new", title_en="Link", link=url)

        assert sent.status_code == 422
        assert files(session) == []

    def test_can_be_a_link_to_another_site(
        self, session: Session, sign_in: SignIn, client: Client, meeting: Meeting
    ) -> None:
        sign_in(RoleName.CLERK).send(
            f"{STAFF}/files/new", title_en="Recording", title_es="Grabación", kind="packet",
            link="https://video.example.org/watch?v=1",
        )  # fmt: skip

        shown = page(client.get("/en/meetings/forum"))
        assert shown.links()["Recording"] == "https://video.example.org/watch?v=1"
        assert "on another site: video.example.org" in shown.text()
        (file,) = files(session)
        assert client.get(f"/en/meetings/forum/files/{file.id}").status_code == 404

    def test_can_be_a_document_of_the_docket(
        self, session: Session, sign_in: SignIn, client: Client, meeting: Meeting
    ) -> None:
        meeting.docket = makers.docket(session, slug="agreement")
        document = add_document(
            session, meeting.docket, slug="draft", title=both("Draft"), body=both("Text"),
            published_at=NOW - timedelta(days=1),
        )  # fmt: skip
        session.commit()
        sign_in(RoleName.CLERK).send(
            f"{STAFF}/files/new", title_en="The draft", title_es="El borrador",
            version=str(document.versions[0].id),
        )  # fmt: skip

        links = page(client.get("/en/meetings/forum")).links()

        assert client.get(links["The draft"]).status_code == 200
        assert links["The draft"].startswith("/en/dockets/agreement/documents/draft")

    def test_has_one_source_and_no_more(self, session: Session, sign_in: SignIn, meeting: Meeting) -> None:
        clerk = sign_in(RoleName.CLERK)

        assert clerk.send(f"{STAFF}/files/new", title_en="Nothing").status_code == 422
        both_at_once = upload(clerk, f"{STAFF}/files/new", b"Text", "a.txt", link="https://example.org/x")
        assert both_at_once.status_code == 422
        assert files(session) == []

    def test_is_renamed_without_being_sent_again_and_replaced(
        self, session: Session, sign_in: SignIn, meeting: Meeting
    ) -> None:
        clerk, file = sign_in(RoleName.CLERK), put(session, meeting)

        clerk.send(f"{STAFF}/files/{file}", title_en="Renamed", title_es="Otro", kind="agenda")
        (found,) = files(session)
        assert (found.title.en, found.kind, found.content) == ("Renamed", FileKindName.AGENDA, b"Read me.\n")
        assert upload(clerk, f"{STAFF}/files/{file}", b"New", "a.txt").status_code == 303

        (found,) = files(session)
        assert found.content == b"New\n"
        assert found.posted_at > NOW

    def test_of_a_draft_is_read_by_its_staff_only(
        self, session: Session, sign_in: SignIn, client: Client, meeting: Meeting
    ) -> None:
        file = put(session, meeting)
        meeting.published_at = None
        session.commit()

        assert client.get(f"/en/meetings/forum/files/{file}").status_code == 404
        assert client.get("/en/meetings/forum/files/987654").status_code == 404
        assert sign_in(RoleName.CLERK).get(f"{STAFF}/files/{file}/content").data == b"Read me.\n"
        assert sign_in(RoleName.HOST).get(f"{STAFF}/files/{file}/content").status_code == 404

    def test_is_made_clean_before_anything_is_locked(
        self, app: Any, sign_in: SignIn, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from engage.db.session import db, write_transaction

        def slow(name: str, content: bytes) -> CleanFile:
            with write_transaction() as other:
                other.execute(sa.update(Meeting).values(sequence=7))
            db.session.rollback()
            return CleanFile(FileKind.TEXT, content)

        monkeypatch.setattr(papers_views, "clean", slow)

        assert upload(sign_in(RoleName.CLERK), f"{STAFF}/files/new", b"Text", "a.txt").status_code == 303

    @pytest.mark.parametrize("marker", MARKERS)
    def test_and_an_item_with_a_hostile_title_run_nothing(
        self, session: Session, sign_in: SignIn, client: Client, meeting: Meeting, marker: str
    ) -> None:
        clerk = sign_in(RoleName.CLERK)
        typed = {"title_en": marker, "title_es": marker}
        summary = f"[x](javascript:alert(1)) ![b](https://x.example/b.png) {marker}"
        clerk.send(f"{STAFF}/agenda/new", summary_en=summary, summary_es=marker, **typed)
        upload(clerk, f"{STAFF}/files/new", b"Text", f"{marker}.txt", **typed)
        send(clerk, f"{STAFF}/agenda/post")

        for shown in (page(client.get("/en/meetings/forum")), page(clerk.get(STAFF))):
            assert marker in shown.text()
            assert shown.all(".//main//script") == []
            assert shown.all(".//main//img") == []
            assert not any("javascript:" in link for link in shown.links().values())
