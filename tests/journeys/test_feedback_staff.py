"""A host drafts a form, a clerk publishes it, codes are printed, it is changed and closed: in Chromium."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.db.types import Localised
from engage.feedback.models import FeedbackForm, FormTicket
from engage.survey import surveyjs
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import EVIL, sign_in
from tests.support import makers

WORDS: dict[str, Any] = {
    "en": {
        "gap": "No clock in this place ever shows this time",
        "handed": "The clerks have the form now.",
        "fault": "It asks nothing yet.",
        "published": "Residents are asked version 1 now.",
        "next": "Publishing begins version 2",
        "new": "New question: where_else",
        "closed": "Nobody can answer it any more",
    },
    "es": {
        "gap": "Ningún reloj de este lugar marca nunca esta hora",
        "handed": "La secretaría ya tiene el formulario.",
        "fault": "Todavía no pregunta nada.",
        "published": "A los residentes se les pregunta ahora la versión 1.",
        "next": "Al publicar empieza la versión 2",
        "new": "Pregunta nueva: where_else",
        "closed": "Nadie puede responderlo ya",
    },
}


def prepare(rows: Session) -> tuple[str, str]:
    """A docket to ask about; returns the keys of a host and of a clerk for their cookies."""
    makers.docket(rows, slug="agreement")
    host, clerk = makers.user(rows, RoleName.HOST), makers.user(rows, RoleName.CLERK)
    return host.fs_uniquifier, clerk.fs_uniquifier


def ask(rows: Session) -> None:
    """Do what the builder does: questions under the title that the host gave."""
    form = rows.scalars(sa.select(FeedbackForm)).one()
    form.working = surveyjs.write(replace(makers.questionnaire(), title=surveyjs.title_of(form.working)))


def answer_and_ask_more(rows: Session) -> None:
    """Somebody answers; then a question is added."""
    form = rows.scalars(sa.select(FeedbackForm)).one()
    makers.response(rows, form, {"trust": "yes"})
    asked = surveyjs.read(form.working)
    first, *others = asked.pages
    where = asked.question("area")
    assert where is not None
    again = replace(where, name="where_else", title=Localised("Where else?", "¿Dónde más?"))
    page = replace(first, elements=(*first.elements, again))
    form.working = surveyjs.write(replace(asked, pages=(page, *others)))


def fill(browser: Page, **typed: str) -> None:
    for name, value in typed.items():
        browser.fill(f"[name={name}]", value)


def save(browser: Page) -> None:
    browser.locator("main form[method=post]").first.locator("button[type=submit]").click()


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_a_host_drafts_a_clerk_publishes_codes_are_printed_and_the_form_is_closed(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    words, (host, clerk) = WORDS[language], site.do(prepare)
    leader, desk = new_page(javascript=scripts, width=375), new_page(javascript=scripts)
    sign_in(site, leader, host)
    sign_in(site, desk, clerk)
    forms = f"/{language}/staff/forms"
    one = f"{forms}/trust"

    leader.goto(forms)
    leader.locator("a[href$='/staff/new-form']").click()
    fill(leader, slug="trust", title_en=EVIL, title_es=EVIL, opens_at="2026-03-08T02:30")
    leader.select_option("select[name=docket]", "agreement")
    leader.check("input[name=entry][value=code]")
    save(leader)
    expect(leader.locator(".errors")).to_contain_text(words["gap"])
    fill(leader, opens_at="2026-03-08T03:30")
    save(leader)
    leader.wait_for_url(f"**{one}")
    expect(leader.locator("main")).to_contain_text(words["fault"])
    leader.locator("form[action$='/submit'] button").click()
    expect(leader.locator(".notice").first).to_contain_text(words["handed"])

    desk.goto(f"{forms}?show=waiting")
    desk.locator("tbody a").click()
    desk.locator("a[href$='/publish']").click()
    expect(desk.locator("main")).to_contain_text(words["fault"])
    expect(desk.locator("main form[method=post]")).to_have_count(0)
    site.do(ask)
    desk.reload()
    expect(desk.locator("main")).to_contain_text("Do you trust it?")
    save(desk)
    desk.wait_for_url(f"**{one}")
    expect(desk.locator(".notice").first).to_contain_text(words["published"])

    leader.goto(f"{one}/codes")
    fill(leader, label=EVIL, size="12")
    save(leader)
    leader.wait_for_url(f"**{one}/codes")
    leader.locator("tbody a").first.click()
    expect(leader.locator(".slips__slip")).to_have_count(12)
    code = leader.locator(".slips__code strong").first.inner_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", code)
    leader.emulate_media(media="print")
    expect(leader.locator("h1")).to_be_hidden()
    expect(leader.locator(".slips__slip").last).to_be_visible()

    site.do(answer_and_ask_more)
    desk.goto(one)
    expect(desk.locator("main")).to_contain_text(words["next"])
    desk.locator("a[href$='/changes']").first.click()
    expect(desk.locator("h2")).to_contain_text([words["new"]])
    desk.goto(f"{one}/publish")
    save(desk)
    desk.wait_for_url(f"**{one}")
    desk.locator("a[href$='/versions/1']").click()
    expect(desk.locator("main")).not_to_contain_text("where_else")
    desk.goto(one)
    desk.locator("a[href$='/close']").click()
    save(desk)
    desk.wait_for_url(f"**{one}")
    expect(desk.locator("main")).to_contain_text(words["closed"])

    assert all(browser.title() not in ("1", "2") for browser in (leader, desk))
    assert site.do(lambda rows: rows.scalar(sa.select(sa.func.count()).select_from(FormTicket))) == 12
