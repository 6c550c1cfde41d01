"""The register: who was asked, who was not, and that no person is in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import District
from engage.dockets.service.docket import Incomplete
from engage.errors import NotFound, RuleBroken
from engage.lifecycle import queries, service
from engage.lifecycle.models import OutreachOutcome, RegisterStep, Stakeholder, StakeholderKind
from engage.lifecycle.outreach import Standing, standing_of
from engage.lifecycle.service import BodyDraft
from tests.lifecycle import rows
from tests.support.makers import NOON, both

ANSWERED, DECLINED = OutreachOutcome.ANSWERED, OutreachOutcome.DECLINED
NO_ANSWER, NOT_REACHED, PLANNED = (
    OutreachOutcome.NO_ANSWER,
    OutreachOutcome.NOT_REACHED,
    OutreachOutcome.PLANNED,
)
PERSONAL = ["ana@example.org", "(505) 555-0142", "SSN 123-45-6789", "A-number A123 456 789"]


class TestStanding:
    @pytest.mark.parametrize(
        ("outcomes", "standing"),
        [
            ([], Standing.NOT_ASKED),
            ([PLANNED], Standing.NOT_ASKED),
            ([NOT_REACHED], Standing.NOT_REACHED),
            ([NOT_REACHED, NO_ANSWER], Standing.NO_ANSWER),
            ([DECLINED, NO_ANSWER], Standing.DECLINED),
            ([NO_ANSWER, ANSWERED, DECLINED], Standing.ANSWERED),
        ],
    )
    def test_the_best_outcome_counts(self, outcomes: list[OutreachOutcome], standing: Standing) -> None:
        assert standing_of([rows.outreach(outcome) for outcome in outcomes], rows.TODAY) is standing

    def test_what_is_still_to_come_has_not_happened(self) -> None:
        tomorrow = rows.outreach(ANSWERED, rows.TODAY + timedelta(days=1))

        assert standing_of([tomorrow], rows.TODAY) is Standing.NOT_ASKED


class TestTold:
    def test_it_names_who_has_not_answered_and_which_languages_and_districts_have_nobody(
        self, session: Session
    ) -> None:
        docket = rows.docket(session)
        session.add_all(
            District(code=code, name=both(code), position=place) for place, code in enumerate("NS")
        )
        rows.body(session, docket, "Growers", rows.attempt(), districts=("N",))
        rows.body(
            session, docket, "Parish", rows.attempt(NO_ANSWER, "es"),
            kind=StakeholderKind.FAITH, languages=("es", "en"), districts=("S",),
        )  # fmt: skip
        rows.body(session, docket, "Farm workers", languages=("mix",), kind=StakeholderKind.RESIDENTS)

        told = queries.outreach_told(session, docket, NOON)

        assert (told.bodies, told.asked, told.answered) == (3, 2, 1)
        assert [(body.name.en, body.standing) for body in told.not_reached] == [
            ("Parish", Standing.NO_ANSWER),
            ("Farm workers", Standing.NOT_ASKED),
        ]
        assert told.languages_without == ("es", "mix")
        assert told.districts_without == ("S",)
        assert told.countywide == 1
        assert [(line.key, line.bodies, line.answered) for line in told.by_kind] == [
            ("faith", 1, 0),
            ("business", 1, 1),
            ("residents", 1, 0),
        ]

    def test_an_answer_in_one_language_is_none_in_another(self, session: Session) -> None:
        docket = rows.docket(session)
        rows.body(session, docket, "Parish", rows.attempt(ANSWERED, "en"), languages=("es",))

        told = queries.outreach_told(session, docket, NOON)

        lines = {line.key: (line.bodies, line.asked, line.answered) for line in told.by_language}
        assert lines == {"es": (1, 0, 0), "en": (0, 1, 1)}

    @pytest.mark.parametrize(("hidden", "told_of"), [(0, 0), (1, 0), (2, 2), (3, 3)])
    def test_hidden_bodies_are_told_by_number_and_never_one_alone(
        self, session: Session, hidden: int, told_of: int
    ) -> None:
        docket = rows.docket(session)
        for number in range(hidden):
            rows.body(
                session, docket, f"Shelter {number}", rows.attempt(), is_shown=False, stays_unnamed=True
            )

        told = queries.outreach_told(session, docket, NOON)

        assert told.unnamed == told_of
        assert (told.bodies, told.by_kind, told.not_reached) == (0, (), ())

    def test_drafts_and_hidden_bodies_that_nobody_asked_are_not_counted(self, session: Session) -> None:
        docket = rows.docket(session)
        for number in range(3):
            rows.body(session, docket, f"Draft {number}", rows.attempt(), is_shown=False)
            rows.body(session, docket, f"Unasked {number}", is_shown=False, stays_unnamed=True)

        assert queries.outreach_told(session, docket, NOON).unnamed == 0


class TestNoPersons:
    @pytest.mark.parametrize("found", PERSONAL)
    @pytest.mark.parametrize("where", ["name", "why"])
    def test_a_body_with_something_of_one_person_is_refused(
        self, session: Session, found: str, where: str
    ) -> None:
        docket = rows.docket(session)
        texts: dict[str, Any] = {"name": both("Clinic")} | {where: Localised("Clinic", f"Clínica {found}")}

        with pytest.raises(service.Impersonal):
            service.add_body(session, docket, BodyDraft(StakeholderKind.HEALTH, **texts))

    @pytest.mark.parametrize("found", PERSONAL)
    def test_so_is_a_note_of_an_attempt(self, session: Session, found: str) -> None:
        row = rows.body(session, rows.docket(session))

        with pytest.raises(service.Impersonal):
            service.add_contact(session, row, rows.attempt(note=both(f"Call {found}")), rows.TODAY)

        assert row.contacts == []

    def test_one_bad_line_of_many_adds_none(self, session: Session) -> None:
        docket = rows.docket(session)
        drafts = [BodyDraft(StakeholderKind.FAITH, both(name)) for name in ("Parish", "ana@example.org")]

        with pytest.raises(service.Impersonal):
            service.add_bodies(session, docket, drafts)

        assert queries.bodies(session, docket) == []

    @pytest.mark.parametrize("name", ["St. Mary’s Church", "Clinic, 12 Main Street", "César Chávez School"])
    def test_names_of_bodies_that_sound_like_a_person_or_place_are_taken(
        self, session: Session, name: str
    ) -> None:
        assert rows.body(session, rows.docket(session), name).name.en == name


class TestRules:
    def test_a_body_that_does_not_want_to_be_named_never_is(self, session: Session) -> None:
        docket = rows.docket(session)
        row = rows.body(session, docket, "Shelter", rows.attempt(), is_shown=False, stays_unnamed=True)

        with pytest.raises(RuleBroken):
            service.show_body(session, row, NOON)

        assert service.show_all_bodies(session, docket, NOON) == (0, [])

    def test_one_that_changes_its_mind_is_hidden_at_once(self, session: Session) -> None:
        docket = rows.docket(session)
        row = rows.body(session, docket, "Shelter", rows.attempt())

        service.change_body(
            session, row, BodyDraft(StakeholderKind.SERVICE, both("Shelter"), stays_unnamed=True), rows.TODAY
        )

        assert queries.public_bodies(session, docket, NOON) == []

    def test_a_body_is_named_in_both_languages_or_not_at_all(self, session: Session) -> None:
        docket = rows.docket(session)
        row = rows.body(session, docket, is_shown=False)
        row.name = Localised("Growers", "")

        with pytest.raises(Incomplete):
            service.show_body(session, row, NOON)

        shown, left = service.show_all_bodies(session, docket, NOON)
        assert (shown, len(left)) == (0, 1)

    def test_the_same_names_and_attempts_are_not_added_twice(self, session: Session) -> None:
        docket = rows.docket(session)
        drafts = [BodyDraft(StakeholderKind.FAITH, both(name)) for name in ("Parish", "Parish", "Fellowship")]

        assert service.add_bodies(session, docket, drafts) == 2
        assert service.add_bodies(session, docket, drafts) == 0
        row = queries.bodies(session, docket)[0]
        for _ in range(2):
            service.add_contact(session, row, rows.attempt(), rows.TODAY)
        assert len(row.contacts) == 1

    def test_a_day_to_come_can_only_be_planned(self, session: Session) -> None:
        row, tomorrow = rows.body(session, rows.docket(session)), rows.TODAY + timedelta(days=1)

        with pytest.raises(RuleBroken):
            service.add_contact(session, row, rows.attempt(happened_on=tomorrow), rows.TODAY)
        service.add_contact(session, row, rows.attempt(PLANNED, happened_on=tomorrow), rows.TODAY)

        assert [contact.outcome for contact in row.contacts] == [PLANNED]

    def test_a_body_that_was_asked_or_is_shown_stays(self, session: Session) -> None:
        docket = rows.docket(session)
        shown = rows.body(session, docket, "Shown")
        asked = rows.body(session, docket, "Asked", rows.attempt(), is_shown=False)
        unasked = rows.body(session, docket, "Unasked", is_shown=False)

        for row in (shown, asked):
            with pytest.raises(RuleBroken):
                service.delete_body(session, row)
        service.delete_body(session, unasked)

        assert queries.bodies(session, docket) == [shown, asked]

    def test_rows_of_others_are_not_found(self, session: Session) -> None:
        docket = rows.docket(session)
        row = rows.body(session, docket, "Growers", rows.attempt())
        other = rows.body(session, docket, "Parish")

        with pytest.raises(NotFound):
            queries.get_body(session, rows.docket(session, slug="other"), row.id)
        with pytest.raises(NotFound):
            queries.get_contact(other, row.contacts[0].id)

    def test_attempts_are_corrected_and_taken_away(self, session: Session) -> None:
        row = rows.body(session, rows.docket(session), "Growers", rows.attempt(PLANNED))

        service.change_contact(session, row.contacts[0], rows.attempt(), rows.TODAY)
        assert standing_of(row.contacts, rows.TODAY) is Standing.ANSWERED
        service.delete_contact(session, row.contacts[0], rows.TODAY)

        assert row.contacts == []


def test_a_body_that_has_just_said_that_it_stays_unnamed_is_not_named_by_whoever_read_it_before(
    session: Session,
) -> None:
    docket = rows.docket(session)
    body = rows.body(session, docket, is_shown=False)
    unnamed = sa.update(Stakeholder).where(Stakeholder.id == body.id).values(stays_unnamed=True)
    session.execute(unnamed, execution_options={"synchronize_session": False})

    with pytest.raises(RuleBroken):
        service.show_body(session, body, NOON)

    body.published_at = NOON
    session.flush()
    assert list(queries.public_bodies(session, docket, NOON)) == []
    assert queries.outreach_told(session, docket, NOON).bodies == 0


class TestWhatWasShown:
    """What residents read of the register is not changed without a word."""

    def test_a_corrected_or_removed_attempt_is_told_of_with_what_it_said(self, session: Session) -> None:
        body = rows.body(session, rows.docket(session), "Growers", rows.attempt(NO_ANSWER))
        first = body.contacts[0]

        service.change_contact(session, first, rows.attempt(NO_ANSWER), rows.TODAY)
        service.change_contact(session, first, rows.attempt(ANSWERED), rows.TODAY)
        service.delete_contact(session, first, rows.TODAY)

        assert [(one.what, one.outcome) for one in body.changes] == [
            (RegisterStep.ATTEMPT_REMOVED, ANSWERED),
            (RegisterStep.ATTEMPT_CHANGED, NO_ANSWER),
        ]

    def test_so_is_a_body_that_was_changed_or_hidden_and_it_stays(self, session: Session) -> None:
        docket = rows.docket(session)
        body = rows.body(session, docket, "Growers")

        service.change_body(
            session, body, BodyDraft(StakeholderKind.LABOR, both("Growers"), languages=("en",)), rows.TODAY
        )
        service.hide_body(session, body, rows.TODAY)
        service.hide_body(session, body, rows.TODAY)

        assert [one.what for one in body.changes] == [RegisterStep.BODY_HIDDEN, RegisterStep.BODY_CHANGED]
        assert queries.count_bodies_taken_back(session, docket) == 1
        with pytest.raises(RuleBroken):
            service.delete_body(session, body)
        service.show_body(session, body, NOON)
        assert queries.count_bodies_taken_back(session, docket) == 0

    def test_of_a_draft_nothing_is_kept(self, session: Session) -> None:
        body = rows.body(session, rows.docket(session), "Growers", rows.attempt(), is_shown=False)

        service.change_contact(session, body.contacts[0], rows.attempt(DECLINED), rows.TODAY)
        service.delete_contact(session, body.contacts[0], rows.TODAY)
        service.hide_body(session, body, rows.TODAY)

        assert body.changes == []

    @pytest.mark.parametrize(
        "step", ["UPDATE register_change SET changed_on = '2020-01-01'", "DELETE FROM register_change"]
    )
    def test_the_database_itself_refuses_to_lose_it(self, session: Session, step: str) -> None:
        body = rows.body(session, rows.docket(session), "Growers", rows.attempt())
        service.delete_contact(session, body.contacts[0], rows.TODAY)

        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(sa.text(step))
