"""What residents read of each phase, and what they do not."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from engage.comments.models import CommentClause, Disposition, Stance
from engage.db.types import Localised
from engage.dockets import service as dockets
from engage.dockets.clauses import clauses
from engage.dockets.models import Docket, PhaseKind
from engage.lifecycle import service
from engage.lifecycle.happenings import readiness_happenings
from engage.lifecycle.models import OutreachOutcome, ReadinessArea
from tests.lifecycle import rows
from tests.support import makers
from tests.support.makers import NOON, both
from tests.support.pages import Client, page

PHASES = "/en/dockets/agreement/phases"
FILES = [
    "/en/dockets/agreement/readiness.csv",
    "/en/dockets/agreement/readiness.json",
    "/en/dockets/agreement/stakeholders.csv",
    "/en/dockets/agreement/stakeholders.json",
]
SECRET = "Nobody may read this yet"
EVIL = "<script>alert(1)</script> [x](javascript:alert(2)) ![y](https://evil.example/pixel.png)"


@pytest.fixture
def docket(session: Session) -> Docket:
    row = rows.docket(session)
    session.commit()
    return row


def read(client: Client, kind: str, language: str = "en") -> str:
    return page(client.get(f"/{language}/dockets/agreement/phases/{kind}")).text()


class TestEveryPhase:
    @pytest.mark.parametrize("language", ["en", "es"])
    @pytest.mark.parametrize("kind", list(PhaseKind))
    def test_it_has_a_page_with_its_neighbours_and_says_what_will_stand_there(
        self, client: Client, docket: Docket, kind: PhaseKind, language: str
    ) -> None:
        answer = client.get(f"/{language}/dockets/agreement/phases/{kind}")

        found = page(answer)
        assert answer.status_code == 200
        assert len(found.all(".//main//ol[@class='phases']//a")) == 5
        at = list(PhaseKind).index(kind)
        steps = [link.get("rel") for link in found.all(".//nav[@class='pages']/a")]
        assert steps == (["prev"] if at else []) + (["next"] if at < 4 else [])

    def test_the_docket_and_the_front_page_lead_to_them(self, session: Session, client: Client) -> None:
        row = rows.docket(session)
        row.phases[1].starts_on = NOON.date()
        session.commit()

        found = page(client.get("/en/dockets/agreement")).links(".//main//a")

        assert found["Assess readiness"] == f"{PHASES}/assess_readiness"
        assert (
            page(client.get("/en")).links(".//main//a")["Engage stakeholders"]
            == f"{PHASES}/engage_stakeholders"
        )

    @pytest.mark.parametrize(
        "path", ["nothing", "assess_readiness%00", "APPLY", "apply/", "<script>", "..%2Fapply"]
    )
    def test_what_is_no_phase_is_not_found(self, client: Client, docket: Docket, path: str) -> None:
        wanted = 200 if path == "apply/" else 404

        assert client.get(f"{PHASES}/{path}").status_code == wanted

    @pytest.mark.parametrize("path", [*(f"{PHASES}/{kind}" for kind in PhaseKind), *FILES])
    def test_nothing_of_a_docket_that_is_a_draft_is_there(
        self, session: Session, client: Client, path: str
    ) -> None:
        row = rows.docket(session, published_at=None)
        rows.point(session, row, rows.draft(SECRET))
        rows.body(session, row, SECRET, rows.attempt())
        session.commit()

        assert client.get(path).status_code == 404

    @pytest.mark.parametrize("path", [f"{PHASES}/assess_readiness", *FILES])
    def test_a_docket_without_the_phase_has_no_page_and_no_file_of_it(
        self, session: Session, client: Client, path: str
    ) -> None:
        row = makers.docket(session, slug="agreement")
        rows.point(session, row)
        session.commit()

        assert client.get(path).status_code == 404


class TestReadiness:
    def test_it_says_how_much_is_known_and_what_is_not_first(self, session: Session, client: Client) -> None:
        row = rows.docket(session)
        rows.point(session, row, rows.known("What does it cost?", amount=119_000))
        rows.point(session, row, rows.draft("Does it work?", area=ReadinessArea.OPEN_QUESTION))
        rows.point(session, row, rows.draft("Insurance?", area=ReadinessArea.COST))
        session.commit()

        text = read(client, "assess_readiness")

        assert "Points to find out 3 Known 1 Not known 2" in text
        assert text.index("Does it work?") < text.index("What does it cost?")
        assert "What is known, added up $119,000" in text
        assert "1 point about cost has no amount yet" in text

    def test_a_changed_point_shows_its_day_and_what_it_said(self, session: Session, client: Client) -> None:
        item = rows.point(session, rows.docket(session), rows.known(finding=both("Ninety thousand.")))
        service.change_point(
            session, item, rows.known(finding=both("Twice as much.")), NOON + timedelta(days=3)
        )
        session.commit()

        text = read(client, "assess_readiness")

        assert "Changed on October 18, 2026" in text
        assert text.index("Twice as much.") < text.index("Ninety thousand.")

    def test_drafts_and_points_taken_back_are_in_no_page_and_no_file(
        self, session: Session, client: Client
    ) -> None:
        row = rows.docket(session)
        rows.point(session, row, rows.known(SECRET), is_shown=False)
        service.take_back_point(session, rows.point(session, row, rows.known(f"{SECRET}: taken back")))
        rows.point(session, row, rows.draft("Shown"))
        session.commit()

        for path in (
            f"{PHASES}/assess_readiness",
            "/en/dockets/agreement",
            *FILES[:2],
            "/en/feeds/dockets/agreement.atom",
        ):
            assert SECRET not in client.get(path).get_data(as_text=True)
        assert "1 point stood here earlier and was taken back" in read(client, "assess_readiness")

    def test_what_staff_write_runs_nothing_and_calls_nobody(self, session: Session, client: Client) -> None:
        row = rows.docket(session)
        rows.point(session, row, rows.known(EVIL.replace("\n", " "), finding=both(EVIL), source=both(EVIL)))
        session.commit()

        html = client.get(f"{PHASES}/assess_readiness").get_data(as_text=True)

        assert "<script>alert" not in html
        assert 'href="javascript' not in html
        assert "<img" not in html

    def test_the_table_has_every_point_and_runs_no_formula(self, session: Session, client: Client) -> None:
        row = rows.docket(session)
        rows.point(session, row, rows.known("=1+1", amount=-5, source=both("@SUM(A1)")))
        session.commit()

        lines = list(csv.DictReader(io.StringIO(client.get(FILES[0]).get_data(as_text=True))))

        assert [(one["title_en"], one["source_en"], one["dollars_a_year"]) for one in lines] == [
            ("'=1+1", "'@SUM(A1)", "-5")
        ]
        columns = csv.DictReader(io.StringIO(client.get("/en/dockets/columns.csv").get_data(as_text=True)))
        assert [one["column"] for one in columns if one["file"] == "readiness.csv"] == list(lines[0])

    def test_the_file_for_programs_has_all_that_was_said(self, session: Session, client: Client) -> None:
        item = rows.point(session, rows.docket(session), rows.known(amount=1))
        service.change_point(session, item, rows.known(amount=2), NOON + timedelta(days=3))
        session.commit()

        told = json.loads(client.get(FILES[1]).get_data(as_text=True))

        assert (told["points"], told["known"], told["costs"]["known_dollars_a_year"]) == (1, 1, 2)
        assert [said["dollars_a_year"] for said in told["checklist"][0]["said"]] == [2, 1]


class TestStakeholders:
    def test_it_says_who_has_not_been_reached(self, session: Session, client: Client) -> None:
        row = rows.docket(session)
        rows.body(session, row, "Growers", rows.attempt())
        rows.body(session, row, "Parish", rows.attempt(OutreachOutcome.NO_ANSWER, "es"), languages=("es",))
        session.commit()

        text = read(client, "engage_stakeholders")

        assert "Bodies that it concerns 2 Asked 2 Answered 1 Have not answered 1" in text
        assert "Languages in which nobody has answered: Spanish" in text
        assert text.index("Parish") < text.index("Growers")

    def test_hidden_bodies_are_in_no_page_and_no_file_by_name(self, session: Session, client: Client) -> None:
        row = rows.docket(session)
        for number in range(2):
            rows.body(
                session,
                row,
                f"{SECRET} {number}",
                rows.attempt(note=both(SECRET)),
                is_shown=False,
                stays_unnamed=True,
                languages=("ko",),
            )
        session.commit()

        for path in (f"{PHASES}/engage_stakeholders", *FILES[2:]):
            text = client.get(path).get_data(as_text=True)
            assert SECRET not in text
            assert "Korean" not in text
        assert "2 more bodies were asked and are not named" in read(client, "engage_stakeholders")
        assert json.loads(client.get(FILES[3]).get_data())["asked_and_not_named"] == 2

    def test_what_was_changed_or_taken_back_is_said_without_a_name_or_a_note(
        self, session: Session, client: Client
    ) -> None:
        docket = rows.docket(session)
        growers = rows.body(session, docket, "Growers", rows.attempt(note=both("About somebody")))
        service.change_contact(
            session, growers.contacts[0], rows.attempt(OutreachOutcome.NO_ANSWER), rows.TODAY
        )
        service.hide_body(session, rows.body(session, docket, "Shelter"), rows.TODAY)
        session.commit()

        text = read(client, "engage_stakeholders")
        told = json.loads(client.get("/en/dockets/agreement/stakeholders.json").text)

        assert "An attempt was corrected" in text
        assert "Before, it said:" in text
        assert "1 body stood here earlier and was taken back by the county." in text
        assert "Se corrigió un intento" in read(client, "engage_stakeholders", "es")
        assert told["taken_back"] == 1
        assert [one["outcome"] for one in told["register"][0]["changed"]] == ["answered"]
        for form in (text, json.dumps(told)):
            assert "About somebody" not in form
            assert "Shelter" not in form

    def test_beside_it_stands_how_everybody_could_take_part(self, session: Session, client: Client) -> None:
        row = rows.docket(session)
        period = makers.comment_period(session, docket=row, title=both("First draft"))
        makers.comment(session, period)
        makers.comment(session, period, disposition=Disposition.RECEIVED)
        makers.comment_period(session, docket=row, title=both(SECRET), published_at=None)
        makers.meeting(session, docket=row, starts_at=datetime.now(UTC) - timedelta(days=4))
        session.commit()

        found = page(client.get(f"{PHASES}/engage_stakeholders"))
        text = found.text()

        assert "First draft" in text
        assert found.links()["1 posted comments: First draft"].endswith(f"/periods/{period.slug}/comments")
        assert "1 meeting has been held." in text
        assert SECRET not in text
        assert "/en/meetings/notices?docket=agreement" in found.links().values()

    def test_the_register_runs_no_formula(self, session: Session, client: Client) -> None:
        row = rows.docket(session)
        rows.body(session, row, "=HYPERLINK(1)", rows.attempt(note=both("-2")))
        session.commit()

        lines = list(csv.DictReader(io.StringIO(client.get(FILES[2]).get_data(as_text=True))))

        assert [(one["name_en"], one["note_en"]) for one in lines] == [("'=HYPERLINK(1)", "'-2")]


class TestApply:
    def decide(self, session: Session, docket: Docket, goes_ahead: bool | None) -> None:
        dockets.record_decision(
            session, docket, decided_on=NOON.date(), decided_by=both("The sheriff"),
            outcome=both("Decided"), reasons=both("Because of what was heard."), goes_ahead=goes_ahead,
        )  # fmt: skip
        session.commit()

    def test_before_the_decision_a_yes_and_a_no_are_told_alike(self, client: Client, docket: Docket) -> None:
        assert "Nothing has been decided. With a yes the later phases come; with a no" in read(
            client, "apply"
        )

    @pytest.mark.parametrize("goes_ahead", [True, False])
    def test_a_yes_and_a_no_have_the_same_page_with_their_reasons(
        self, session: Session, client: Client, docket: Docket, goes_ahead: bool
    ) -> None:
        self.decide(session, docket, goes_ahead)

        text = read(client, "apply")

        assert "Because of what was heard." in text
        assert ("It goes ahead: the later phases come." in text) is goes_ahead
        assert ("It does not go ahead: the later phases do not come." in text) is not goes_ahead

    def test_once_it_is_decided_the_phases_before_are_done(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        self.decide(session, docket, goes_ahead=True)

        phases = page(client.get("/en/dockets/agreement")).text(".//ol[@class='phases']")
        assert phases.count("Done:") == 3
        taking_part = read(client, "engage_stakeholders")
        assert "There was no comment period." in taking_part
        assert "is planned yet" not in taking_part
        assert "each of these meetings" not in taking_part

    @pytest.mark.parametrize("kind", ["train_and_implement", "monitor_and_evaluate"])
    def test_after_a_no_the_later_phases_say_that_they_do_not_come(
        self, session: Session, client: Client, docket: Docket, kind: str
    ) -> None:
        self.decide(session, docket, goes_ahead=False)

        assert "It was decided not to go ahead, so this phase does not come" in read(client, kind)
        assert (
            page(client.get("/en/dockets/agreement")).text(".//ol[@class='phases']").count("Does not come")
            == 2
        )

    @pytest.mark.parametrize("goes_ahead", [True, None])
    @pytest.mark.parametrize("kind", ["train_and_implement", "monitor_and_evaluate"])
    def test_otherwise_they_say_what_will_stand_there(
        self, session: Session, client: Client, docket: Docket, kind: str, goes_ahead: bool | None
    ) -> None:
        self.decide(session, docket, goes_ahead)

        text = read(client, kind)
        assert "does not come" not in text
        assert "will stand here" in text

    def test_versions_lead_to_their_texts_and_clauses_to_the_comments_on_them(
        self, session: Session, client: Client, docket: Docket
    ) -> None:
        body = Localised(
            "**1** Keep records.\n\n**2** Ask nobody.", "**1** Llevar registros.\n\n**2** No preguntar."
        )
        document = dockets.add_document(
            session, docket, slug="draft", title=both("Draft"), body=body, published_at=NOON
        )
        newer = Localised(body.en.replace("nobody", "all"), body.es.replace("No", "Sí"))
        dockets.add_document_version(
            session,
            document,
            body=newer,
            change_note=both("Ask all."),
            published_at=NOON + timedelta(hours=1),
        )
        period = makers.comment_period(session, docket=docket)
        new, old = document.versions
        for version, number, stance, disposition in (
            (new, 0, Stance.KEEP, Disposition.POSTED),
            (new, 0, Stance.STRIKE, Disposition.POSTED),
            (new, 0, None, Disposition.POSTED),
            (new, 0, Stance.KEEP, Disposition.RECEIVED),
            (old, 1, Stance.CHANGE, Disposition.POSTED),
        ):
            comment = makers.comment(session, period, disposition=disposition)
            session.add(
                CommentClause(
                    comment_id=comment.id,
                    clause=clauses(version)[number].key,
                    version_id=version.id,
                    stance=stance,
                )
            )
        session.commit()

        found = page(client.get(f"{PHASES}/apply"))

        cells = [
            " ".join("".join(cell.itertext()).split()) for cell in found.all(".//td[@class='table__number']")
        ]
        assert cells == ["1", "0", "1", "1", "0", "1", "0", "0"]
        assert found.links()["3 comments on clause 1"].startswith(
            f"/en/periods/{period.slug}/comments?clause=1-"
        )
        changed = found.links()["What has changed since version 1: Draft"]
        assert client.get(changed).status_code == 200


class TestNews:
    def test_a_day_on_which_points_changed_is_one_piece_of_news(
        self, session: Session, docket: Docket
    ) -> None:
        items = [rows.point(session, docket, rows.known(title)) for title in ("One?", "Two?")]
        later = NOON + timedelta(days=3)
        service.change_point(session, items[0], rows.known("One?", amount=5), later)
        service.change_point(session, items[0], rows.known("One?", amount=6), later + timedelta(minutes=5))

        found = list(readiness_happenings(session, NOON - timedelta(days=1), later + timedelta(days=1)))

        assert [(one.key, one.happened_at) for one in found] == [
            (f"docket:{docket.id}:readiness:2026-10-15", NOON),
            (f"docket:{docket.id}:readiness:2026-10-18", later),
        ]
        told = found[0].tell("es")
        assert told.path == "/es/dockets/agreement/phases/assess_readiness"
        assert "lista de preparación" in told.text

    def test_who_looks_later_on_that_day_is_told_the_same(self, session: Session, docket: Docket) -> None:
        rows.point(session, docket, rows.known("One?"))
        second = service.add_point(session, docket, rows.known("Two?"))
        service.publish_point(session, second, NOON + timedelta(hours=2))

        since_between = NOON + timedelta(hours=1)
        found = list(readiness_happenings(session, since_between, NOON + timedelta(hours=3)))

        assert {one.happened_at for one in found} == {NOON}

    def test_drafts_are_no_news(self, session: Session, docket: Docket) -> None:
        rows.point(session, docket, is_shown=False)
        service.take_back_point(session, rows.point(session, docket, rows.known("Taken back?")))

        assert list(readiness_happenings(session, NOON - timedelta(days=1), NOON + timedelta(days=1))) == []
