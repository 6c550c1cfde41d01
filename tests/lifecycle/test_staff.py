"""Where clerks and officials write the checklist and the register: who may, what is refused, what comes of
it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.dockets.models import District, Docket
from engage.lifecycle import queries, service, words
from engage.lifecycle.models import (
    OutreachHow,
    OutreachOutcome,
    ReadinessArea,
    ReadinessState,
    StakeholderKind,
)
from engage.lifecycle.outreach import Standing
from engage.lifecycle.service import BodyDraft
from engage.web.locale import site_day
from tests.lifecycle import rows
from tests.support import makers
from tests.support.makers import NOON, both
from tests.support.pages import Client, page

STAFF = "/en/staff/dockets/agreement"
READINESS, REGISTER = f"{STAFF}/readiness", f"{STAFF}/stakeholders"
POINT = {
    "area": "cost",
    "title_en": "What does it cost?",
    "title_es": "¿Cuánto cuesta?",
    "state": "known",
    "finding_en": "It was counted.",
    "finding_es": "Se contó.",
    "amount": "119000",
    "source_en": "County manager",
    "source_es": "Administración",
    "source_url": "https://example.org/costs",
    "checked_on": "2026-10-01",
}
BODY = {
    "kind": "faith",
    "name_en": "Santa Rita Parish",
    "name_es": "Parroquia de Santa Rita",
    "language": "es",
}


@pytest.fixture
def docket(session: Session) -> Docket:
    row = rows.docket(session)
    session.commit()
    return row


@pytest.fixture(params=[RoleName.CLERK, RoleName.OFFICIAL])
def editor(request: pytest.FixtureRequest, sign_in: Callable[..., Client]) -> Client:
    return sign_in(request.param)


@pytest.fixture
def clerk(sign_in: Callable[..., Client]) -> Client:
    return sign_in(RoleName.CLERK)


def fresh(session: Session, docket: Docket) -> Docket:
    session.rollback()
    session.expire_all()
    return docket


class TestReadiness:
    def test_from_the_standard_checklist_to_what_residents_read(
        self, session: Session, docket: Docket, editor: Client, client: Client
    ) -> None:
        editor.post(f"{READINESS}/standard", data={"csrf_token": editor.csrf_token()})
        assert (
            "No checklist is published yet"
            in page(client.get("/en/dockets/agreement/phases/assess_readiness")).text()
        )
        item = queries.points(session, fresh(session, docket))[4]

        editor.send(f"{READINESS}/{item.id}", **POINT)
        assert "residents will read" in page(editor.get(f"{READINESS}/publish")).text()
        assert editor.post(
            f"{READINESS}/publish", data={"csrf_token": editor.csrf_token(), "seen": "another"}
        ).status_code == 409  # fmt: skip
        editor.send(f"{READINESS}/publish")

        text = page(client.get("/en/dockets/agreement/phases/assess_readiness")).text()
        assert "Points to find out 18 Known 1 Not known 17" in text
        assert "$119,000 a year" in text
        assert "County manager" in text

    def test_a_new_point_is_a_draft(self, session: Session, docket: Docket, editor: Client) -> None:
        answer = editor.send(f"{READINESS}/new?area=community", **POINT | {"area": "community"})

        assert answer.status_code == 303
        (item,) = queries.points(session, fresh(session, docket))
        assert (item.published_at, item.area, item.amount) == (None, ReadinessArea.COMMUNITY, 119_000)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"title_en": "", "title_es": ""}, "Write what is to be found out."),
            ({"state": "under_way"}, "Only what is known has an amount."),
            ({"source_url": "javascript:alert(1)"}, "Write a whole address"),
            ({"source_url": 'https://evil.example/">x'}, "Write a whole address"),
            ({"checked_on": "2099-01-01"}, "This day is still to come."),
            ({"amount": "99999999999"}, "This amount is too large."),
            ({"area": "nothing"}, "Not a valid choice"),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field(
        self, docket: Docket, clerk: Client, typed: dict[str, str], said: str
    ) -> None:
        answer = clerk.send(f"{READINESS}/new", **POINT | typed)

        assert answer.status_code == 422
        assert said in page(answer).text()

    def test_what_residents_read_keeps_both_languages_and_its_source(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        item = rows.point(session, docket)
        session.commit()

        answer = clerk.send(
            f"{READINESS}/{item.id}", **POINT | {"finding_es": "", "source_en": "", "source_es": ""}
        )

        text = page(answer).text()
        assert answer.status_code == 422
        for field in (
            "What was found, in Spanish",
            "Where this is from, in English",
            "Where this is from, in Spanish",
        ):
            assert f"{field}: residents read both languages" in text

    def test_nobody_sets_what_the_form_does_not_ask(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        other = rows.docket(session, slug="other")
        session.commit()
        typed = {"published_at": "2020-01-01", "docket_id": str(other.id), "position": "-5", "id": "77"}

        clerk.send(f"{READINESS}/new", **POINT | typed)

        (item,) = queries.points(session, fresh(session, docket))
        assert (item.docket_id, item.published_at, item.position) == (docket.id, None, 0)
        assert item.id != 77

    @pytest.mark.parametrize("step", ["", "/publish", "/take-back", "/delete", "/move"])
    def test_a_point_of_another_docket_is_out_of_reach(
        self, session: Session, docket: Docket, clerk: Client, step: str
    ) -> None:
        item = rows.point(session, rows.docket(session, slug="other"), is_shown=False)
        session.commit()

        answer = clerk.post(
            f"{READINESS}/{item.id}{step}", data=POINT | {"csrf_token": clerk.csrf_token(), "to": "up"}
        )

        assert answer.status_code == 404

    def test_points_are_published_taken_back_moved_and_deleted(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        first, second = (
            rows.point(session, docket, rows.draft(title), is_shown=False) for title in ("One?", "Two?")
        )
        session.commit()

        def do(point_id: int, step: str, **typed: str) -> None:
            url = f"{READINESS}/{point_id}/{step}"
            assert clerk.post(url, data=typed | {"csrf_token": clerk.csrf_token()}).status_code == 303

        do(first.id, "publish")
        do(second.id, "move", to="up")
        do(first.id, "take-back")
        assert "Taken back" in page(clerk.get(READINESS)).text()
        assert [one.id for one in queries.points(session, fresh(session, docket))] == [second.id, first.id]
        do(second.id, "delete")

        assert [one.id for one in queries.points(session, fresh(session, docket))] == [first.id]

    @pytest.mark.parametrize("role", [RoleName.HOST, RoleName.MODERATOR])
    def test_hosts_and_moderators_read_it_and_are_offered_nothing(
        self, session: Session, docket: Docket, sign_in: Callable[..., Client], role: RoleName
    ) -> None:
        rows.point(session, docket, rows.draft("One?"), is_shown=False)
        session.commit()

        found = page(sign_in(role).get(READINESS))

        assert "One?" in found.text()
        assert found.all(".//main//form") == []

    def test_it_says_where_residents_have_no_page_of_it(self, session: Session, clerk: Client) -> None:
        makers.docket(session, slug="agreement")
        session.commit()

        assert "This docket has no such phase" in page(clerk.get(READINESS)).text()

    def test_the_standard_checklist_is_offered_while_it_adds_something(
        self, docket: Docket, editor: Client
    ) -> None:
        offer = "points of the standard checklist for a 287(g) agreement"
        assert offer in page(editor.get(READINESS)).text()

        for _time in range(2):
            editor.post(f"{READINESS}/standard", data={"csrf_token": editor.csrf_token()})

        text = page(editor.get(READINESS)).text(".")
        assert offer not in text
        assert "Nothing was added" in text

    def test_what_is_no_whole_number_is_told_once(self, docket: Docket, editor: Client) -> None:
        text = page(editor.send(f"{READINESS}/new", **POINT | {"amount": "about 12"})).text(".//main//form")

        assert "Write a whole number of dollars" in text
        assert "too large" not in text
        assert "Not a valid" not in text


class TestRegister:
    def test_a_body_that_lacks_a_language_leads_to_the_field_that_lacks_it(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        clerk.send(f"{REGISTER}/new", **BODY | {"name_es": ""})
        (body,) = queries.bodies(session, fresh(session, docket))
        url = f"{REGISTER}/{body.id}"

        assert "Show it to residents" not in page(clerk.get(url)).text()
        answer = clerk.post(f"{url}/show", data={"csrf_token": clerk.csrf_token()})
        assert answer.status_code == 303
        assert "Name in Spanish: residents read both languages" in page(clerk.get(answer.location)).text()

        clerk.post(f"{REGISTER}/show", data={"csrf_token": clerk.csrf_token()})
        assert "lack a language: Santa Rita Parish" in page(clerk.get(REGISTER)).text(".")

    def test_from_a_pasted_list_to_what_residents_read(
        self, session: Session, docket: Docket, editor: Client, client: Client
    ) -> None:
        session.add(District(code="N", name=both("North")))
        session.commit()
        lines = "Growers’ Cooperative | Cooperativa de Productores\n\nRadio Tarabilla\n"
        editor.send(f"{REGISTER}/paste", kind="business", lines=lines, language="es", district="N")
        growers = queries.bodies(session, fresh(session, docket))[0]

        editor.send(
            f"{REGISTER}/{growers.id}", form=".//main//form[@id='attempt']",
            how="visit", language="es", outcome="answered", note_en="They came.", note_es="Vinieron.",
        )  # fmt: skip
        editor.post(f"{REGISTER}/show", data={"csrf_token": editor.csrf_token()})

        assert growers.name.es == "Cooperativa de Productores"
        assert (growers.languages, growers.districts) == (["es"], ["N"])
        text = page(client.get("/es/dockets/agreement/phases/engage_stakeholders")).text()
        assert "Cooperativa de Productores" in text
        assert "Vinieron." in text
        assert "Radio Tarabilla Empresas Aún no consultada" in text

    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            ("Parish\nana@example.org", "Line 2: the register is of organizations and offices"),
            ("Parish\n\nOffice (505) 555-0142 | Oficina", "Line 3: the register is of organizations"),
            ("A | B | C", "Line 1: write one name, or two"),
            ("Parish |", "Line 1: write one name, or two"),
            ("x" * 201, "Line 1: write at most 200 characters"),
            ("\n".join(f"Body {number}" for number in range(101)), "Write at most 100 lines"),
            ("", "Write one body at least."),
        ],
    )
    def test_bad_lines_are_named_and_none_is_taken(
        self, session: Session, docket: Docket, clerk: Client, lines: str, said: str
    ) -> None:
        answer = clerk.send(f"{REGISTER}/paste", kind="faith", lines=lines)

        assert answer.status_code == 422
        assert said in page(answer).text()
        assert queries.bodies(session, fresh(session, docket)) == []

    @pytest.mark.parametrize("field", ["name_en", "name_es", "why_en", "why_es"])
    @pytest.mark.parametrize("found", ["ana@example.org", "505-555-0142"])
    def test_what_reaches_a_person_is_refused_at_its_field(
        self, session: Session, docket: Docket, clerk: Client, field: str, found: str
    ) -> None:
        answer = clerk.send(f"{REGISTER}/new", **BODY | {field: f"Call {found}"})

        assert answer.status_code == 422
        assert f"Leave this out: {found}" in page(answer).text()
        assert queries.bodies(session, fresh(session, docket)) == []

    def test_so_it_is_in_a_note(self, session: Session, docket: Docket, clerk: Client) -> None:
        row = rows.body(session, docket)
        session.commit()
        form = ".//main//form[@id='attempt']"

        answer = clerk.send(
            f"{REGISTER}/{row.id}", form=form, note_en="Write to ana@example.org", note_es="Escriba"
        )

        assert answer.status_code == 422
        assert "Leave this out: ana@example.org" in page(answer).text()

    def test_a_note_is_in_both_languages_and_a_day_to_come_is_a_plan(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        row = rows.body(session, docket)
        session.commit()
        tomorrow = site_day(utcnow()) + timedelta(days=2)

        answer = clerk.send(
            f"{REGISTER}/{row.id}", form=".//main//form[@id='attempt']",
            outcome="answered", happened_on=tomorrow.isoformat(), note_en="Soon",
        )  # fmt: skip

        text = page(answer).text()
        assert "This day is still to come, so it can only be planned." in text
        assert "Note in Spanish: residents read both languages" in text

    def test_a_body_is_changed_hidden_shown_moved_and_deleted(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        clerk.send(f"{REGISTER}/new", **BODY)
        clerk.send(f"{REGISTER}/new", **BODY | {"name_en": "Clinic", "name_es": "Clínica"})
        parish, clinic = queries.bodies(session, fresh(session, docket))

        def do(body_id: int, step: str, status: int = 303, **typed: str) -> None:
            url = f"{REGISTER}/{body_id}/{step}"
            assert clerk.post(url, data=typed | {"csrf_token": clerk.csrf_token()}).status_code == status

        do(parish.id, "show")
        assert clerk.send(f"{REGISTER}/{parish.id}/edit", name_es="").status_code == 422
        clerk.send(f"{REGISTER}/{parish.id}/edit", name_es="Parroquia", kind="service")
        do(clinic.id, "move", to="up")
        do(parish.id, "delete", status=409)
        do(parish.id, "hide")
        do(clinic.id, "delete")

        (left,) = queries.bodies(session, fresh(session, docket))
        assert (left.name.es, left.kind, left.published_at) == ("Parroquia", StakeholderKind.SERVICE, None)

    def test_attempts_are_corrected_and_deleted(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        row = rows.body(session, docket, "Growers", rows.attempt(OutreachOutcome.PLANNED))
        contact = row.contacts[0]
        session.commit()
        url = f"{REGISTER}/{row.id}/attempts/{contact.id}"

        clerk.send(url, outcome="declined")
        session.refresh(contact)
        assert contact.outcome is OutreachOutcome.DECLINED
        clerk.post(f"{url}/delete", data={"csrf_token": clerk.csrf_token()})

        assert queries.bodies(session, fresh(session, docket))[0].contacts == []

    @pytest.mark.parametrize(
        "step",
        [
            "",
            "/edit",
            "/show",
            "/hide",
            "/delete",
            "/move",
            "/attempts/{contact}",
            "/attempts/{contact}/delete",
        ],
    )
    def test_a_body_of_another_docket_is_out_of_reach(
        self, session: Session, docket: Docket, clerk: Client, step: str
    ) -> None:
        row = rows.body(session, rows.docket(session, slug="other"), "Growers", rows.attempt())
        contact = row.contacts[0].id
        session.commit()

        url = f"{REGISTER}/{row.id}{step.format(contact=contact)}"
        assert clerk.post(url, data=BODY | {"csrf_token": clerk.csrf_token()}).status_code == 404

    def test_an_attempt_of_another_body_is_out_of_reach(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        asked = rows.body(session, docket, "Growers", rows.attempt())
        other = rows.body(session, docket, "Parish")
        session.commit()

        assert clerk.get(f"{REGISTER}/{other.id}/attempts/{asked.contacts[0].id}").status_code == 404

    def test_the_list_can_be_narrowed_to_those_not_reached(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        rows.body(session, docket, "Growers", rows.attempt())
        rows.body(session, docket, "Parish", rows.attempt(OutreachOutcome.NOT_REACHED))
        session.commit()

        text = page(clerk.get(f"{REGISTER}?show=unheard")).text()

        assert "Parish" in text
        assert "Growers" not in text
        assert "All (2) Not reached yet (1)" in text

    def test_the_file_for_editors_has_hidden_bodies_and_runs_no_formula(
        self, session: Session, docket: Docket, editor: Client
    ) -> None:
        rows.body(session, docket, "=1+1", rows.attempt())
        rows.body(session, docket, "Shelter", is_shown=False)
        session.commit()

        lines = list(csv.DictReader(io.StringIO(editor.get(f"{REGISTER}.csv").get_data(as_text=True))))

        assert [(one["shown"], one["name_en"], one["outcome"]) for one in lines] == [
            ("yes", "'=1+1", "answered"),
            ("no", "Shelter", ""),
        ]

    @pytest.mark.parametrize("role", [RoleName.HOST, RoleName.MODERATOR, RoleName.RESIDENT])
    @pytest.mark.parametrize("path", [REGISTER, f"{REGISTER}.csv", f"{REGISTER}/new", f"{REGISTER}/paste"])
    def test_who_does_not_keep_it_does_not_read_who_wants_no_name(
        self, docket: Docket, sign_in: Callable[..., Client], role: RoleName, path: str
    ) -> None:
        assert sign_in(role).get(path).status_code == 403


class TestWays:
    def test_clerks_come_from_the_docket_and_officials_from_their_start_page(
        self, session: Session, docket: Docket, sign_in: Callable[..., Client]
    ) -> None:
        rows.point(session, docket)
        session.commit()

        of_clerk = page(sign_in(RoleName.CLERK).get(STAFF))
        of_official = page(sign_in(RoleName.OFFICIAL).get("/en/staff"))

        assert "The checklist has 1 point (1 published)." in of_clerk.text()
        for found in (of_clerk, of_official):
            assert {READINESS, REGISTER} <= set(found.links(".//main//a").values())
        of_host = page(sign_in(RoleName.HOST).get("/en/staff")).links().values()
        assert READINESS in of_host
        assert REGISTER not in of_host

    def test_a_clerk_says_whether_the_proposal_goes_ahead(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        typed = {
            f"{name}_{code}": "Said" for name in ("decided_by", "outcome", "reasons") for code in ("en", "es")
        }
        clerk.send(
            f"{STAFF}/decision", decided_on=NOON.date().isoformat(), goes_ahead="no", is_read="y", **typed
        )

        decision = fresh(session, docket).decision
        assert decision is not None
        assert decision.goes_ahead is False
        assert page(clerk.get(f"{STAFF}/decision")).fields()["goes_ahead"] == "no"


def test_every_state_and_kind_has_a_name() -> None:
    for named, kinds in (
        (words.AREAS, ReadinessArea),
        (words.STATES, ReadinessState),
        (words.STATE_TAGS, ReadinessState),
        (words.KINDS, StakeholderKind),
        (words.HOW, OutreachHow),
        (words.OUTCOMES, OutreachOutcome),
        (words.STANDINGS, Standing),
        (words.STANDING_TAGS, Standing),
    ):
        assert set(named) == set(kinds)


def test_two_requests_for_the_standard_checklist_add_it_once(session: Session, docket: Docket) -> None:
    service.add_standard_points(session, docket)
    session.commit()
    service.add_standard_points(session, docket)

    assert len(queries.points(session, docket)) == 18


class TestTwoClerks:
    """Nobody overwrites or shows what they have not read, and what they typed comes back."""

    def test_a_body_that_was_changed_meanwhile_is_shown_before_it_is_overwritten(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        body = rows.body(session, docket, "Parish", is_shown=False)
        session.commit()
        url = f"{REGISTER}/{body.id}/edit"
        mine = page(clerk.get(url)).fields() | {"name_en": "My name", "name_es": "Mi nombre"}
        service.change_body(
            session, body, BodyDraft(StakeholderKind.HEALTH, both("Their clinic")), rows.TODAY
        )
        session.commit()

        answer = clerk.post(url, data=mine)

        assert answer.status_code == 422
        assert "Somebody else has changed this meanwhile" in page(answer).text()
        assert "Their clinic" in page(answer).text()
        assert page(answer).fields()["name_en"] == "My name"
        assert queries.bodies(session, fresh(session, docket))[0].name.en == "Their clinic"
        assert clerk.post(url, data=page(answer).fields()).status_code == 303
        assert queries.bodies(session, fresh(session, docket))[0].name.en == "My name"

    def test_so_is_an_attempt_and_one_that_is_gone_is_not_found(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        body = rows.body(session, docket, "Parish", rows.attempt(OutreachOutcome.PLANNED))
        contact = body.contacts[0]
        session.commit()
        url = f"{REGISTER}/{body.id}/attempts/{contact.id}"
        mine = page(clerk.get(url)).fields() | {"outcome": "no_answer", "note_en": "Mine", "note_es": "Mía"}
        service.change_contact(
            session, contact, rows.attempt(OutreachOutcome.DECLINED, note=both("Theirs")), rows.TODAY
        )
        session.commit()

        answer = clerk.post(url, data=mine)

        assert answer.status_code == 422
        assert "Theirs" in page(answer).text()
        assert page(answer).fields()["note_en"] == "Mine"
        session.refresh(contact)
        assert contact.outcome is OutreachOutcome.DECLINED
        service.delete_contact(session, contact, rows.TODAY)
        session.commit()
        assert clerk.post(url, data=mine).status_code == 404

    @pytest.mark.parametrize("step", ["body", "all", "point"])
    def test_what_was_not_read_is_not_shown_to_residents(
        self, session: Session, docket: Docket, clerk: Client, step: str
    ) -> None:
        body = rows.body(session, docket, "Parish", rows.attempt(), is_shown=False)
        point = rows.point(session, docket, is_shown=False)
        session.commit()
        listed, action = {
            "body": (f"{REGISTER}/{body.id}", f"{REGISTER}/{body.id}/show"),
            "all": (REGISTER, f"{REGISTER}/show"),
            "point": (READINESS, f"{READINESS}/{point.id}/publish"),
        }[step]
        mine = page(clerk.get(listed)).fields(f".//form[@action='{action}']")
        service.change_contact(session, body.contacts[0], rows.attempt(note=both("New")), rows.TODAY)
        service.change_point(session, point, rows.known("Another question?"), NOON)
        session.commit()

        answer = clerk.post(action, data=mine)

        assert answer.status_code == 303
        assert "meanwhile" in page(clerk.get(answer.location)).text(".")
        assert queries.bodies(session, fresh(session, docket))[0].published_at is None
        assert queries.points(session, docket)[0].published_at is None
        clerk.post(action, data=page(clerk.get(listed)).fields(f".//form[@action='{action}']"))
        (shown,), (published,) = (
            queries.bodies(session, fresh(session, docket)),
            queries.points(session, docket),
        )
        assert (shown.published_at is None) == (published.published_at is not None) == (step == "point")

    def test_a_form_that_is_sent_twice_makes_one_row(
        self, session: Session, docket: Docket, clerk: Client
    ) -> None:
        for _ in range(2):
            assert clerk.send(f"{REGISTER}/new", **BODY).status_code == 303
            assert clerk.send(f"{READINESS}/new", **POINT).status_code == 303

        assert len(queries.bodies(session, fresh(session, docket))) == 1
        assert len(queries.points(session, docket)) == 1


@pytest.mark.parametrize("typed", ["2026-02-31", "soon"])
def test_a_day_that_is_none_is_told_at_its_field(
    session: Session, docket: Docket, clerk: Client, typed: str
) -> None:
    row = rows.body(session, docket)
    session.commit()

    attempt = clerk.send(f"{REGISTER}/{row.id}", form=".//main//form[@id='attempt']", happened_on=typed)
    point = clerk.send(f"{READINESS}/new", **POINT | {"checked_on": typed})

    assert (attempt.status_code, point.status_code) == (422, 422)
    assert 'aria-invalid="true"' in attempt.text
