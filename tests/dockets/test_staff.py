"""Where clerks write dockets: who may, what is told where something is missing, what residents see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.types import Localised
from engage.dockets import service
from engage.dockets.models import Docket, DocketUpdate, DocumentVersion, PhaseKind
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

LIST = "/en/staff/dockets"
ROUTES = [
    ("GET", LIST),
    ("GET", "/en/staff/new-docket"),
    ("POST", "/en/staff/new-docket"),
    ("GET", f"{LIST}/cameras"),
    ("POST", f"{LIST}/cameras/edit"),
    ("POST", f"{LIST}/cameras/publish"),
    ("POST", f"{LIST}/cameras/phases"),
    ("POST", f"{LIST}/cameras/phases/standard"),
    ("POST", f"{LIST}/cameras/new-document"),
    ("POST", f"{LIST}/cameras/documents/agreement/new-version"),
    ("POST", f"{LIST}/cameras/new-update"),
    ("POST", f"{LIST}/cameras/decision"),
]
NEW = {
    "title_en": "Body cameras",
    "title_es": "Cámaras corporales",
    "summary_en": "Should deputies wear them?",
    "summary_es": "¿Deben llevarlas los agentes?",
    "slug": "cameras",
}


@pytest.fixture
def clerk(sign_in: Callable[..., Client]) -> Client:
    return sign_in(RoleName.CLERK)


@pytest.fixture
def draft(session: Session) -> Docket:
    docket = service.create_docket(session, slug="cameras", title=both("Body cameras"), summary=both("Why?"))
    session.commit()
    return docket


def fresh(session: Session) -> Docket:
    session.rollback()
    session.expire_all()
    return session.scalars(sa.select(Docket)).one()


class TestAccess:
    @pytest.mark.parametrize("role", sorted(set(RoleName) - {RoleName.CLERK, RoleName.ADMINISTRATOR}))
    @pytest.mark.parametrize(("method", "url"), ROUTES)
    def test_nobody_but_clerks_and_administrators_writes_dockets(
        self, sign_in: Callable[..., Client], role: RoleName, method: str, url: str
    ) -> None:
        client = sign_in(role)
        token = page(client.get("/en/dockets")).fields(".//header//form")["csrf_token"]

        assert client.open(url, method=method, data={"csrf_token": token}).status_code == 403

    @pytest.mark.parametrize("role", [RoleName.CLERK, RoleName.ADMINISTRATOR])
    def test_clerks_and_administrators_do(self, sign_in: Callable[..., Client], role: RoleName) -> None:
        assert sign_in(role).get(LIST).status_code == 200

    @pytest.mark.parametrize(
        "url", [f"{LIST}/nothing", f"{LIST}/%00/edit", f"{LIST}/cameras/documents/x/new-version"]
    )
    def test_what_does_not_exist_is_not_found(self, clerk: Client, draft: Docket, url: str) -> None:
        assert clerk.get(url).status_code == 404


class TestDocket:
    def test_the_way_from_a_draft_to_residents(self, session: Session, clerk: Client, client: Client) -> None:
        answer = clerk.send("/en/staff/new-docket", **NEW)
        before = client.get("/en/dockets/cameras").status_code
        clerk.send(answer.headers["Location"], form=".//main//form")

        assert before == 404
        assert page(client.get("/es/dockets/cameras")).text(".//h1") == "Cámaras corporales"
        assert page(clerk.get(f"{LIST}/cameras")).links()["See it as residents do"] == "/en/dockets/cameras"

    def test_a_draft_may_lack_a_language_and_then_cannot_be_published(
        self, session: Session, clerk: Client
    ) -> None:
        clerk.send("/en/staff/new-docket", **NEW | {"summary_es": ""})

        answer = page(clerk.get(f"{LIST}/cameras"))
        assert "It can be published once" in answer.text()
        token = page(clerk.get("/en/staff/new-docket")).fields()["csrf_token"]
        assert clerk.post(f"{LIST}/cameras/publish", data={"csrf_token": token}).status_code == 409
        assert fresh(session).published_at is None

    def test_what_is_missing_in_a_published_docket_is_told_at_its_field(
        self, session: Session, clerk: Client
    ) -> None:
        makers.docket(session, slug="cameras")
        session.commit()

        answer = clerk.send(f"{LIST}/cameras/edit", title_es="", summary_en="")

        assert answer.status_code == 422
        for name in ("title_es", "summary_en"):
            assert page(answer).field(name).get("aria-invalid") == "true"
        assert page(answer).field("title_en").get("aria-invalid") is None
        sentence = "residents can see this docket, so this is needed in both languages."
        assert set(page(answer).links(".//*[@class='errors']//a")) == {
            f"Title in Spanish: {sentence}",
            f"What is proposed, in English: {sentence}",
        }
        assert fresh(session).title.is_complete

    @pytest.mark.parametrize("slug", ["", "Two Words", "ñandú", "a--b", "x" * 81, "<script>"])
    def test_an_address_that_cannot_be_one_is_told_at_its_field(
        self, session: Session, clerk: Client, slug: str
    ) -> None:
        answer = clerk.send("/en/staff/new-docket", **NEW | {"slug": slug})

        assert answer.status_code == 422
        assert page(answer).field("slug").get("aria-invalid") == "true"
        assert page(answer).field("title_en").get("value") == "Body cameras"

    def test_an_address_that_is_taken_is_told_at_its_field(
        self, session: Session, clerk: Client, draft: Docket
    ) -> None:
        answer = clerk.send("/en/staff/new-docket", **NEW)

        assert answer.status_code == 422
        assert "already has the address" in page(answer).text(".//p[@id='slug-error']")

    def test_the_address_of_a_published_docket_stays(self, session: Session, clerk: Client) -> None:
        makers.docket(session, slug="cameras")
        session.commit()

        answer = clerk.send(f"{LIST}/cameras/edit", slug="other")

        assert answer.status_code == 422
        assert fresh(session).slug == "cameras"

    def test_fields_that_the_form_does_not_have_are_not_taken(self, session: Session, clerk: Client) -> None:
        clerk.send("/en/staff/new-docket", **NEW, published_at="2020-01-01", id="7", taxonomy_toml="x")

        docket = fresh(session)
        assert (docket.published_at, docket.taxonomy_toml) == (None, None)

    def test_markup_in_a_title_is_only_text(self, session: Session, clerk: Client) -> None:
        evil = '"><script>alert(1)</script>'
        clerk.send("/en/staff/new-docket", **NEW | {"title_en": evil})

        for url in (LIST, f"{LIST}/cameras", f"{LIST}/cameras/edit", f"{LIST}/cameras/phases"):
            assert len(page(clerk.get(url)).all(".//script")) == 1


class TestPhases:
    def test_one_click_gives_the_five_and_their_days_are_written_then(
        self, session: Session, clerk: Client, draft: Docket
    ) -> None:
        token = page(clerk.get("/en/staff/new-docket")).fields()["csrf_token"]
        clerk.post(f"{LIST}/cameras/phases/standard", data={"csrf_token": token})

        clerk.send(
            f"{LIST}/cameras/phases", **{"phase-1-starts_on": "2026-10-01", "phase-1-ends_on": "2026-10-31"}
        )

        # To apply for an agreement is another word in Spanish than to apply a filter.
        spanish = page(clerk.get(f"/es{LIST[3:]}/cameras/phases")).text()
        assert "Decidir y solicitar" in spanish
        assert "Aplicar" not in spanish
        phases = fresh(session).phases
        assert [phase.kind for phase in phases] == list(PhaseKind)
        assert str(phases[1].starts_on) == "2026-10-01"

    def test_an_emptied_phase_goes_and_the_last_form_adds_one(
        self, session: Session, clerk: Client, draft: Docket
    ) -> None:
        service.add_standard_phases(session, draft)
        session.commit()
        emptied = {f"phase-0-{name}": "" for name in ("title_en", "title_es", "summary_en", "summary_es")}

        clerk.send(
            f"{LIST}/cameras/phases",
            **emptied,
            **{
                "phase-5-title_en": "Renew",
                "phase-5-title_es": "Renovar",
                "phase-5-kind": "monitor_and_evaluate",
            },
        )

        assert [phase.title.en for phase in fresh(session).phases] == [
            "Engage stakeholders", "Decide and apply", "Train and implement", "Monitor and evaluate", "Renew"
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"title_en": "Renew"}, "title_es"),
            ({"title_en": "a", "title_es": "b", "summary_en": "c"}, "summary_es"),
            ({"title_en": "a", "title_es": "b", "ends_on": "2026-10-01"}, "ends_on"),
            (
                {"title_en": "a", "title_es": "b", "starts_on": "2026-10-02", "ends_on": "2026-10-01"},
                "ends_on",
            ),
            ({"title_en": "a", "title_es": "b", "starts_on": "tomorrow"}, "starts_on"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(
        self, session: Session, clerk: Client, draft: Docket, typed: dict[str, str], field: str
    ) -> None:
        answer = clerk.send(
            f"{LIST}/cameras/phases", **{f"phase-0-{name}": value for name, value in typed.items()}
        )

        assert answer.status_code == 422
        assert page(answer).field(f"phase-0-{field}").get("aria-invalid") == "true"
        assert fresh(session).phases == []


class TestDocuments:
    DOCUMENT: ClassVar = {
        "title_en": "Agreement",
        "title_es": "Acuerdo",
        "body_en": "# Text",
        "body_es": "# Texto",
        "slug": "agreement",
    }

    def test_a_new_version_leaves_the_old_one_to_be_read(
        self, session: Session, clerk: Client, client: Client
    ) -> None:
        makers.docket(session, slug="cameras")
        session.commit()
        clerk.send(f"{LIST}/cameras/new-document", **self.DOCUMENT)

        clerk.send(
            f"{LIST}/cameras/documents/agreement/new-version",
            body_en="# Newer",
            change_note_en="All of it.",
            change_note_es="Todo.",
        )

        url = "/en/dockets/cameras/documents/agreement"
        assert page(client.get(url)).all(".//main//h2")[0].text == "Newer"
        assert page(client.get(f"{url}?version=1")).all(".//main//h2")[0].text == "Text"

    @pytest.mark.parametrize("missing", ["title_en", "title_es", "body_en", "body_es", "slug"])
    def test_every_text_is_needed(self, session: Session, clerk: Client, draft: Docket, missing: str) -> None:
        answer = clerk.send(f"{LIST}/cameras/new-document", **self.DOCUMENT | {missing: ""})

        assert answer.status_code == 422
        assert page(answer).field(missing).get("aria-invalid") == "true"

    def test_what_is_missing_is_told_with_the_name_of_its_field(self, clerk: Client, draft: Docket) -> None:
        answer = clerk.send(f"{LIST}/cameras/new-document", **self.DOCUMENT | {"title_es": "", "body_es": ""})

        sentence = "residents read both languages, so write this in Spanish too."
        assert set(page(answer).links(".//*[@class='errors']//a")) == {
            f"Title in Spanish: {sentence}",
            f"Text in Spanish: {sentence}",
        }

    def test_an_address_that_is_taken_is_told_at_its_field(
        self, session: Session, clerk: Client, draft: Docket
    ) -> None:
        clerk.send(f"{LIST}/cameras/new-document", **self.DOCUMENT)
        answer = clerk.send(f"{LIST}/cameras/new-document", **self.DOCUMENT)

        assert answer.status_code == 422
        assert "already has the address" in page(answer).text(".//p[@id='slug-error']")

    def test_the_same_text_is_no_new_version(self, session: Session, clerk: Client, draft: Docket) -> None:
        clerk.send(f"{LIST}/cameras/new-document", **self.DOCUMENT)
        answer = clerk.send(
            f"{LIST}/cameras/documents/agreement/new-version", change_note_en="x", change_note_es="x"
        )

        assert answer.status_code == 422
        assert len(session.scalars(sa.select(DocumentVersion)).all()) == 1

    def test_a_version_can_wait_for_its_day(self, session: Session, clerk: Client, client: Client) -> None:
        makers.docket(session, slug="cameras")
        session.commit()
        day = utcnow() + timedelta(days=3)

        clerk.send(f"{LIST}/cameras/new-document", **self.DOCUMENT, shown_from=day.date().isoformat())

        assert client.get("/en/dockets/cameras/documents/agreement").status_code == 404
        assert "Not shown yet" in page(clerk.get(f"{LIST}/cameras")).text()
        version = session.scalars(sa.select(DocumentVersion)).one()
        assert (version.published_at.hour, version.published_at.minute) in ((4, 0), (5, 0))

    def test_no_day_that_is_over(self, session: Session, clerk: Client, draft: Docket) -> None:
        answer = clerk.send(f"{LIST}/cameras/new-document", **self.DOCUMENT, shown_from="2020-01-01")

        assert answer.status_code == 422
        assert page(answer).field("shown_from").get("aria-invalid") == "true"

    def test_a_version_does_not_come_before_the_one_that_it_follows(
        self, session: Session, clerk: Client, draft: Docket
    ) -> None:
        day = (utcnow() + timedelta(days=3)).date().isoformat()
        clerk.send(f"{LIST}/cameras/new-document", **self.DOCUMENT, shown_from=day)

        answer = clerk.send(
            f"{LIST}/cameras/documents/agreement/new-version",
            body_en="New.",
            change_note_en="x",
            change_note_es="x",
        )

        assert answer.status_code == 422
        assert page(answer).field("shown_from").get("aria-invalid") == "true"


class TestNews:
    UPDATE: ClassVar = {"title_en": "News", "title_es": "Noticia", "body_en": "Text.", "body_es": "Texto."}
    DECISION: ClassVar = {
        "decided_on": "2026-01-05",
        "decided_by_en": "The Sheriff",
        "decided_by_es": "El alguacil",
        "outcome_en": "Adopted",
        "outcome_es": "Adoptado",
        "reasons_en": "Because.",
        "reasons_es": "Porque.",
        "is_read": "y",
    }

    def test_an_update_that_is_sent_twice_is_there_once(
        self, session: Session, clerk: Client, draft: Docket
    ) -> None:
        for _ in range(2):
            assert clerk.send(f"{LIST}/cameras/new-update", **self.UPDATE).status_code == 303

        assert len(session.scalars(sa.select(DocketUpdate)).all()) == 1

    @pytest.mark.parametrize("missing", ["title_es", "body_en"])
    def test_an_update_is_written_in_both_languages(
        self, session: Session, clerk: Client, draft: Docket, missing: str
    ) -> None:
        answer = clerk.send(f"{LIST}/cameras/new-update", **self.UPDATE | {missing: ""})

        assert answer.status_code == 422
        assert page(answer).field(missing).get("aria-invalid") == "true"

    def test_a_decision_is_recorded_and_can_be_corrected(
        self, session: Session, clerk: Client, draft: Docket
    ) -> None:
        clerk.send(f"{LIST}/cameras/decision", **self.DECISION)
        clerk.send(f"{LIST}/cameras/decision", outcome_en="Adopted with changes", is_read="y")

        decision = fresh(session).decision
        assert decision is not None
        assert decision.outcome == Localised("Adopted with changes", "Adoptado")

    def test_a_decision_while_a_period_is_open_names_it_and_is_confirmed(
        self, session: Session, client: Client, clerk: Client
    ) -> None:
        docket = makers.docket(session, slug="open-docket")
        period = makers.comment_period(session, docket=docket, slug="open-period", title=both("Ask all"))
        session.commit()
        url = f"{LIST}/open-docket/decision"

        assert "Ask all" in page(clerk.get(url)).text(".//main")
        first = clerk.send(url, **self.DECISION)
        assert first.status_code == 422
        assert "Confirm that it is decided while a comment period is open." in page(first).text()
        assert clerk.send(url, **self.DECISION, knows_open="y").status_code == 303

        shown = page(client.get(f"/en/periods/{period.slug}"))
        assert "It was decided on" in shown.text()
        assert "/en/dockets/open-docket#decision" in [link.get("href") for link in shown.all(".//a")]

    def test_a_decision_is_saved_only_by_who_has_read_it(
        self, session: Session, clerk: Client, draft: Docket
    ) -> None:
        unread = {name: value for name, value in self.DECISION.items() if name != "is_read"}

        assert clerk.send(f"{LIST}/cameras/decision", **unread).status_code == 422

    def test_a_decision_is_not_recorded_before_its_day(
        self, session: Session, clerk: Client, draft: Docket
    ) -> None:
        tomorrow = (utcnow() + timedelta(days=2)).date().isoformat()

        answer = clerk.send(f"{LIST}/cameras/decision", **self.DECISION | {"decided_on": tomorrow})

        assert answer.status_code == 422
        assert fresh(session).decision is None
