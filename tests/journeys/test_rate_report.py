"""A reader without an account says whether a published summary is fair, and everybody sees numbers."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.reports.models import ReportVersion
from engage.reports.ratings.models import WHOLE, Rated
from engage.reports.ratings.service import rate
from engage.reports.service.publish import ask_for_version
from tests.journeys.conftest import NewPage, Site
from tests.reports.places import busy_rows
from tests.support import makers

WORDS = {
    "en": (
        "Say whether it is fair",
        "It leaves something important out",
        "Send my answer",
        "Thank you. Your answer is counted.",
        "Of 20 readers who answered",
        "Back to the summary and what readers say of it",
        "This browser has answered today.",
    ),
    "es": (
        "Diga si es fiel",
        "Deja fuera algo importante",
        "Enviar mi respuesta",
        "Gracias. Su respuesta queda contada.",
        "De 20 lectores que respondieron",
        "Volver al resumen y a lo que dicen de él los lectores",
        "Desde este navegador ya se respondió hoy.",
    ),
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_reader_rates_a_summary_on_a_small_phone_without_javascript(
    site: Site, new_page: NewPage, language: str
) -> None:
    slug = site.do(_publish)
    site.work()
    site.do(_nineteen_readers)
    lead, leaves_out, send, thanks, told, back, already = WORDS[language]
    reader = new_page(javascript=False, width=375)

    reader.goto(f"/{language}/reports/{slug}")
    reader.get_by_role("link", name=lead).click()
    reader.get_by_role("button", name=send).click()
    expect(reader.get_by_role("alert")).to_be_visible()
    reader.get_by_label(leaves_out).check()
    reader.get_by_role("button", name=send).click()

    expect(reader.get_by_text(thanks)).to_be_visible()
    reader.get_by_role("link", name=back).click()
    rated = reader.locator("section[aria-labelledby='rated']")
    expect(rated).to_contain_text(told)
    expect(rated).to_contain_text(f"{leaves_out}: 10")
    # The same reader comes again, and is not counted again.
    rated.get_by_role("link", name=lead).click()
    expect(reader.get_by_text(already)).to_be_visible()
    expect(reader.get_by_role("button", name=send)).to_have_count(0)
    # A concern is a summary of its own.
    reader.goto(f"/{language}/reports/{slug}/1/concerns/public_safety")
    reader.get_by_role("link", name=lead).click()
    expect(reader).to_have_url(re.compile("/1/concerns/public_safety/rate$"))
    expect(reader.get_by_role("button", name=send)).to_be_visible()


def _publish(session: Session) -> str:
    period = busy_rows(session, comments=12)
    ask_for_version(session, period, note=makers.both("First"), actor=None, now=utcnow())
    return period.slug


def _nineteen_readers(session: Session) -> None:
    version = session.scalars(sa.select(ReportVersion)).one()
    for said in [Rated.FAIR] * 10 + [Rated.LEAVES_OUT] * 9:
        rate(session, version, WHOLE, [said], is_doubtful=True)
