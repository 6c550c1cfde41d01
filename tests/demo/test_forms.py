"""The feedback forms of the fictional county: one of each sort that a newcomer should see."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.demo import answering, forms, reading
from engage.feedback.codes import unseal
from engage.feedback.models import BoxedAnswer, Channel, FeedbackForm, FormStatus, FormTicket, TicketBatch
from engage.survey import surveyjs, validity
from engage.survey.definition import Flag, Kind
from tests.demo.filled import filled
from tests.demo.records import DATA, LANGUAGES, SIDES

TODAY = date(2026, 11, 26)
DENVER = ZoneInfo("America/Denver")
NOWS = [
    pytest.param(
        datetime(2026, 3, 15, 6, 30, tzinfo=UTC), id="just after clocks went forward, past midnight"
    ),
    pytest.param(datetime(2026, 11, 10, 3, 0, tzinfo=UTC), id="just after clocks went back, evening"),
]


def written() -> list[dict[str, Any]]:
    """What people wrote, as its file stands."""
    text = (DATA / "forms" / "texts.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


@pytest.fixture
def no_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are not about the comments."""
    monkeypatch.setattr(reading, "scripts", list)


@pytest.mark.usefixtures("no_comments")
class TestFilled:
    @pytest.mark.parametrize("now", NOWS)
    def test_each_sort_is_there_on_any_day_and_answered_while_it_was_open(
        self, session: Session, now: datetime
    ) -> None:
        filled(session, now)

        found = {form.slug: form for form in session.scalars(sa.select(FeedbackForm))}
        assert {slug: form.status(now) for slug, form in found.items()} == {
            "287g-your-view": FormStatus.OPEN,
            "forum-feedback": FormStatus.CLOSED,
            "neighbourhood-panel": FormStatus.OPEN,
            "water-bills": FormStatus.DRAFT,
        }
        assert found["287g-your-view"].shows_results(now)
        assert not found["neighbourhood-panel"].shows_results(now)
        for boxed in session.scalars(sa.select(BoxedAnswer)):
            form = boxed.version.form
            day = unseal(boxed.sealed, version_id=boxed.version_id).answered_on
            assert form.opens_at.astimezone(DENVER).date() <= day < now.astimezone(DENVER).date()
            assert form.closes_at is None or day <= form.closes_at.astimezone(DENVER).date()

    def test_every_answer_spent_a_ticket_and_no_code_is_spent_that_nobody_used(
        self, session: Session
    ) -> None:
        county = filled(session)

        assert session.scalar(sa.select(sa.func.count()).select_from(BoxedAnswer)) == county.answers
        spent = sa.select(sa.func.count()).where(FormTicket.is_spent)
        assert session.scalar(spent) == county.answers
        batch = session.scalars(sa.select(TicketBatch)).one()
        handed_out = session.scalars(sa.select(FormTicket).where(FormTicket.batch_id == batch.id)).all()
        assert (len(handed_out), sum(ticket.is_spent for ticket in handed_out)) == (40, 18)

    def test_the_open_form_was_changed_after_its_first_answers(self, session: Session) -> None:
        filled(session)

        form = session.scalars(sa.select(FeedbackForm).where(FeedbackForm.slug == "287g-your-view")).one()
        assert [version.number for version in form.versions] == [1, 2]
        first, second = ({question.name for question in v.asked.questions()} for v in form.versions)
        assert second - first == {"announce"}


class TestTheDefinitions:
    def test_only_the_draft_has_faults_and_it_has_two(self) -> None:
        faults = {
            version["file"]: len(validity.faults(forms.definition(version["file"]), is_public=True))
            for row in forms.scripts()
            for version in row["versions"]
        }

        assert {name: count for name, count in faults.items() if count} == {"water-bills-1": 2}

    def test_the_open_form_shows_every_kind_of_question_and_every_flag(self) -> None:
        shown = forms.definition("287g-your-view-2")

        assert {question.kind for question in shown.questions()} == set(Kind)
        assert set().union(*(question.flags for question in shown.questions())) == set(Flag)
        assert sum(Flag.BREAKDOWN in question.flags for question in shown.questions()) == 3
        assert len(shown.pages) == 3
        assert any(question.visible_if for question in shown.questions())

    def test_no_file_is_left_out_and_each_is_written_as_the_site_writes_it(self) -> None:
        named = {version["file"] for row in forms.scripts() for version in row["versions"]}

        assert named == {path.stem for path in (DATA / "forms").glob("*.json")}
        for name in named:
            text = (DATA / "forms" / f"{name}.json").read_text(encoding="utf-8")
            assert surveyjs.dumps(surveyjs.loads(text)) == text.rstrip("\n")


class TestTheAnswers:
    def drawn(self) -> list[answering.Answered]:
        asked = [(forms.definition(f"287g-your-view-{number}"), 300) for number in (1, 2)]
        return [one for version in answering.draw("287g-your-view", asked, today=TODAY) for one in version]

    def test_they_are_the_same_in_every_county(self) -> None:
        assert self.drawn() == self.drawn()

    def test_dates_are_of_the_twelve_months_that_are_asked_about(self) -> None:
        days = [one.answers["contact_on"] for one in self.drawn() if "contact_on" in one.answers]

        assert days
        assert all("2025-11-26" <= day < "2026-11-09" for day in days)

    def test_both_sides_are_about_as_many_and_expect_mirrored_things(self) -> None:
        given = [one.answers for one in self.drawn()]
        sides = Counter(answers["position"] for answers in given)
        expected = {
            side: Counter(
                answers["effects"].get("safety") for answers in given if answers["position"] == side
            )
            for side in SIDES
        }

        assert abs(sides["support"] - sides["oppose"]) < 45
        for_it, against = expected["support"]["better"], expected["oppose"]["worse"]
        assert abs(for_it / sides["support"] - against / sides["oppose"]) < 0.12

    def test_answers_come_in_both_languages_and_on_paper_too(self) -> None:
        found = self.drawn()

        assert 0.3 < sum(one.language == "es" for one in found) / len(found) < 0.46
        assert 0.06 < sum(one.channel is Channel.PAPER for one in found) / len(found) < 0.2

    def test_no_text_is_given_twice(self) -> None:
        said = Counter(one.answers["why"] for one in self.drawn() if "why" in one.answers)

        assert len(said) > 50
        assert max(said.values()) == 1


class TestTheTexts:
    @pytest.mark.parametrize("question", ["why", "anything"])
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_both_sides_are_held_equal_in_number_and_length(self, question: str, language: str) -> None:
        of_side = [
            [
                line["text"]
                for line in written()
                if (line["question"], line["language"], line["side"]) == (question, language, side)
            ]
            for side in SIDES
        ]

        supporting, opposing = of_side
        assert len(supporting) == len(opposing) > 0
        lengths = [sum(map(len, texts)) for texts in of_side]
        assert max(lengths) < 1.2 * min(lengths)

    def test_each_side_leaves_the_moderators_as_many_personal_data(self) -> None:
        marks = ("555-01", "@example.org", "Cottonwood Lane")
        found = Counter(
            (line["side"], line["language"])
            for line in written()
            if line["question"] == "why" and any(mark in line["text"] for mark in marks)
        )

        assert set(found.values()) == {1}
        assert len(found) == 4

    def test_they_are_written_once_and_by_hand(self) -> None:
        texts = [line["text"] for line in written()]

        assert len(set(texts)) == len(texts) > 100
