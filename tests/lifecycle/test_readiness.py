"""The checklist: what may be published, what is kept of it, what is added up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.service.docket import Incomplete
from engage.errors import NotFound, RuleBroken
from engage.lifecycle import queries, service
from engage.lifecycle.models import ReadinessArea, ReadinessItem, ReadinessState, ReadinessVersion
from tests.lifecycle import rows
from tests.support.makers import NOON, both

LATER = NOON + timedelta(days=3)


class TestPublishing:
    def test_a_point_that_nobody_looked_at_can_be_published_with_its_question_alone(
        self, session: Session
    ) -> None:
        docket = rows.docket(session)
        item = rows.point(session, docket, rows.draft())

        assert item.is_shown(NOON)

    @pytest.mark.parametrize(
        "lacking",
        [
            {"title": Localised("Only English", "")},
            {"finding": Localised()},
            {"finding": Localised("Only English", "")},
            {"source": Localised()},
            {"source": Localised("", "Solo español")},
        ],
    )
    def test_what_is_known_needs_both_languages_and_a_source(
        self, session: Session, lacking: dict[str, Localised]
    ) -> None:
        docket = rows.docket(session)
        item = service.add_point(session, docket, rows.known(**lacking))

        with pytest.raises(Incomplete):
            service.publish_point(session, item, NOON)

        assert not queries.public_checklist(session, docket, NOON)

    @pytest.mark.parametrize(
        ("state", "lacking"),
        [
            (ReadinessState.CANNOT_BE_KNOWN, {"finding": Localised(), "source": Localised()}),
            (ReadinessState.CANNOT_BE_KNOWN, {"source": Localised()}),
            (ReadinessState.UNDER_WAY, {"source": Localised()}),
        ],
    )
    def test_whatever_was_found_has_a_source_and_what_cannot_be_known_a_reason(
        self, session: Session, state: ReadinessState, lacking: dict[str, Localised]
    ) -> None:
        docket = rows.docket(session)
        item = service.add_point(session, docket, rows.known(state=state, **lacking))

        with pytest.raises(Incomplete):
            service.publish_point(session, item, NOON)

    def test_what_residents_read_cannot_lose_its_source(self, session: Session) -> None:
        item = rows.point(session, rows.docket(session))

        with pytest.raises(Incomplete):
            service.change_point(session, item, rows.known(source=Localised()), LATER)

    def test_publishing_all_leaves_those_that_lack_something(self, session: Session) -> None:
        docket = rows.docket(session)
        service.add_point(session, docket, rows.known(source=Localised()))
        service.add_point(session, docket, rows.draft())

        fit, unfit = service.drafts_of(session, docket)
        assert (len(fit), len(unfit)) == (1, 1)
        assert service.publish_points(session, docket, seen=service.mark_of(fit), now=NOON) == 1
        with pytest.raises(service.PointsChanged):
            service.publish_points(session, docket, seen=service.mark_of(fit), now=LATER)


class TestHistory:
    def test_what_a_point_said_before_stays_with_its_day(self, session: Session) -> None:
        item = rows.point(session, rows.docket(session), rows.known(amount=100))

        service.change_point(session, item, rows.known(amount=250), LATER)

        assert [(one.number, one.amount, one.published_at) for one in item.versions] == [
            (2, 250, LATER),
            (1, 100, NOON),
        ]

    def test_saving_the_same_again_is_no_change(self, session: Session) -> None:
        item = rows.point(session, rows.docket(session))

        service.change_point(session, item, rows.known(), LATER)
        service.publish_point(session, item, LATER)

        assert len(item.versions) == 1

    def test_a_draft_leaves_no_history(self, session: Session) -> None:
        item = rows.point(session, rows.docket(session), is_shown=False)

        service.change_point(session, item, rows.known(amount=5), LATER)

        assert item.versions == []

    def test_it_can_be_taken_back_and_the_page_goes_on_saying_so(self, session: Session) -> None:
        docket = rows.docket(session)
        item = rows.point(session, docket)

        service.take_back_point(session, item)

        told = queries.public_checklist(session, docket, LATER)
        assert (told.items, told.taken_back) == ((), 1)
        with pytest.raises(service.NotForGood):
            service.delete_point(session, item)

    def test_words_taken_back_and_shown_anew_are_the_same_version(self, session: Session) -> None:
        item = rows.point(session, rows.docket(session))

        service.take_back_point(session, item)
        service.publish_point(session, item, LATER)

        assert [version.number for version in item.versions] == [1]

    @pytest.mark.parametrize("verb", ["update", "delete"])
    def test_the_database_refuses_to_change_what_was_said(self, session: Session, verb: str) -> None:
        rows.point(session, rows.docket(session))
        session.commit()
        change = (
            sa.delete(ReadinessVersion) if verb == "delete" else sa.update(ReadinessVersion).values(amount=1)
        )

        with pytest.raises(DatabaseError, match="stays as it is"):
            session.execute(change)

    def test_a_draft_can_be_deleted(self, session: Session) -> None:
        docket = rows.docket(session)

        service.delete_point(session, rows.point(session, docket, is_shown=False))

        assert queries.points(session, docket) == []


class TestRules:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"title": Localised()},
            {"state": ReadinessState.UNDER_WAY, "amount": 5},
            {"amount": 3_000_000_000},
            {"source_url": "javascript:alert(1)"},
            {"source_url": "//evil.example"},
            {"source_url": "https://name:word@example.org"},
            {"source_url": "ftp://example.org"},
        ],
    )
    def test_what_makes_no_sense_or_no_safe_link_is_refused(
        self, session: Session, wrong: dict[str, Any]
    ) -> None:
        docket = rows.docket(session)

        with pytest.raises(RuleBroken):
            service.add_point(session, docket, rows.known(**wrong))

    @pytest.mark.parametrize("url", ["https://example.org/a?b=1", "http://example.org/old"])
    def test_a_source_may_be_a_page_of_the_web(self, session: Session, url: str) -> None:
        assert rows.point(session, rows.docket(session), rows.known(source_url=url)).source_url == url

    def test_a_point_of_another_docket_is_not_found(self, session: Session) -> None:
        item = rows.point(session, rows.docket(session))

        with pytest.raises(NotFound):
            queries.get_point(session, rows.docket(session, slug="other"), item.id)


class TestStandardChecklist:
    def test_it_is_even_handed_complete_and_in_both_languages(self) -> None:
        points = service.standard_points()

        assert len(points) == 18
        assert {point.area for point in points} == set(ReadinessArea)
        assert all(point.title.is_complete for point in points)
        codes = {point.code for point in points}
        assert {"risk_of_signing", "risk_of_not_signing", "yearly_cost", "savings"} <= codes

    def test_it_is_added_once_and_leaves_what_is_there(self, session: Session) -> None:
        docket = rows.docket(session)
        rows.point(session, docket, rows.draft("Our own question"))

        assert service.add_standard_points(session, docket) == 18
        assert service.add_standard_points(session, docket) == 0
        assert len(queries.points(session, docket)) == 19
        assert queries.points(session, docket)[0].title == both("Our own question")

    def test_a_point_moves_within_its_area(self, session: Session) -> None:
        docket = rows.docket(session)
        first = rows.point(session, docket, rows.draft("First"))
        between = rows.point(session, docket, rows.known("Of another area"))
        last = rows.point(session, docket, rows.draft("Last"))

        service.move_point(session, last, up=True)
        service.move_point(session, last, up=True)

        assert [one for one in queries.points(session, docket) if one is not between] == [last, first]


class TestChecklist:
    def test_open_questions_come_first_among_what_is_not_known(self, session: Session) -> None:
        docket = rows.docket(session)
        rows.point(session, docket, rows.draft("Resources"))
        rows.point(session, docket, rows.known("Known"))
        rows.point(session, docket, rows.draft("Nobody knows", area=ReadinessArea.OPEN_QUESTION))

        told = queries.public_checklist(session, docket, NOON)

        assert [item.title.en for item in told.unknown] == ["Nobody knows", "Resources"]
        assert (len(told.items), told.known) == (3, 1)

    def test_a_saving_counts_against_the_cost_and_what_has_no_price_is_told(self, session: Session) -> None:
        docket = rows.docket(session)
        rows.point(session, docket, rows.known("Overtime", amount=119_000))
        rows.point(session, docket, rows.known("Fewer bookings", amount=-19_000))
        rows.point(session, docket, rows.known("Known, and no price"))
        rows.point(session, docket, rows.draft("Insurance", area=ReadinessArea.COST))

        costs = queries.public_checklist(session, docket, NOON).costs

        assert costs.total == 100_000
        assert [item.title.en for item in costs.unpriced] == ["Insurance"]


class TestTwoAtOnce:
    """What another request has done since the row was read counts, not what was read."""

    def behind_its_back(self, session: Session, item: ReadinessItem, **values: Any) -> None:
        wanted = sa.update(ReadinessItem).where(ReadinessItem.id == item.id).values(**values)
        session.execute(wanted, execution_options={"synchronize_session": False})

    def test_a_point_that_was_published_meanwhile_keeps_what_residents_read(self, session: Session) -> None:
        item = rows.point(session, rows.docket(session), is_shown=False)
        self.behind_its_back(session, item, published_at=NOON)

        with pytest.raises(Incomplete):
            service.change_point(session, item, rows.known(finding=Localised()), NOON)
        service.change_point(session, item, rows.known(finding=both("It was counted anew.")), NOON)

        assert [version.finding.en for version in item.versions] == ["It was counted anew."]

    def test_a_point_is_published_as_it_is_and_not_as_it_was_read(self, session: Session) -> None:
        item = rows.point(session, rows.docket(session), is_shown=False)
        self.behind_its_back(session, item, finding=Localised("Half of it."))

        with pytest.raises(Incomplete):
            service.publish_point(session, item, NOON)

    def test_words_that_nobody_has_read_are_not_written_over(self, session: Session) -> None:
        item = rows.point(session, rows.docket(session))
        seen = service.mark_of([item])
        service.change_point(session, item, rows.known(finding=both("Mine.")), NOON, seen=seen)

        with pytest.raises(service.PointsChanged):
            service.change_point(session, item, rows.known(finding=both("Theirs.")), NOON, seen=seen)

        assert item.finding.en == "Mine."
