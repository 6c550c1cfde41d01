"""Versions: what somebody has answered stays as it was asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.errors import RuleBroken
from engage.feedback.service.publish import publish_version
from tests.support.makers import feedback_form, response

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def test_a_version_without_answers_is_written_anew(session: Session) -> None:
    form = feedback_form(session)
    form.working = {**form.working, "title": {"default": "Other", "es": "Otra"}}

    version = publish_version(session, form, actor=None, now=NOW)

    assert [one.number for one in form.versions] == [1]
    assert version.asked.title.en == "Other"


def test_a_version_with_an_answer_stays_and_the_next_begins(session: Session) -> None:
    form = feedback_form(session)
    response(session, form, {"trust": "yes"})
    before = form.versions[0].digest
    form.working = {**form.working, "title": {"default": "Other", "es": "Otra"}}

    publish_version(session, form, actor=None, now=NOW)

    assert [one.number for one in form.versions] == [1, 2]
    assert form.versions[0].digest == before


def test_the_database_refuses_to_change_what_was_answered(session: Session) -> None:
    form = feedback_form(session)
    response(session, form, {"trust": "yes"})

    with pytest.raises(sa.exc.DBAPIError, match="stays as it was answered"):
        session.execute(sa.text("UPDATE form_version SET number = 9"))


def test_publishing_the_same_again_changes_nothing(session: Session) -> None:
    form = feedback_form(session)
    response(session, form, {"trust": "yes"})

    publish_version(session, form, actor=None, now=NOW)

    assert [one.number for one in form.versions] == [1]


def test_a_form_without_its_translation_is_not_published(session: Session) -> None:
    form = feedback_form(session)
    form.working = {**form.working, "title": {"default": "Only English"}}

    with pytest.raises(RuleBroken):
        publish_version(session, form, actor=None, now=NOW)
