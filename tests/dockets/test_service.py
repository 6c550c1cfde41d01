"""What the staff can do with a docket, and what they are refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets import service
from engage.dockets.models import Docket, PhaseKind
from engage.errors import RuleBroken
from tests.support import makers
from tests.support.makers import NOON, both

ENGLISH_ONLY = Localised(en="Only in English")


def draft(session: Session, **fields: object) -> Docket:
    values = {
        "slug": "body-cameras",
        "title": both("Body cameras"),
        "summary": both("Should deputies wear them?"),
    }
    return service.create_docket(session, **values | fields)  # type: ignore[arg-type]


class TestDocket:
    def test_begins_as_a_draft_that_may_lack_a_language(self, session: Session) -> None:
        docket = draft(session, title=ENGLISH_ONLY)

        assert not docket.is_published(NOON)

    @pytest.mark.parametrize("missing", ["title", "summary"])
    def test_is_not_published_before_it_is_written_in_both_languages(
        self, session: Session, missing: str
    ) -> None:
        docket = draft(session, **{missing: ENGLISH_ONLY})

        with pytest.raises(service.Incomplete):
            service.publish_docket(session, docket, NOON)

        assert docket.published_at is None

    def test_keeps_the_day_on_which_it_was_first_published(self, session: Session) -> None:
        docket = draft(session)

        service.publish_docket(session, docket, NOON)
        service.publish_docket(session, docket, NOON + timedelta(days=1))

        assert docket.published_at == NOON

    def test_cannot_lose_a_language_once_it_is_published(self, session: Session) -> None:
        docket = makers.docket(session)

        with pytest.raises(service.Incomplete):
            service.change_docket(session, docket, title=docket.title, summary=ENGLISH_ONLY)

    def test_keeps_its_address_once_it_is_published(self, session: Session) -> None:
        docket = draft(session)
        service.change_docket(session, docket, title=both("A"), summary=both("B"), slug="cameras")
        service.publish_docket(session, docket, NOON)

        with pytest.raises(service.AddressFixed):
            service.change_docket(session, docket, title=both("A"), summary=both("B"), slug="body-cameras")

        assert docket.slug == "cameras"

    def test_does_not_take_the_address_of_another(self, session: Session) -> None:
        draft(session)
        other = draft(session, slug="other")

        with pytest.raises(service.SlugTaken):
            draft(session)
        with pytest.raises(service.SlugTaken):
            service.change_docket(session, other, title=both("A"), summary=both("B"), slug="body-cameras")

    @pytest.mark.parametrize(
        "slug", ["", "Cameras", "two words", "-a", "a--b", "a/b", "cámaras", "a\n", "a" * 81]
    )
    def test_refuses_an_address_that_cannot_be_one(self, session: Session, slug: str) -> None:
        with pytest.raises(RuleBroken):
            draft(session, slug=slug)


class TestPhases:
    def test_the_five_of_a_287g_agreement_come_in_order_and_in_both_languages(self, session: Session) -> None:
        docket = draft(session)

        service.add_standard_phases(session, docket)

        assert [phase.kind for phase in docket.phases] == list(PhaseKind)
        assert all(phase.title.is_complete and phase.summary.is_complete for phase in docket.phases)

    def test_are_not_given_a_second_time(self, session: Session) -> None:
        docket = draft(session)
        service.add_standard_phases(session, docket)

        with pytest.raises(RuleBroken):
            service.add_standard_phases(session, docket)

    def test_can_be_put_in_another_order_and_taken_away(self, session: Session) -> None:
        docket = draft(session)
        service.add_standard_phases(session, docket)

        service.set_phases(session, docket, (service.STANDARD_PHASES[2], service.STANDARD_PHASES[0]))
        session.expire_all()

        assert [phase.kind for phase in docket.phases] == [PhaseKind.APPLY, PhaseKind.ASSESS_READINESS]

    @pytest.mark.parametrize(
        ("starts_on", "ends_on"), [(None, date(2026, 1, 1)), (date(2026, 1, 2), date(2026, 1, 1))]
    )
    def test_may_not_end_before_they_start(
        self, session: Session, starts_on: date | None, ends_on: date
    ) -> None:
        phase = service.PhaseDraft(PhaseKind.APPLY, both("Apply"), starts_on=starts_on, ends_on=ends_on)

        with pytest.raises(RuleBroken):
            service.set_phases(session, draft(session), [phase])

    @pytest.mark.parametrize(("title", "summary"), [(ENGLISH_ONLY, both("b")), (both("a"), ENGLISH_ONLY)])
    def test_are_written_in_both_languages(
        self, session: Session, title: Localised, summary: Localised
    ) -> None:
        with pytest.raises(service.Incomplete):
            service.set_phases(session, draft(session), [service.PhaseDraft(PhaseKind.APPLY, title, summary)])


class TestDocuments:
    def test_a_new_version_follows_and_leaves_the_old_one_as_it_was(self, session: Session) -> None:
        docket = draft(session)
        document = service.add_document(
            session, docket, slug="draft", title=both("Draft"), body=both("One"), published_at=NOON
        )
        before = document.versions[0].digest

        service.add_document_version(
            session, document, body=both("Two"), change_note=both("More"), published_at=NOON
        )

        assert [(version.number, version.body.en) for version in document.versions] == [
            (2, "Two"),
            (1, "One"),
        ]
        assert document.versions[1].digest == before

    def test_a_version_is_not_shown_before_the_one_that_it_follows(self, session: Session) -> None:
        document = service.add_document(
            session, draft(session), slug="draft", title=both("Draft"), body=both("One"), published_at=NOON
        )

        with pytest.raises(service.OutOfOrder):
            service.add_document_version(
                session,
                document,
                body=both("Two"),
                change_note=both("More"),
                published_at=NOON - timedelta(seconds=1),
            )

    def test_documents_keep_the_order_in_which_they_were_added(self, session: Session) -> None:
        docket = draft(session)
        for slug in ("zeta", "alpha"):
            service.add_document(
                session, docket, slug=slug, title=both(slug), body=both("x"), published_at=NOON
            )
        session.expire_all()

        assert [document.slug for document in docket.documents] == ["zeta", "alpha"]

    def test_an_address_is_used_once_a_docket_and_may_be_used_again_on_another(
        self, session: Session
    ) -> None:
        docket, other = draft(session), draft(session, slug="other")
        for place in (docket, other):
            service.add_document(
                session, place, slug="draft", title=both("A"), body=both("x"), published_at=NOON
            )

        with pytest.raises(service.SlugTaken):
            service.add_document(
                session, docket, slug="draft", title=both("B"), body=both("x"), published_at=NOON
            )

    def test_texts_and_change_notes_are_needed_in_both_languages(self, session: Session) -> None:
        docket = draft(session)

        with pytest.raises(service.Incomplete):
            service.add_document(
                session, docket, slug="draft", title=both("A"), body=ENGLISH_ONLY, published_at=NOON
            )
        document = service.add_document(
            session, docket, slug="draft", title=both("A"), body=both("x"), published_at=NOON
        )
        with pytest.raises(service.Incomplete):
            service.add_document_version(
                session, document, body=both("y"), change_note=Localised(), published_at=NOON
            )


class TestNews:
    def test_updates_are_newest_first(self, session: Session) -> None:
        docket = draft(session)
        for days in (0, 2, 1):
            service.post_update(
                session,
                docket,
                title=both(str(days)),
                body=both("x"),
                published_at=NOON + timedelta(days=days),
            )

        assert [update.title.en for update in docket.updates] == ["2", "1", "0"]

    def test_an_update_is_written_in_both_languages(self, session: Session) -> None:
        with pytest.raises(service.Incomplete):
            service.post_update(
                session, draft(session), title=ENGLISH_ONLY, body=both("x"), published_at=NOON
            )

    def test_there_is_one_decision_and_it_can_be_corrected(self, session: Session) -> None:
        docket = draft(session)
        for outcome in ("Adoptd", "Adopted"):
            service.record_decision(
                session,
                docket,
                decided_on=NOON.date(),
                decided_by=both("The Sheriff"),
                outcome=both(outcome),
                reasons=both("Because."),
            )
        session.expire_all()

        assert docket.decision is not None
        assert docket.decision.outcome.en == "Adopted"

    def test_a_decision_is_explained_in_both_languages(self, session: Session) -> None:
        with pytest.raises(service.Incomplete):
            service.record_decision(
                session,
                draft(session),
                decided_on=NOON.date(),
                decided_by=both("The Sheriff"),
                outcome=both("Adopted"),
                reasons=ENGLISH_ONLY,
            )
