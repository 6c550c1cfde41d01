"""Where hosts draft forms and clerks publish them: who may what, and what is told where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.feedback.models import (
    Entry,
    FeedbackForm,
    FormResponse,
    FormStatus,
    FormTextEvent,
    ResultsShown,
    TextState,
    TicketBatch,
)
from engage.feedback.service import tickets
from engage.feedback.service.publish import publish_version
from engage.survey import surveyjs
from engage.survey.definition import Definition
from tests.support import makers
from tests.support.makers import feedback_form, questionnaire, response
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
DAY = timedelta(days=1)
LIST = "/en/staff/forms"
NEW = "/en/staff/new-form"
ONE = f"{LIST}/trust"
EVIL = '"><script>document.title="2"</script><img src=x onerror=alert(1)>'
POST_FORM = ".//main//form[@method='post']"
TYPED = {
    "slug": "trust",
    "title_en": "Trust",
    "title_es": "Confianza",
    "opens_at": "2026-01-10T08:00",
    "closes_at": "2099-06-10T18:00",
    "entry": "anybody",
    "results": "at_close",
}


@pytest.fixture
def host(session: Session) -> User:
    user = makers.user(session, RoleName.HOST)
    session.commit()
    return user


@pytest.fixture
def clerk(sign_in: SignIn) -> Client:
    return sign_in(RoleName.CLERK)


def make(session: Session, definition: Definition | None = None, **fields: Any) -> FeedbackForm:
    form = feedback_form(session, definition, **{"slug": "trust"} | fields)
    session.commit()
    return form


def imported(session: Session) -> FeedbackForm:
    """What `engage import answers --new` makes: two answers to version 1 of a draft that has closed."""
    form = make(session, source="limesurvey", closes_at=utcnow() - DAY)
    for _number in range(2):
        response(session, form, {"trust": "yes"})
    form.published_at = None
    session.commit()
    return form


def saved(session: Session) -> FeedbackForm:
    """The only form, as the database has it."""
    session.rollback()
    session.expire_all()
    return session.scalars(sa.select(FeedbackForm)).one()


def post(client: Client, url: str, **typed: Any) -> int:
    """A form that no page showed to this person."""
    return client.post(url, data={"csrf_token": client.csrf_token()} | typed).status_code


def ask_more(session: Session, form: FeedbackForm) -> None:
    form.working = {**form.working, "title": {"default": "Other", "es": "Otra"}}
    session.commit()


class TestTheWayOfADraft:
    def test_host_hands_over_and_clerk_reads_and_publishes(
        self, session: Session, host: User, sign_in: SignIn, clerk: Client
    ) -> None:
        leader = sign_in(host)
        made = leader.send(NEW, **TYPED)
        saved(session).working = surveyjs.write(questionnaire())
        session.commit()
        leader.send(ONE, form=POST_FORM, to=f"{ONE}/submit")
        home = page(clerk.get("/en/staff/"))
        waiting = page(clerk.get(f"{LIST}?show=waiting"))
        reading = page(clerk.get(f"{ONE}/publish"))
        published = clerk.send(f"{ONE}/publish", form=POST_FORM)

        assert made.location == ONE
        assert "1 feedback form waits for you." in home.text()
        assert "Waits for a clerk" in waiting.text()
        assert "Do you trust it? (es)" in reading.text()
        assert published.location == ONE
        form = saved(session)
        assert form.status(utcnow()) is FormStatus.OPEN
        assert (form.host_id, form.submitted_at) == (host.id, None)
        assert form.opens_at == datetime(2026, 1, 10, 13, 0, tzinfo=UTC)

    def test_a_new_form_has_one_empty_page(self, session: Session, clerk: Client) -> None:
        clerk.send(NEW, **TYPED)

        asked = surveyjs.read(saved(session).working)
        assert [(one.name, one.elements) for one in asked.pages] == [("page1", ())]
        assert asked.title.es == "Confianza"

    def test_all_faults_are_told_before_the_button_and_stop_the_publication(
        self, session: Session, clerk: Client
    ) -> None:
        clerk.send(NEW, **TYPED | {"title_es": ""})
        for url in (ONE, f"{ONE}/publish"):
            told = page(clerk.get(url)).text()
            assert "It asks nothing yet." in told
            assert "A text is there in one language only. It is this: “Trust”." in told
            assert "“Page 1”: There is nothing on this page." in told
            assert "page1" not in told
            links = [one.get("href") for one in page(clerk.get(url)).all(".//main//a")]
            assert f"{ONE}/questions?at=page1#part-page1" in links
            assert f"{ONE}/questions/all-texts" in links
        assert page(clerk.get(f"{ONE}/questions")).all(f".//main//li/a[@href='{ONE}/questions/all-texts']")

        assert not page(clerk.get(f"{ONE}/publish")).all(POST_FORM)
        assert post(clerk, f"{ONE}/publish", seen="x") == 409
        assert saved(session).published_at is None

    def test_what_changed_meanwhile_is_shown_again(self, session: Session, clerk: Client) -> None:
        form = make(session, published_at=None)
        seen = page(clerk.get(f"{ONE}/publish")).fields(POST_FORM)
        ask_more(session, form)
        answer = clerk.post(f"{ONE}/publish", data=seen)

        assert answer.status_code == 409
        assert "The form was changed meanwhile. Read it again" in page(answer).text()
        assert "Otra" in page(answer).text()
        assert saved(session).published_at is None
        again = clerk.post(f"{ONE}/publish", data=page(answer).fields(POST_FORM))
        assert again.status_code == 303

    def test_the_clerk_sends_a_draft_back(
        self, session: Session, host: User, sign_in: SignIn, clerk: Client
    ) -> None:
        make(session, published_at=None, host=host, submitted_at=utcnow())
        leader = sign_in(host)

        assert leader.get(f"{ONE}/edit").status_code == 403
        assert post(leader, f"{ONE}/delete") == 403
        clerk.send(ONE, form=POST_FORM, to=f"{ONE}/return")
        assert leader.get(f"{ONE}/edit").status_code == 200

    def test_a_draft_is_thrown_away(self, session: Session, host: User, sign_in: SignIn) -> None:
        make(session, published_at=None, host=host)
        leader = sign_in(host)

        assert leader.send(ONE, form=POST_FORM, to=f"{ONE}/delete").location == LIST
        session.rollback()
        assert session.scalars(sa.select(FeedbackForm)).all() == []

    def test_an_import_is_published_as_closed(self, session: Session, clerk: Client) -> None:
        imported(session)
        told = page(clerk.get(f"{ONE}/publish"))
        assert "Publishing shows it to residents as closed" in told.text()
        assert "already" not in told.text(".//main")

        answer = clerk.post(f"{ONE}/publish", data=told.fields(POST_FORM))
        assert "residents see it as closed, with its results" in page(clerk.get(answer.location)).text(
            ".//body"
        )
        assert saved(session).status(utcnow()) is FormStatus.CLOSED

    def test_an_unpublished_import_is_thrown_away_with_its_answers_by_a_clerk(
        self, session: Session, host: User, sign_in: SignIn, clerk: Client
    ) -> None:
        form = imported(session)
        form.host = host
        session.commit()
        assert post(sign_in(host), f"{ONE}/delete") == 409
        assert "2 answers that were brought from elsewhere are gone" in page(clerk.get(ONE)).text()

        assert clerk.send(ONE, form=POST_FORM, to=f"{ONE}/delete").location == LIST
        session.rollback()
        assert session.scalars(sa.select(FeedbackForm)).all() == []
        assert session.scalars(sa.select(FormResponse)).all() == []

    def test_an_import_whose_texts_were_decided_about_stays(
        self, session: Session, host: User, clerk: Client
    ) -> None:
        form = imported(session)
        decision = {"state": TextState.SHOWN, "happened_at": utcnow(), "actor_id": host.id}
        session.add(FormTextEvent(form_id=form.id, text_id=1, **decision))
        session.commit()

        assert "Throw this draft away" not in page(clerk.get(ONE)).text()
        assert post(clerk, f"{ONE}/delete") == 409

    def test_a_copy_asks_the_same_and_has_nothing_else(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        source = make(session, host=host, entry=Entry.CODE)
        response(session, source, {"trust": "yes"})
        session.commit()
        leader = sign_in(host)
        offered = page(leader.get(f"{ONE}/copy"))
        leader.send(f"{ONE}/copy", form=POST_FORM, slug="again", opens_at="2098-01-10T08:00")

        session.expire_all()
        copy = session.scalars(sa.select(FeedbackForm).where(FeedbackForm.slug == "again")).one()
        assert offered.field("opens_at").get("value") == ""
        assert copy.working == source.working
        assert (copy.entry, copy.published_at, copy.closes_at, copy.versions) == (Entry.CODE, None, None, [])
        assert copy.host_id == host.id


class TestSettings:
    def test_mistakes_are_told_at_their_fields(self, session: Session, clerk: Client) -> None:
        make(session, slug="taken", published_at=None)
        wrong = {
            "slug": "taken",
            "opens_at": "2026-03-08T02:30",  # Clocks are set forward then.
            "closes_at": "2026-01-01T00:00",
        }
        for name, value in wrong.items():
            answer = clerk.send(NEW, **TYPED | {name: value})
            assert answer.status_code == 422
            assert page(answer).field(name).get("aria-invalid") == "true"
        for name in ("entry", "results"):
            assert clerk.send(NEW, **TYPED | {name: "everybody"}).status_code == 422

    def test_a_form_without_any_title_or_day_is_not_saved(self, session: Session, clerk: Client) -> None:
        answer = clerk.send(NEW, **TYPED | {"title_en": "", "title_es": "", "opens_at": ""})

        assert answer.status_code == 422
        assert "Write a title, in one language at least." in page(answer).text()

    def test_what_is_promised_is_no_field_any_more(self, session: Session, clerk: Client) -> None:
        form = make(session)
        before = set(page(clerk.get(f"{ONE}/edit")).fields(POST_FORM))
        response(session, form, {"trust": "yes"})
        session.commit()
        after = set(page(clerk.get(f"{ONE}/edit")).fields(POST_FORM))

        assert {"entry", "results", "docket", "meeting"} <= before
        assert after == {"csrf_token", "title_en", "title_es", "host", "closes_at"}

    def test_days_that_nobody_touched_stay_to_the_microsecond(self, session: Session, clerk: Client) -> None:
        form = make(session)
        told = form.opens_at, form.closes_at
        answer = clerk.send(f"{ONE}/edit", form=POST_FORM, title_en="New")

        assert answer.status_code == 303
        assert (saved(session).opens_at, saved(session).closes_at) == told

    def test_an_earlier_end_is_refused_at_its_field(self, session: Session, clerk: Client) -> None:
        make(session)
        answer = clerk.send(f"{ONE}/edit", form=POST_FORM, closes_at="2026-01-10T08:00", opens_at="")

        assert answer.status_code == 422
        make_later = clerk.send(f"{ONE}/edit", form=POST_FORM, closes_at="2098-01-10T08:00")
        assert make_later.status_code == 303

    def test_a_published_form_keeps_its_title_in_both_languages(
        self, session: Session, clerk: Client
    ) -> None:
        make(session)
        answer = clerk.send(f"{ONE}/edit", form=POST_FORM, title_es="")

        assert answer.status_code == 422
        assert page(answer).field("title_es").get("aria-invalid") == "true"


class TestVersions:
    def test_what_is_not_published_is_counted_and_told(self, session: Session, clerk: Client) -> None:
        form = make(session)
        ask_more(session, form)
        told = page(clerk.get(ONE)).text()

        assert "1 change is not published. Residents are asked version 1 until" in told
        assert "Nobody has answered version 1. Publishing writes it anew." in told
        response(session, form, {"trust": "yes"})
        session.commit()
        assert "Publishing begins version 2" in page(clerk.get(ONE)).text()

    @pytest.mark.parametrize(("count", "told"), [(0, "None"), (9, "Fewer than 10"), (27, "20 or more")])
    def test_how_many_answered_is_told_in_tens(
        self, session: Session, clerk: Client, count: int, told: str
    ) -> None:
        form = make(session)
        for _ in range(count):
            response(session, form, {"trust": "yes"})
        session.commit()

        assert told in page(clerk.get(ONE)).text(".//main//table/tbody")
        assert told in page(clerk.get(f"{ONE}/versions/1")).text()

    def test_a_closed_form_tells_the_number(self, session: Session, clerk: Client) -> None:
        form = make(session)
        for _ in range(27):
            response(session, form, {"trust": "yes"})
        form.closes_at = utcnow() - DAY
        session.commit()

        assert " 27 " in page(clerk.get(ONE)).text(".//main//table/tbody")

    def test_a_version_is_read_as_it_was_asked(self, session: Session, clerk: Client) -> None:
        form = make(session)
        response(session, form, {"trust": "yes"})
        ask_more(session, form)
        publish_version(session, form, actor=None, now=utcnow())
        session.commit()

        assert "Trust in the sheriff" in page(clerk.get(f"{ONE}/versions/1")).text(".//h1")
        assert "Version 2: Other" in page(clerk.get(f"{ONE}/versions/2")).text(".//h1")
        assert clerk.get(f"{ONE}/versions/3").status_code == 404

    def test_two_versions_are_compared_in_words(self, session: Session, clerk: Client) -> None:
        form = make(session)
        response(session, form, {"trust": "yes"})
        ask_more(session, form)
        publish_version(session, form, actor=None, now=utcnow())
        session.commit()
        told = page(clerk.get(f"{ONE}/changes?before=1&after=2"))

        assert "1 change." in told.text()
        assert [one.text for one in told.all(".//ins")] == ["Other", "Otra"]
        assert "0 changes." in page(clerk.get(f"{ONE}/changes")).text()
        for nonsense in ("9", "x", "-1", "²", "1" * 30):
            assert clerk.get(f"{ONE}/changes?before={nonsense}").status_code == 404

    def test_a_draft_has_no_versions_to_compare(self, session: Session, clerk: Client) -> None:
        make(session, published_at=None)

        assert clerk.get(f"{ONE}/changes").status_code == 404


class TestClosing:
    def test_asks_first_and_says_what_follows(self, session: Session, clerk: Client) -> None:
        make(session)
        asking = page(clerk.get(f"{ONE}/close"))

        assert "It cannot be opened again." in asking.text()
        assert saved(session).status(utcnow()) is FormStatus.OPEN
        clerk.send(f"{ONE}/close", form=POST_FORM)
        assert saved(session).status(utcnow()) is FormStatus.CLOSED
        assert clerk.get(f"{ONE}/close").status_code == 409
        assert "cannot be opened again" in page(clerk.get(ONE)).text()

    def test_a_closed_form_cannot_be_opened_by_a_later_day(self, session: Session, clerk: Client) -> None:
        make(session, closes_at=utcnow() - DAY)
        post(clerk, f"{ONE}/edit", **TYPED)

        assert saved(session).status(utcnow()) is FormStatus.CLOSED


class TestTheList:
    def test_shows_of_each_sort_what_belongs_to_it_and_what_waits_first(
        self, session: Session, clerk: Client
    ) -> None:
        make(session, slug="newest", published_at=None, changed_at=utcnow())
        make(session, slug="draft", published_at=None, changed_at=utcnow() - DAY, submitted_at=utcnow())
        make(session, slug="later", opens_at=utcnow() + DAY)
        make(session, slug="open")
        make(session, slug="closed", closes_at=utcnow() - DAY)

        def slugs(show: str) -> list[str]:
            links = page(clerk.get(f"{LIST}?show={show}")).links(".//tbody//a").values()
            return [link.rpartition("/")[2] for link in links]

        def all_slugs(show: str) -> list[str]:
            found = page(clerk.get(f"{LIST}?show={show}")).all(".//tbody//a")
            return [one.get("href", "").rpartition("/")[2] for one in found]

        assert all_slugs("")[:2] == ["draft", "newest"]
        assert len(all_slugs("nonsense")) == 5
        assert slugs("waiting") == ["draft"]
        assert all_slugs("drafts") == ["draft", "newest"]
        assert all_slugs("open") == ["later", "open"]
        assert all_slugs("closed") == ["closed"]

    def test_a_host_sees_own_forms_only_and_nothing_waits_for_them(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        make(session, slug="mine", host=host, submitted_at=utcnow(), published_at=None)
        make(session, slug="theirs", host=makers.user(session, RoleName.HOST))
        leader = sign_in(host)

        shown = page(leader.get(LIST))
        assert [one.get("href") for one in shown.all(".//tbody//a")] == [f"{LIST}/mine"]
        assert "waits for you" not in page(leader.get("/en/staff/")).text()


class TestWhoMay:
    """Cases 31 and 34 to 36."""

    STEPS = ("edit", "copy", "submit", "return", "delete", "codes")

    def test_a_host_neither_finds_nor_changes_another_hosts_form(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        form = make(session, host=makers.user(session, RoleName.HOST), entry=Entry.CODE)
        batch = tickets.make_codes(
            session, form, label="School", size=1, actor=makers.user(session), now=utcnow()
        )
        session.commit()
        leader = sign_in(host)

        paths = ("", "/edit", "/copy", "/versions/1", "/changes", "/codes")
        for path in (*paths, f"/codes/{batch.id}", f"/codes/{batch.id}.csv"):
            assert leader.get(ONE + path).status_code == 404
        for step in self.STEPS:
            assert post(leader, f"{ONE}/{step}", **TYPED, label="x", size=1) == 404
        assert len(session.scalars(sa.select(TicketBatch)).all()) == 1

    @pytest.mark.parametrize("role", [RoleName.OFFICIAL, RoleName.MODERATOR, RoleName.RESIDENT])
    def test_nobody_else_makes_or_changes_forms(
        self, session: Session, sign_in: SignIn, role: RoleName
    ) -> None:
        make(session, published_at=None)
        person = sign_in(role)

        for path in (LIST, NEW, ONE, f"{ONE}/edit", f"{ONE}/publish", f"{ONE}/codes", f"{ONE}/versions/1"):
            assert person.get(path).status_code == 403
        for step in (*self.STEPS, "publish", "close"):
            assert post(person, f"{ONE}/{step}", **TYPED) == 403
        assert post(person, NEW, **TYPED | {"slug": "own"}) == 403
        assert saved(session).published_at is None

    def test_a_host_neither_publishes_nor_closes(self, session: Session, host: User, sign_in: SignIn) -> None:
        make(session, host=host)
        leader = sign_in(host)

        assert post(leader, f"{ONE}/publish") == 403
        assert post(leader, f"{ONE}/close") == 403
        assert post(leader, f"{ONE}/edit", **TYPED) == 403
        assert saved(session).status(utcnow()) is FormStatus.OPEN

    def test_a_batch_of_one_form_is_not_there_under_another(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        make(session, host=host, entry=Entry.CODE)
        other = make(session, slug="other", entry=Entry.CODE)
        batch = tickets.make_codes(
            session, other, label="School", size=1, actor=makers.user(session), now=utcnow()
        )
        session.commit()

        leader = sign_in(host)
        for path in (f"{ONE}/codes/{batch.id}", f"{ONE}/codes/{batch.id}.csv"):
            assert leader.get(path).status_code == 404

    def test_what_is_sent_besides_the_fields_changes_nothing(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        other = makers.user(session, RoleName.HOST)
        session.commit()
        more = {
            "host": str(other.id), "host_id": str(other.id), "published_at": "2026-01-01T00:00",
            "submitted_at": "2026-01-01T00:00", "revision": "9", "working": "{}", "source": "x",
        }  # fmt: skip
        sign_in(host).send(NEW, **TYPED | more)

        form = saved(session)
        assert (form.host_id, form.published_at, form.submitted_at) == (host.id, None, None)
        assert (form.revision, form.source) == (0, None)

    def test_what_people_answered_under_does_not_change_by_a_field_that_is_not_there(
        self, session: Session, clerk: Client
    ) -> None:
        form = make(session)
        response(session, form, {"trust": "yes"})
        session.commit()
        sent = clerk.send(
            f"{ONE}/edit", form=POST_FORM, entry="code", results="at_close", slug="other",
            opens_at="2026-02-10T08:00",
        )  # fmt: skip

        assert sent.status_code == 303
        kept = saved(session)
        assert (kept.entry, kept.results, kept.slug) == (Entry.ANYBODY, ResultsShown.LIVE, "trust")
        assert kept.opens_at == form.opens_at

    def test_a_host_asks_about_own_meetings_and_published_dockets_only(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        makers.meeting(session, slug="mine", host=host, docket=None)
        makers.meeting(session, slug="theirs", docket=None)
        makers.docket(session, slug="shown")
        makers.docket(session, slug="hidden", published_at=None)
        session.commit()
        leader = sign_in(host)

        for name, value in (("meeting", "theirs"), ("docket", "hidden")):
            answer = leader.send(NEW, **TYPED | {name: value})
            assert answer.status_code == 422
        assert leader.send(NEW, **TYPED | {"meeting": "mine", "docket": "shown"}).status_code == 303

    def test_a_meeting_of_another_docket_is_told_at_its_field(self, session: Session, clerk: Client) -> None:
        makers.meeting(session, slug="forum", docket=makers.docket(session))
        makers.docket(session, slug="other")
        session.commit()
        answer = clerk.send(NEW, **TYPED | {"meeting": "forum", "docket": "other"})

        assert answer.status_code == 422
        assert page(answer).field("meeting").get("aria-invalid") == "true"


def test_what_is_typed_into_a_form_runs_nowhere(session: Session, clerk: Client) -> None:
    """Case 49."""
    form = make(session, entry=Entry.CODE)
    response(session, form, {"trust": "yes"})
    form.working = {**form.working, "title": {"default": EVIL, "es": EVIL}}
    publish_version(session, form, actor=None, now=utcnow())
    actor = makers.user(session, name=EVIL)
    batch = tickets.make_codes(session, form, label=EVIL, size=1, actor=actor, now=utcnow())
    form.working = {**form.working, "description": {"default": EVIL, "es": f"{EVIL} {EVIL}"}}
    session.commit()

    paths = ("", "/edit", "/copy", "/publish", "/close", "/versions/2", "/changes", "/codes")
    for url in (LIST, *(ONE + path for path in paths), f"{ONE}/codes/{batch.id}"):
        shown = clerk.get(url)
        assert shown.status_code == 200
        assert "&lt;img src=x" in shown.text
        assert "<img src=x" not in shown.text
