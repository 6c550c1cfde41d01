"""The way of a form: what may change when, and that a clerk publishes exactly what was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.errors import RuleBroken
from engage.feedback.models import Entry, FeedbackForm, FormStatus, FormVersion, ResultsShown
from engage.feedback.service import form as service
from engage.feedback.service import tickets
from engage.feedback.service.box import COUNT
from engage.feedback.service.publish import publish_version
from engage.jobs import queue
from engage.survey import surveyjs
from tests.support import makers
from tests.support.makers import both, feedback_form, response

DAY = timedelta(days=1)


@pytest.fixture
def clerk(session: Session) -> User:
    return makers.user(session, RoleName.CLERK)


@pytest.fixture
def host(session: Session) -> User:
    return makers.user(session, RoleName.HOST)


def change(session: Session, form: FeedbackForm, actor: User, **changed: Any) -> None:
    service.change_form(
        session,
        form,
        draft=replace(service.settings_of(form), **changed),
        slug=form.slug,
        host=form.host,
        actor=actor,
        now=utcnow(),
    )


def ask_more(form: FeedbackForm, title: str = "Other") -> None:
    form.working = {**form.working, "title": {"default": title, "es": f"{title} (es)"}}


class TestPublishing:
    def test_publishes_what_was_read_and_nothing_else(self, session: Session, clerk: User) -> None:
        form = feedback_form(session, published_at=None)
        seen = service.mark_of(form)
        ask_more(form)

        with pytest.raises(service.ChangedMeanwhile):
            service.publish_form(session, form, seen=seen, actor=clerk, now=utcnow())

    @pytest.mark.parametrize(
        "changed",
        [
            {"entry": Entry.CODE},
            {"results": ResultsShown.AT_CLOSE},
            {"opens_at": utcnow() + DAY},
            {"closes_at": None},
            {"slug": "elsewhere"},
        ],
    )
    def test_a_changed_setting_is_another_thing_to_read(
        self, session: Session, changed: dict[str, Any]
    ) -> None:
        form = feedback_form(session, published_at=None)
        seen = service.mark_of(form)
        for name, value in changed.items():
            setattr(form, name, value)

        assert service.mark_of(form) != seen

    def test_the_mark_is_the_same_after_a_round_through_the_database(self, session: Session) -> None:
        form = feedback_form(session, published_at=None)
        seen = service.mark_of(form)
        session.commit()
        session.expire_all()

        assert service.mark_of(form) == seen

    def test_gives_what_was_handed_over_back_to_its_host(
        self, session: Session, clerk: User, host: User
    ) -> None:
        form = feedback_form(session, published_at=None, host=host, submitted_at=utcnow())

        service.publish_form(session, form, seen=service.mark_of(form), actor=clerk, now=utcnow())

        assert form.submitted_at is None
        assert form.versions[0].actor_id == clerk.id

    def test_of_a_hidden_docket_waits_for_the_docket(self, session: Session, clerk: User) -> None:
        docket = makers.docket(session, published_at=None)
        form = feedback_form(session, published_at=None, docket=docket)

        with pytest.raises(service.NotFinished):
            service.publish_form(session, form, seen=service.mark_of(form), actor=clerk, now=utcnow())

    def test_what_was_imported_with_answers_is_seen_from_its_publication_on(self, session: Session) -> None:
        form = feedback_form(session)
        form.published_at = None

        publish_version(session, form, actor=None, now=utcnow())

        assert form.published_at is not None

    def test_of_a_closed_form_is_refused(self, session: Session, clerk: User) -> None:
        form = feedback_form(session, closes_at=utcnow() - DAY)
        ask_more(form)

        with pytest.raises(service.WrongFormState):
            service.publish_form(session, form, seen=service.mark_of(form), actor=clerk, now=utcnow())


class TestHandingOver:
    def test_a_published_form_is_handed_over_again_only_with_something_new(
        self, session: Session, host: User
    ) -> None:
        form = feedback_form(session, host=host)

        with pytest.raises(service.WrongFormState):
            service.submit_form(session, form, utcnow())
        ask_more(form)
        service.submit_form(session, form, utcnow())
        assert form.submitted_at is not None

    def test_handing_over_twice_keeps_the_first_time(self, session: Session) -> None:
        form = feedback_form(session, published_at=None)
        service.submit_form(session, form, utcnow() - DAY)
        first = form.submitted_at
        service.submit_form(session, form, utcnow())

        assert form.submitted_at == first


class TestSettings:
    @pytest.mark.parametrize(
        "changed",
        [{"entry": Entry.CODE}, {"results": ResultsShown.AT_CLOSE}, {"docket": None}],
        ids=["entry", "results", "docket"],
    )
    def test_what_people_answered_under_stays(
        self, session: Session, clerk: User, changed: dict[str, Any]
    ) -> None:
        docket = makers.docket(session)
        answered = feedback_form(session, docket=docket)
        response(session, answered, {"trust": "yes"})
        not_answered = feedback_form(session, docket=docket)

        with pytest.raises(service.Promised):
            change(session, answered, clerk, **changed)
        change(session, not_answered, clerk, **changed)

    def test_results_at_the_close_do_not_become_live_after_an_answer(
        self, session: Session, clerk: User
    ) -> None:
        form = feedback_form(session, results=ResultsShown.AT_CLOSE)
        response(session, form, {"trust": "yes"})

        with pytest.raises(service.Promised):
            change(session, form, clerk, results=ResultsShown.LIVE)

    def test_the_end_moves_later_and_never_earlier(self, session: Session, clerk: User) -> None:
        form = feedback_form(session)
        assert form.closes_at is not None
        told: datetime = form.closes_at

        for earlier in (told - DAY, utcnow() - DAY, None):
            with pytest.raises(service.BadDays):
                change(session, form, clerk, closes_at=earlier)
        change(session, form, clerk, closes_at=told + DAY)
        assert form.closes_at == told + DAY

    def test_an_end_that_was_open_is_set_but_not_into_the_past(self, session: Session, clerk: User) -> None:
        form = feedback_form(session, closes_at=None)

        with pytest.raises(service.BadDays):
            change(session, form, clerk, closes_at=utcnow() - DAY)
        change(session, form, clerk, closes_at=utcnow() + DAY)

    def test_the_opening_moves_until_it_has_come(self, session: Session, clerk: User) -> None:
        later = feedback_form(session, opens_at=utcnow() + DAY)
        begun = feedback_form(session)

        change(session, later, clerk, opens_at=utcnow() + 2 * DAY)
        with pytest.raises(service.Promised):
            change(session, begun, clerk, opens_at=utcnow() + DAY)

    def test_a_form_closes_after_it_opens(self, session: Session, clerk: User) -> None:
        form = feedback_form(session, published_at=None)

        with pytest.raises(service.BadDays):
            change(session, form, clerk, closes_at=form.opens_at)

    @pytest.mark.parametrize("changed", [{"closes_at": utcnow() + DAY}, {"title": both("New")}])
    def test_a_closed_form_stays_as_it_is(
        self, session: Session, clerk: User, changed: dict[str, Any]
    ) -> None:
        form = feedback_form(session, closes_at=utcnow() - DAY)

        with pytest.raises(service.Promised):
            change(session, form, clerk, **changed)

    def test_the_address_of_a_published_form_stays(self, session: Session, clerk: User) -> None:
        form = feedback_form(session)

        with pytest.raises(service.AddressFixed):
            service.change_form(
                session, form, draft=service.settings_of(form), slug="elsewhere", host=None, actor=clerk,
                now=utcnow(),
            )  # fmt: skip

    def test_a_new_title_waits_to_be_published_and_its_questions_stay(
        self, session: Session, clerk: User
    ) -> None:
        form = feedback_form(session)
        before = surveyjs.read(form.working)

        change(session, form, clerk, title=both("New"))

        assert form.title.en == "Trust in the sheriff"
        assert surveyjs.read(form.working) == replace(before, title=both("New"))
        assert not service.is_as_published(form)
        assert form.revision == 1

    def test_a_host_writes_only_drafts_that_are_in_their_hands(self, session: Session, host: User) -> None:
        handed = feedback_form(session, published_at=None, host=host, submitted_at=utcnow())
        published = feedback_form(session, host=host)

        for form in (handed, published):
            with pytest.raises(service.WrongFormState):
                change(session, form, host, entry=Entry.CODE)

    def test_an_address_is_taken_once(self, session: Session) -> None:
        taken = feedback_form(session)

        with pytest.raises(service.SlugTaken):
            service.create_form(
                session, slug=taken.slug, draft=service.settings_of(taken), host=None, now=utcnow()
            )

    def test_a_meeting_of_another_docket_is_refused(self, session: Session, clerk: User) -> None:
        meeting = makers.meeting(session, docket=makers.docket(session))
        form = feedback_form(session, published_at=None)

        with pytest.raises(RuleBroken):
            change(session, form, clerk, docket=makers.docket(session), meeting=meeting)


class TestEnds:
    def test_closing_takes_no_more_answers_and_has_all_counted(
        self, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        woken: list[str] = []
        monkeypatch.setattr(service, "wake", lambda _session, name: woken.append(name))
        form = feedback_form(session)

        service.close_form(session, form, utcnow())

        assert form.status(utcnow()) is FormStatus.CLOSED
        assert woken == [COUNT]
        assert callable(queue.wake)
        with pytest.raises(service.WrongFormState):
            service.close_form(session, form, utcnow())

    def test_a_draft_goes_with_all_that_hangs_on_it(self, app: Flask, session: Session, clerk: User) -> None:
        form = feedback_form(session, entry=Entry.CODE)
        tickets.make_codes(session, form, label="School", size=3, actor=clerk, now=utcnow())
        form.published_at = None
        session.flush()

        service.delete_draft(session, form, actor=clerk)

        assert session.scalars(sa.select(FeedbackForm)).all() == []
        assert session.scalars(sa.select(FormVersion)).all() == []

    @pytest.mark.parametrize("is_published", [True, False])
    def test_what_somebody_has_answered_is_never_thrown_away(
        self, session: Session, clerk: User, is_published: bool
    ) -> None:
        form = feedback_form(session)
        response(session, form, {"trust": "yes"})
        form.published_at = form.published_at if is_published else None
        session.flush()

        with pytest.raises(service.WrongFormState):
            service.delete_draft(session, form, actor=clerk)
