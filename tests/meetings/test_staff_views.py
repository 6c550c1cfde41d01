"""Where hosts draft and clerks publish: who may what, what is told where, and what residents then see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import from_wall_clock, to_wall_clock
from engage.meetings import service
from engage.meetings.models import (
    AccommodationKind,
    Attendee,
    Format,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingKind,
    MeetingNotice,
    Mode,
)
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, Page, page

SignIn = Callable[..., Client]
NOW = datetime.now(UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LIST = "/en/staff/meetings"
NEW = "/en/staff/new-meeting"
ONE = f"{LIST}/forum"
EVIL = '"><script>document.title="2"</script><img src=x onerror=alert(1)>'
TYPED = {
    "slug": "forum",
    "title_en": "Community forum",
    "title_es": "Foro comunitario",
    "summary_en": "Come and ask.",
    "summary_es": "Venga y pregunte.",
    "kind": "community_forum",
    "format": "hybrid",
    "time_zone": "America/Denver",
    "starts_at": "2099-06-10T18:00",
    "ends_at": "2099-06-10T20:00",
    "place_name_en": "Library",
    "place_name_es": "Biblioteca",
    "place_street": "1 Main Street",
    "join_url": "https://meet.example.org/room",
    "capacity": "40",
}
WHY = {"reason_en": "The roof leaks.", "reason_es": "Hay goteras en el techo."}


@pytest.fixture
def host(session: Session) -> User:
    user = makers.user(session, RoleName.HOST)
    session.commit()
    return user


@pytest.fixture
def clerk(sign_in: SignIn) -> Client:
    return sign_in(RoleName.CLERK)


def make(session: Session, **fields: Any) -> Meeting:
    meeting = makers.meeting(session, slug="forum", **fields)
    session.commit()
    return meeting


def saved(session: Session) -> Meeting:
    """The only meeting, as the database has it."""
    session.rollback()
    session.expire_all()
    return session.scalars(sa.select(Meeting)).one()


def post(client: Client, url: str, **typed: Any) -> int:
    """A form that no page showed to this person."""
    return client.post(url, data={"csrf_token": client.csrf_token()} | typed).status_code


def ask(session: Session, meeting: Meeting, *kinds: AccommodationKind) -> None:
    """Somebody comes who needs something."""
    attendee = service.join_meeting(
        session, meeting=meeting, wants_place=True, mode=Mode.IN_PERSON, language="en", now=NOW
    ).attendee
    service.ask_for(session, attendee, service.Needs(kinds), NOW)


def errors(found: Page) -> str:
    return found.text(".//div[@class='errors']")


class TestTheWayOfADraft:
    def test_host_hands_over_clerk_publishes_residents_see(
        self, session: Session, host: User, sign_in: SignIn, clerk: Client, client: Client
    ) -> None:
        leader = sign_in(host)
        made = leader.send(NEW, **TYPED)
        before = client.get("/en/meetings/forum").status_code
        leader.send(ONE, form=".//main//form", to=f"{ONE}/submit")
        waiting = page(clerk.get(LIST))
        home = page(clerk.get("/en/staff/"))
        clerk.send(ONE, to=f"{ONE}/publish")

        assert made.location == ONE
        assert before == 404
        assert "Waits for you" in waiting.text()
        assert "1 draft of a meeting waits to be published." in home.text()
        assert client.get("/es/meetings/forum").status_code == 200
        found = saved(session)
        assert found.host_id == host.id
        assert (found.capacity, found.title.es) == (40, "Foro comunitario")
        assert found.starts_at == datetime(2099, 6, 11, 0, 0, tzinfo=UTC)
        assert session.scalar(sa.select(sa.func.count()).select_from(MeetingNotice)) == 1

    def test_a_draft_needs_no_more_than_a_title_an_address_and_a_date(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        answer = sign_in(host).send(
            NEW, slug="forum", title_es="Foro", starts_at="2099-01-05T10:00", kind="workshop"
        )

        assert answer.status_code == 303
        assert (saved(session).title.en, saved(session).format) == ("", Format.IN_PERSON)

    def test_what_is_missing_is_listed_and_stops_the_publication(
        self, session: Session, clerk: Client
    ) -> None:
        make(session, published_at=None, summary=None, format=Format.ONLINE, join_url=None)
        shown = page(clerk.get(ONE))

        assert "what it is about, in English and in Spanish" in shown.text()
        assert "a link or a telephone number to join by" in shown.text()
        assert post(clerk, f"{ONE}/publish", seen=saved(session).changed_at.isoformat()) == 409
        assert saved(session).published_at is None

    def test_the_clerk_reads_that_the_agenda_is_posted_too(self, session: Session, clerk: Client) -> None:
        draft = make(session, published_at=None)
        without = page(clerk.get(ONE)).text()
        makers.agenda_item(session, draft)
        session.commit()

        said = "Publishing posts the notice and, as it stands below, the agenda"
        assert said not in without
        assert said in page(clerk.get(ONE)).text()

    def test_a_clerk_publishes_only_what_was_read(self, session: Session, clerk: Client) -> None:
        make(session, published_at=None)

        assert post(clerk, f"{ONE}/publish") == 409
        assert post(clerk, f"{ONE}/publish", seen="2020-01-01") == 409
        assert post(clerk, f"{ONE}/publish", seen="2020-01-01T00:00:00+00:00") == 409
        assert saved(session).published_at is None

    def test_a_draft_comes_back_to_its_host(
        self, session: Session, host: User, sign_in: SignIn, clerk: Client
    ) -> None:
        make(session, published_at=None, host=host, submitted_at=NOW)
        leader = sign_in(host)

        assert leader.get(f"{ONE}/edit").status_code == 403
        assert post(leader, f"{ONE}/delete") == 403
        clerk.send(ONE, to=f"{ONE}/return")
        assert leader.get(f"{ONE}/edit").status_code == 200

    def test_a_draft_is_thrown_away(self, session: Session, host: User, sign_in: SignIn) -> None:
        make(session, published_at=None, host=host)
        answer = sign_in(host).send(ONE, to=f"{ONE}/delete")

        session.rollback()
        assert answer.location == LIST
        assert session.scalars(sa.select(Meeting)).all() == []

    def test_what_residents_see_is_not_thrown_away(self, session: Session, clerk: Client) -> None:
        make(session)

        assert post(clerk, f"{ONE}/delete") == 409
        assert saved(session).slug == "forum"


class TestAHost:
    def test_neither_finds_nor_changes_another_hosts_meeting(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        make(session, published_at=None, host=makers.user(session, RoleName.HOST))
        leader = sign_in(host)

        assert "forum" not in leader.get(LIST).text
        for path in ("", "/edit"):
            assert leader.get(ONE + path).status_code == 404
        for step in ("edit", "submit", "return", "delete"):
            assert post(leader, f"{ONE}/{step}", **TYPED) == 404
        assert saved(session).submitted_at is None

    def test_neither_publishes_nor_changes_what_residents_see(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        make(session, published_at=None, host=host)
        leader = sign_in(host)

        for step in ("publish", *(f"change/{kind}" for kind in MeetingChangeKind)):
            assert post(leader, f"{ONE}/{step}", **WHY) == 403

    def test_sees_what_is_published_and_does_not_write_on_it(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        make(session, host=host)
        leader = sign_in(host)

        assert "Ask them." in page(leader.get(ONE)).text()
        assert leader.get(f"{ONE}/edit").status_code == 403
        assert post(leader, f"{ONE}/submit") == 409

    def test_sets_nothing_by_fields_that_the_form_does_not_have(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        other = makers.user(session, RoleName.HOST)
        secret = makers.docket(session, slug="secret", published_at=None)
        makers.comment_period(session, slug="early", docket=secret, published_at=None)
        session.commit()
        now = NOW.isoformat()
        extra = {
            "host": str(other.id), "host_id": str(other.id), "docket_id": str(secret.id), "uid": "mine",
            "published_at": now, "submitted_at": now, "cancelled_at": now, "postponed_at": now,
            "original_starts_at": now, "sequence": "7", "attended_in_person": "900", "series_id": "1",
            "source_format": "ics",
        }  # fmt: skip
        leader = sign_in(host)
        leader.send(NEW, **TYPED | extra)
        leader.send(f"{ONE}/edit", **extra)

        found = saved(session)
        assert found.host_id == host.id
        assert found.docket_id is None
        names = ("published_at", "submitted_at", "cancelled_at", "postponed_at", "original_starts_at",
                 "attended_in_person", "series_id", "source_format")  # fmt: skip
        assert [getattr(found, name) for name in names] == [None] * len(names)
        assert (found.uid, found.sequence) != ("mine", 7)
        for field, value in (("docket", "secret"), ("period", "early")):
            refused = leader.send(f"{ONE}/edit", **{field: value})
            assert refused.status_code == 422
            assert page(refused).field(field).get("aria-invalid") == "true"

    def test_chooses_among_dockets_that_residents_see_and_their_periods(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        jail = makers.docket(session, slug="jail")
        makers.comment_period(session, slug="jail-first", docket=jail)
        makers.comment_period(session, slug="cameras-first", docket=makers.docket(session, slug="cameras"))
        session.commit()
        leader = sign_in(host)
        wrong = leader.send(NEW, **TYPED, docket="jail", period="cameras-first")
        right = leader.send(NEW, **TYPED, docket="jail", period="jail-first")

        assert "another docket" in errors(page(wrong))
        assert right.status_code == 303
        found = saved(session)
        assert found.docket is not None
        assert found.period is not None
        assert (found.docket.slug, found.period.slug) == ("jail", "jail-first")


class TestAClerk:
    def test_gives_a_meeting_to_a_host_and_to_nobody_else(
        self, session: Session, host: User, clerk: Client
    ) -> None:
        moderator = makers.user(session, RoleName.MODERATOR)
        make(session, published_at=None)
        refused = clerk.send(f"{ONE}/edit", host=str(moderator.id))
        clerk.send(f"{ONE}/edit", host=str(host.id))

        assert refused.status_code == 422
        assert saved(session).host_id == host.id

    def test_writes_texts_of_a_published_meeting_and_nothing_that_was_announced(
        self, session: Session, clerk: Client
    ) -> None:
        before = make(session, capacity=5)
        starts_at, kind = before.starts_at, before.kind
        sent = {"starts_at": "2098-01-01T10:00", "kind": MeetingKind.EMERGENCY, "format": "online",
                "place_street": "Nowhere", "join_url": "https://evil.example", "slug": "other",
                "is_tentative": "y", "time_zone": "America/Denver"}  # fmt: skip
        answer = clerk.send(
            f"{ONE}/edit", **sent, summary_en="New words", summary_es="Otras palabras", capacity="9"
        )

        assert answer.location == ONE
        found = saved(session)
        assert (found.starts_at, found.kind, found.slug) == (starts_at, kind, "forum")
        assert (found.format, found.place_street) == (Format.HYBRID, "1 Main Street")
        assert (found.join_url, found.is_tentative) == ("https://meet.example.org/room", False)
        assert found.summary is not None
        assert (found.summary.es, found.capacity, found.sequence) == ("Otras palabras", 9, 0)

    def test_is_told_at_the_field_where_a_language_or_a_place_is_missing(
        self, session: Session, clerk: Client
    ) -> None:
        meeting = make(session, capacity=5)
        for seat in (1, 2):
            session.add(
                Attendee(
                    meeting_id=meeting.id, code_index=str(seat), number=seat, seat=seat, mode=Mode.IN_PERSON,
                    language="en",
                )
            )  # fmt: skip
        session.commit()
        without = page(clerk.send(f"{ONE}/edit", title_es=""))
        fewer = page(clerk.send(f"{ONE}/edit", capacity="1"))

        assert without.field("title_es").get("aria-invalid") == "true"
        assert fewer.field("capacity").get("aria-invalid") == "true"
        assert "2 places are given already" in errors(fewer)
        assert saved(session).capacity == 5

    def test_still_gives_a_period_to_what_is_over(self, session: Session, clerk: Client) -> None:
        period = makers.comment_period(session, slug="jail", docket=makers.docket(session))
        make(session, starts_at=NOW - DAY, docket=period.docket)
        form = page(clerk.get(f"{ONE}/edit"))
        clerk.send(f"{ONE}/edit", period="jail", title_en="Rewritten")

        assert set(form.fields()) == {"csrf_token", "period", "host"}
        found = saved(session)
        assert found.period is not None
        assert found.period.slug == "jail"
        assert found.title.en != "Rewritten"


class TestTimes:
    @pytest.mark.parametrize(
        ("zone", "typed", "instant"),
        [
            ("America/Denver", "2027-03-13T18:00", datetime(2027, 3, 14, 1, 0, tzinfo=UTC)),
            ("America/Denver", "2027-03-14T18:00", datetime(2027, 3, 15, 0, 0, tzinfo=UTC)),
            # Shown twice: the later one.
            ("America/Denver", "2027-11-07T01:30", datetime(2027, 11, 7, 8, 30, tzinfo=UTC)),
            ("America/Phoenix", "2027-03-14T02:30", datetime(2027, 3, 14, 9, 30, tzinfo=UTC)),
        ],
    )
    def test_are_those_of_the_clocks_in_the_place(
        self, session: Session, clerk: Client, zone: str, typed: str, instant: datetime
    ) -> None:
        answer = clerk.send(NEW, **TYPED | {"time_zone": zone, "starts_at": typed, "ends_at": ""})

        assert answer.status_code == 303
        assert saved(session).starts_at == instant
        assert page(clerk.get(f"{ONE}/edit")).field("starts_at").get("value") == typed

    @pytest.mark.parametrize("name", ["starts_at", "ends_at"])
    def test_one_that_no_clock_shows_is_refused_kindly(
        self, session: Session, clerk: Client, name: str
    ) -> None:
        typed = TYPED | {"starts_at": "2027-03-14T01:30", "ends_at": "2027-03-14T05:00"}
        answer = clerk.send(NEW, **typed | {name: "2027-03-14T02:30"})

        assert answer.status_code == 422
        assert page(answer).field(name).get("aria-invalid") == "true"
        assert "No clock in this place ever shows this time" in errors(page(answer))

    def test_a_meeting_across_the_change_of_the_clocks_keeps_its_true_length(
        self, session: Session, clerk: Client
    ) -> None:
        clerk.send(NEW, **TYPED | {"starts_at": "2027-11-07T00:30", "ends_at": "2027-11-07T02:30"})

        found = saved(session)
        assert found.ends_at is not None
        assert found.ends_at - found.starts_at == timedelta(hours=3)

    def test_the_earlier_of_two_stays_where_nobody_touches_it(self, session: Session, clerk: Client) -> None:
        earlier = datetime(2027, 11, 7, 7, 30, tzinfo=UTC)
        make(session, starts_at=earlier, time_zone="America/Denver", published_at=None)
        clerk.send(f"{ONE}/edit", title_en="New")

        assert (saved(session).starts_at, saved(session).title.en) == (earlier, "New")

    def test_another_zone_means_the_same_clock_there(self, session: Session, clerk: Client) -> None:
        meeting = make(session, published_at=None)
        local = to_wall_clock(meeting.starts_at, meeting.zone)
        clerk.send(f"{ONE}/edit", time_zone="America/Denver")

        found = saved(session)
        assert found.starts_at == from_wall_clock(local, found.zone) != meeting.starts_at.replace(year=1999)
        assert to_wall_clock(found.starts_at, found.zone) == local


class TestWhatIsTyped:
    def test_only_a_link_over_an_encrypted_line_is_taken(self, clerk: Client) -> None:
        for link in (
            "http://meet.example.org",
            "javascript:alert(1)",
            "//meet.example.org",
            "https://",
            "https://staff@evil.example/meet.example.org",
            "https://meet.example.org/a b",
            "https://[broken",
            "data:text/html,x",
        ):
            answer = clerk.send(NEW, **TYPED | {"join_url": link})

            assert answer.status_code == 422, link
            assert page(answer).field("join_url").get("aria-invalid") == "true", link

    def test_what_cannot_be_is_told_at_its_field(self, session: Session, clerk: Client) -> None:
        for name, value in (
            ("slug", "Forum 1"),
            ("slug", "forum/2"),
            ("capacity", "0"),
            ("capacity", "many"),
            ("speaking_seconds", "5"),
            ("registration_minutes", "-1"),
            ("accommodation_days", "61"),
            ("kind", "party"),
            ("docket", "nothing"),
            ("place_street", "a\nb"),
            ("title_en", "x" * 201),
            ("starts_at", ""),
            ("starts_at", "tomorrow"),
            ("starts_at", "0001-01-01T00:00"),
            ("starts_at", "9999-12-31T23:59"),
            ("ends_at", "2099-06-10T18:00"),
            ("time_zone", "Europe/Madrid"),
            ("time_zone", "../../etc/passwd"),
        ):
            answer = clerk.send(NEW, **TYPED | {name: value})

            assert answer.status_code == 422, name
            assert page(answer).field(name).get("aria-invalid") == "true", (name, value)
        assert "Not a valid choice." in errors(page(clerk.send(NEW, **TYPED | {"format": "telepathy"})))
        session.rollback()
        assert session.scalars(sa.select(Meeting)).all() == []

    def test_what_to_fix_stands_in_the_order_of_the_page(self, clerk: Client) -> None:
        answer = page(
            clerk.send(NEW, **TYPED | {"title_en": "", "title_es": "", "starts_at": "", "capacity": "x"})
        )

        links = [link.get("href") for link in answer.all(".//div[@class='errors']//a")]
        assert links == ["#title_en", "#starts_at", "#capacity"]

    def test_two_meetings_have_two_addresses(self, session: Session, clerk: Client) -> None:
        make(session)
        answer = clerk.send(NEW, **TYPED)

        assert page(answer).field("slug").get("aria-invalid") == "true"

    def test_what_is_typed_is_text_wherever_it_is_shown(
        self, session: Session, clerk: Client, client: Client
    ) -> None:
        texts = ("title", "place_name", "summary", "organiser", "directions", "accessibility")
        evil = {f"{name}_{code}": EVIL for name in texts for code in ("en", "es")}
        evil |= {"place_street": EVIL, "join_phone": EVIL}
        clerk.send(NEW, **TYPED | evil)
        clerk.send(ONE, to=f"{ONE}/publish")
        clerk.send(f"{ONE}/change/cancel", reason_en=EVIL, reason_es=EVIL)

        for reader, address in (
            (clerk, LIST), (clerk, ONE), (clerk, f"{ONE}/change/place"), (client, "/en/meetings"),
            (client, "/es/meetings/forum"),
        ):  # fmt: skip
            shown = page(reader.get(address))
            # A block of data for search engines is not run.
            run = [s for s in shown.all(".//script") if s.get("type") != "application/ld+json"]
            assert not [s for s in run if "document.title" in (s.text or "")], address
            assert not shown.all(".//img[@onerror]"), address

    def test_an_address_that_the_site_itself_uses_is_refused(
        self, clerk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from werkzeug.routing import MapAdapter

        monkeypatch.setattr(MapAdapter, "match", _shadowed(MapAdapter.match))
        answer = clerk.send(NEW, **TYPED | {"slug": "calendar"})

        assert "The site itself uses this address." in errors(page(answer))


class TestChanges:
    @pytest.mark.parametrize(
        ("kind", "typed", "said"),
        [
            ("confirm", {}, "Confirmed"),
            ("move", {"ends_at": ""}, "Tentative"),
            ("place", {"place_name_en": "School", "place_name_es": "Escuela"}, "Tentative"),
            ("postpone", {}, "Postponed"),
            ("reschedule", {"starts_at": "2099-09-01T18:00", "ends_at": ""}, "Rescheduled"),
            ("cancel", {}, "Cancelled"),
        ],
    )
    def test_residents_read_the_state_and_staff_the_reason(
        self, session: Session, clerk: Client, client: Client, kind: str, typed: dict[str, str], said: str
    ) -> None:
        make(session, is_tentative=True)
        answer = clerk.send(f"{ONE}/change/{kind}", **typed, **WHY)

        assert answer.location == ONE
        assert WHY["reason_en"] in page(clerk.get(ONE)).text()
        assert said in page(client.get("/en/meetings/forum")).text()
        assert session.scalars(sa.select(MeetingChange.kind)).all() == [kind]

    @pytest.mark.parametrize(
        ("kind", "typed", "field"),
        [
            ("cancel", {"reason_es": ""}, "reason_es"),
            ("postpone", {"reason_en": ""}, "reason_en"),
            ("confirm", {"reason_en": "x" * 2001}, "reason_en"),
            ("move", {"starts_at": "2099-09-01T18:00", "ends_at": ""}, "starts_at"),
            ("move", {}, "starts_at"),
            ("move", {"starts_at": "2020-01-01T10:00"}, "starts_at"),
            ("reschedule", {"starts_at": "2099-03-08T02:30", "ends_at": ""}, "starts_at"),
            ("reschedule", {"starts_at": "2099-03-09T12:30", "ends_at": "2099-03-09T12:30"}, "ends_at"),
            ("place", {"place_name_en": "", "place_name_es": ""}, "place_name_en"),
            ("place", {"format": "online", "join_url": ""}, "join_url"),
            ("place", {"join_url": "http://meet.example.org"}, "join_url"),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field_and_nothing_changes(
        self, session: Session, clerk: Client, kind: str, typed: dict[str, str], field: str
    ) -> None:
        make(session, is_tentative=True)
        answer = clerk.send(f"{ONE}/change/{kind}", **WHY | typed)

        assert answer.status_code == 422
        assert page(answer).field(field).get("aria-invalid") == "true"
        assert (saved(session).sequence, saved(session).changes) == (0, [])

    def test_a_new_date_that_makes_the_notice_short_is_told_before_it_is_saved(
        self, session: Session, clerk: Client
    ) -> None:
        meeting = make(session, starts_at=(NOW + 30 * DAY).replace(second=0, microsecond=0), ends_at=None)
        local = to_wall_clock(NOW + DAY, meeting.zone)
        typed = WHY | {"starts_at": f"{local:%Y-%m-%dT%H:%M}"}
        url = f"{ONE}/change/reschedule"

        shown = clerk.send(url, **typed)

        assert shown.status_code == 200
        assert "Posted now, the notice is short:" in page(shown).text()
        assert saved(session).changes == []
        other = clerk.post(url, data=page(shown).fields() | {"starts_at": f"{local - HOUR:%Y-%m-%dT%H:%M}"})
        assert (other.status_code, saved(session).changes) == (200, [])
        assert clerk.post(url, data=page(shown).fields()).location == ONE
        assert [change.kind for change in saved(session).changes] == [MeetingChangeKind.RESCHEDULE]

    @pytest.mark.parametrize(("days", "is_short"), [(1, True), (60, False)])
    def test_another_place_that_makes_the_notice_short_is_told_on_the_page(
        self, session: Session, clerk: Client, days: int, is_short: bool
    ) -> None:
        make(session, starts_at=NOW + days * DAY, ends_at=None)
        url = f"{ONE}/change/place"

        assert ("Posted now, the notice is short:" in page(clerk.get(url)).text()) is is_short
        assert "is short" not in page(clerk.get(f"{ONE}/change/cancel")).text()
        answer = clerk.send(url, place_name_en="School", place_name_es="Escuela", **WHY)
        assert answer.location == ONE

    def test_nothing_is_cancelled_twice(self, session: Session, clerk: Client) -> None:
        make(session)
        clerk.send(f"{ONE}/change/cancel", **WHY)
        again = post(clerk, f"{ONE}/change/cancel", **WHY)
        back = page(clerk.get(f"{ONE}/change/reschedule"))

        assert again == 422
        assert "A cancelled meeting does not come back" in back.text()
        assert len(saved(session).changes) == 1

    def test_a_page_for_a_change_that_there_is_not_is_not_found(
        self, session: Session, clerk: Client
    ) -> None:
        make(session)

        assert clerk.get(f"{ONE}/change/rename").status_code == 404


class TestTheStartPage:
    def test_tells_clerks_of_agendas_that_residents_do_not_read(
        self, session: Session, host: User, sign_in: SignIn, clerk: Client
    ) -> None:
        meetings = [
            makers.meeting(session, title=both(name), host=host) for name in ("Read", "Changed", "Off")
        ]
        for meeting in meetings:
            makers.agenda_item(session, meeting)
            service.post_agenda(session, meeting, actor=None, now=NOW)
        for meeting in meetings[1:]:
            makers.agenda_item(session, meeting, title=both("What no clerk has read"))
        meetings[2].cancelled_at = NOW
        over = makers.meeting(session, title=both("Over"), starts_at=NOW - DAY, ends_at=NOW - DAY / 2)
        makers.agenda_item(session, over)
        session.commit()

        home = page(clerk.get("/en/staff/"))

        assert "The agenda of 1 published meeting differs from what is posted." in home.text()
        assert home.links()["Changed"] == f"{LIST}/{meetings[1].slug}#agenda"
        assert not {"Read", "Off", "Over"} & set(home.links())
        assert "differs from what is posted" not in page(sign_in(host).get("/en/staff/")).text()

    def test_tells_of_requests_that_wait_for_an_answer(
        self, session: Session, host: User, sign_in: SignIn, clerk: Client
    ) -> None:
        first = datetime(2099, 6, 10, 18, tzinfo=UTC)
        late, soon, off, foreign = (
            makers.meeting(session, title=both(name), starts_at=first + days * DAY, ends_at=None, host=owner)
            for name, days, owner in (
                ("Late", 9, host),
                ("Soon", 1, host),
                ("Off", 0, host),
                ("Foreign", 2, None),
            )
        )
        ask(session, late, AccommodationKind.CAPTIONS, AccommodationKind.CHILDCARE)
        for meeting in (soon, off, foreign):
            ask(session, meeting, AccommodationKind.CAPTIONS)
        off.cancelled_at = NOW
        session.commit()

        home, all_homes = page(sign_in(host).get("/en/staff/")), page(clerk.get("/en/staff/"))

        assert re.search(r"3 requests for help wait for an answer, the next by June \d+, 2099\.", home.text())
        assert home.links()["Soon"] == f"{LIST}/{soon.slug}/accommodations"
        assert "Late: 2 requests, the next by" in home.text()
        assert not {"Off", "Foreign"} & set(home.links())
        assert "4 requests for help wait for an answer" in all_homes.text()
        assert "Foreign" in all_homes.links()

    def test_tells_others_of_the_staff_nothing(self, session: Session, sign_in: SignIn) -> None:
        ask(session, makers.meeting(session), AccommodationKind.CAPTIONS)
        session.commit()

        assert "requests" not in page(sign_in(RoleName.MODERATOR).get("/en/staff/")).text(".//main")


class TestTheList:
    def test_shows_one_sort_at_a_time(self, session: Session, clerk: Client) -> None:
        ahead, past = {"starts_at": NOW + DAY}, {"starts_at": NOW - 3 * DAY}
        wanted: dict[str, dict[str, Any]] = {
            "Ahead": ahead,
            "Without end": {"starts_at": NOW - timedelta(hours=1), "ends_at": None},
            "Held": past,
            "Called off": ahead | {"cancelled_at": NOW},
            "Waits for a date": past | {"postponed_at": NOW - 4 * DAY},
            "Draft": ahead | {"published_at": None},
            "Handed": ahead | {"published_at": None, "submitted_at": NOW},
        }
        for title, fields in wanted.items():
            makers.meeting(session, title=both(title), **fields)
        session.commit()

        def shown(sort: str) -> set[str]:
            # Below what waits, which comes first.
            table = page(clerk.get(f"{LIST}?show={sort}")).all(".//main//table")[-1]
            return {"".join(link.itertext()) for link in table.findall(".//tbody//a")}

        assert shown("to_come") == {"Ahead", "Without end", "Called off", "Waits for a date"}
        assert shown("past") == {"Held"}
        assert shown("drafts") == {"Draft", "Handed"}
        assert shown("waiting") == {"Handed"}
        assert len(shown("")) == len(shown("nonsense")) == 7

    def test_has_what_is_nearest_first(self, session: Session, clerk: Client) -> None:
        for days in (9, -30, 2, -3):
            makers.meeting(session, title=both(f"Day {days}"), starts_at=NOW + days * DAY)
        session.commit()

        rows = page(clerk.get(LIST)).all(".//main//tbody//a")
        offered = page(clerk.get("/en/staff/new-series")).field("template").findall(".//option")

        assert ["".join(row.itertext()) for row in rows] == ["Day 2", "Day 9", "Day -3", "Day -30"]
        names = [re.search(r"Day -?\d+", "".join(option.itertext())) for option in offered]
        assert [name.group() for name in names if name] == ["Day 2", "Day 9", "Day -3", "Day -30"]

    def test_is_paged(self, session: Session, clerk: Client) -> None:
        for _number in range(26):
            makers.meeting(session)
        session.commit()

        assert len(page(clerk.get(f"{LIST}?show=to_come&page=2")).all(".//main//tbody/tr")) == 1

    def test_a_host_is_not_shown_what_waits_for_the_clerks(
        self, session: Session, host: User, sign_in: SignIn
    ) -> None:
        make(session, published_at=None, submitted_at=NOW, host=makers.user(session, RoleName.HOST))
        leader = sign_in(host)

        assert "Waits for you" not in page(leader.get(LIST)).text()
        assert "waits to be published" not in page(leader.get("/en/staff/")).text()


def _shadowed(match: Callable[..., Any]) -> Callable[..., Any]:
    """The site's map with a page of its own at /meetings/calendar."""

    def answer(adapter: Any, path: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if path is not None and path.endswith("/meetings/calendar"):
            return "meetings.calendar", {}
        return match(adapter, path, *args, **kwargs)

    return answer
