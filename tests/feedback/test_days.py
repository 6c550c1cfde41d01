"""The days of a form's versions and codes are those of the place that runs the site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.feedback.models import Entry, FeedbackForm, FormResult, TicketBatch
from engage.feedback.results import to_json
from engage.feedback.told_versions import told_versions
from engage.web.locale import site_day, site_time_zone
from tests.feedback.tables import TOTAL, everything, results
from tests.support import makers
from tests.support.pages import Client, page

# 10:36 PM on November 19 in New York.
EVENING = datetime(2025, 11, 20, 3, 36, tzinfo=UTC)


def made_in_the_evening(session: Session) -> FeedbackForm:
    form = makers.feedback_form(session, everything(), published_at=EVENING, entry=Entry.CODE, slug="late")
    session.add(FormResult(form_id=form.id, counted=TOTAL, tables=to_json(results())))
    session.add(TicketBatch(form_id=form.id, label="School", size=3, made_at=EVENING))
    session.commit()
    return form


def test_a_version_of_the_evening_is_of_that_day_on_every_page(
    session: Session, sign_in: Callable[..., Client]
) -> None:
    form = made_in_the_evening(session)
    clerk = sign_in(RoleName.CLERK)

    assert site_time_zone().key == "America/New_York"
    for address in (
        "/en/staff/forms/late",
        "/en/staff/forms/late/codes",
        "/en/staff/forms/late/versions/1",
    ):
        told = page(clerk.get(address)).text()
        assert "November 19, 2025" in told, address
        assert "November 20, 2025" not in told, address
    assert [one.since for one in told_versions(form.versions)] == ["November 19, 2025"]


def test_the_file_of_results_says_the_same_day_as_the_page(
    session: Session, sign_in: Callable[..., Client]
) -> None:
    made_in_the_evening(session)

    told = sign_in(RoleName.CLERK).get("/en/staff/forms/late/results.json").get_json()

    published = session.scalars(sa.select(FeedbackForm)).one().versions[0].published_at
    assert told["form"]["versions"][0]["since"] == site_day(published).isoformat() == "2025-11-19"
