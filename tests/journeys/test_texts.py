"""What people wrote in a form: a moderator shows, hides and strikes out; residents read what is shown."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.feedback.models import FormText, TextState
from tests.conftest import signed_in_cookie
from tests.feedback.texts import AFRAID, SAFER, form_with_texts, text
from tests.journeys.conftest import NewPage, Site
from tests.support import makers

EVIL = '<img src=x onerror="document.title=1"> "><script>document.title="2"</script> \u202etxet'
PHONE = "Please call me at 240-555-0147 about the agreement, since nobody answers any of my letters."
WORDS = {
    "en": {
        "shown": "12 texts are shown now.",
        "hidden": "1 text is hidden now.",
        "struck": "Struck out for good",
        "mark": "[redacted: telephone number]",
        "alone": "Each text stands alone",
    },
    "es": {
        "shown": "Ahora se muestran 12 textos.",
        "hidden": "Ahora 1 texto está oculto.",
        "struck": "Tachado para siempre",
        "mark": "[tachado: número de teléfono]",
        "alone": "Cada texto está solo",
    },
}


def prepare(rows: Session) -> tuple[str, str, int, int]:
    """A form with fourteen texts that wait; returns its slug, the moderator's key, and two of the texts."""
    form = form_with_texts(rows)
    for number in range(11):
        text(rows, form, f"{AFRAID if number % 2 else SAFER} Number {number}.")
    text(rows, form, EVIL)
    phone, threat = text(rows, form, PHONE), text(rows, form, "I will hurt the sheriff tonight.")
    return form.slug, makers.user(rows, RoleName.MODERATOR).fs_uniquifier, phone.id, threat.id


def sign_in(site: Site, browser: Page, identity: str) -> None:
    """Give the browser the cookie of somebody who has just signed in; signing in is another journey."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert serializer is not None
    value = serializer.dumps(signed_in_cookie(identity))
    browser.context.add_cookies([{"name": "session", "value": value, "url": site.url, "httpOnly": True}])


@pytest.mark.parametrize(("language", "scripts"), [("en", True), ("es", False)])
def test_a_moderator_decides_and_residents_read_what_is_shown(
    site: Site, new_page: NewPage, language: str, scripts: bool
) -> None:
    slug, identity, phone, threat = site.do(prepare)
    site.work()
    words = WORDS[language]
    browser = new_page(javascript=scripts, width=375 if scripts else 1280)
    sign_in(site, browser, identity)
    waiting = f"/{language}/staff/forms/{slug}/texts"

    # Strike a telephone number out, hide a threat, show the others.
    browser.goto(f"{waiting}/{phone}/strike")
    browser.check("input[name=span]")
    browser.locator("main form button[type=submit]").last.click()
    expect(browser.get_by_text(words["struck"])).to_be_visible()

    browser.goto(waiting)
    browser.check(f"input[name=text][value='{threat}']")
    browser.select_option("select[name=reason]", "true_threat")
    browser.click("button[value=hide]")
    expect(browser.get_by_text(words["hidden"])).to_be_visible()

    browser.goto(waiting)
    boxes = browser.locator("input[name=text]")
    expect(boxes).to_have_count(13)
    for number in range(12):
        boxes.nth(number).check()
    browser.click("button[value=show]")
    expect(browser.get_by_text(words["shown"])).to_be_visible()

    assert states(site) == ["hidden", *["shown"] * 12, "waiting"]
    browser.goto(waiting)
    browser.check("input[name=text]")
    browser.click("button[value=show]")
    site.work()

    # A resident on another device reads them, each alone.
    resident = new_page(javascript=not scripts, width=375)
    resident.goto(f"/{language}/forms/{slug}/texts/why")
    expect(resident.get_by_text(words["alone"])).to_be_visible()
    expect(resident.locator("ol.comments > li")).to_have_count(13)
    expect(resident.locator("main")).to_contain_text(words["mark"])
    expect(resident.locator("main")).to_contain_text("<img src=x onerror")
    assert "555-0147" not in resident.content()
    assert "hurt the sheriff" not in resident.content()
    assert resident.title() not in ("1", "2")

    # Narrowed down, and gone as soon as it is hidden.
    resident.goto(f"/{language}/forms/{slug}/texts/why?words=neighbors")
    expect(resident.locator("ol.comments > li")).to_have_count(5)
    site.do(hide_all)
    resident.reload()
    expect(resident.locator("ol.comments > li")).to_have_count(0)


def states(site: Site) -> list[str]:
    return site.do(lambda rows: sorted(rows.scalars(sa.select(FormText.state)).all()))


def hide_all(rows: Session) -> None:
    rows.execute(sa.update(FormText).values(state=TextState.HIDDEN, hidden_for="spam"))
