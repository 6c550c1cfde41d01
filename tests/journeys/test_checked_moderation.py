"""Moderation that can be checked, in Chromium: redaction, two people, an appeal, a report, and “not mine”."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments.models import Comment, Disposition, ModerationReason
from engage.moderation import service
from engage.moderation.chain import verify_chain
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in
from tests.support import makers

BODY = (
    "My neighbor 🙂 Xiomara lives on the corner. My number is 970-555-0142.\n"
    "I worry about the jail and its cost."
)
REDACTED = {"en": "[redacted: telephone number]", "es": "[tachado: número de teléfono]"}


def prepare(rows: Session, **fields: object) -> tuple[str, str, str]:
    """A comment, and the keys of two people's cookies: (tracking number, moderator, administrator)."""
    comment = makers.comment(rows, makers.comment_period(rows), **{"body": BODY} | fields)
    people = [makers.user(rows, role) for role in (RoleName.MODERATOR, RoleName.ADMINISTRATOR)]
    return comment.tracking_number, *(person.fs_uniquifier for person in people)  # type: ignore[return-value]


def restricted(rows: Session) -> tuple[str, str]:
    """A comment that was not posted, and the key of somebody who had no part in it."""
    comment = makers.comment(rows, makers.comment_period(rows), body=BODY, disposition=Disposition.RECEIVED)
    service.restrict_comments(rows, [comment], makers.user(rows), utcnow(), ModerationReason.SPAM)
    return comment.tracking_number, makers.user(rows, RoleName.MODERATOR).fs_uniquifier


def select(browser: Page, words: str) -> None:
    """Select words of the text, as dragging over them does."""
    browser.evaluate(
        """words => {
          for (const node of document.querySelectorAll("#redact-text [data-start]")) {
            const text = node.firstChild;
            const at = text.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
          }
        }""",
        words,
    )


@pytest.mark.parametrize(("language", "javascript"), [("en", True), ("es", False)])
def test_a_moderator_redacts_a_number_and_a_name(
    site: Site, new_page: NewPage, language: str, javascript: bool
) -> None:
    number, moderator, _second = site.do(prepare)
    browser = new_page(javascript=javascript, width=1280 if javascript else 375)
    sign_in(site, browser, moderator)

    browser.goto(f"/{language}/staff/comments/{number}/redact")
    browser.locator("input[name=span][value$=phone]").check()
    if javascript:
        browser.locator("html[data-enhanced]").wait_for()
        select(browser, "Xiomara")
        browser.select_option("#redact-kind", "person_name")
        browser.click("[data-redact-tools] button")
        expect(browser.locator("[data-redact-chosen]")).to_contain_text("Xiomara")
    else:
        browser.fill("textarea[name=words]", "xiomara")
        browser.select_option("select[name=kind]", "person_name")
    browser.select_option("select[name=reason]", "others_personal_data")
    browser.locator("main form[data-redact] button[type=submit]").click()
    expect(browser.locator("main h1")).to_contain_text(number)

    reader = new_page(javascript=javascript)
    reader.goto(f"/{language}/comments/{number}")
    text = reader.locator(".comment__text--whole")
    expect(text).to_contain_text(REDACTED[language])
    expect(text).to_contain_text("lives on the corner")
    expect(reader.locator("body")).not_to_contain_text("Xiomara")
    expect(reader.locator("body")).not_to_contain_text("0142")
    assert site.do(lambda rows: rows.scalars(sa.select(Comment.body)).one()) == BODY.replace(
        "Xiomara", "⟦person_name⟧"
    ).replace("970-555-0142", "⟦phone⟧")
    assert site.do(lambda rows: verify_chain(rows).holds)


def test_two_moderators_take_a_posted_comment_off(site: Site, new_page: NewPage) -> None:
    number, moderator, administrator = site.do(prepare)
    first, second, reader = new_page(), new_page(width=375), new_page()
    sign_in(site, first, moderator)
    sign_in(site, second, administrator)

    first.goto(f"/en/staff/comments/{number}")
    first.select_option("#remove-reason", "true_threat")
    first.get_by_role("button", name="Propose it").click()
    expect(first.locator("main")).to_contain_text("proposes not to post it: True threat")
    reader.goto(f"/en/comments/{number}")
    expect(reader.locator("h1")).to_contain_text(number)

    second.goto("/en/staff")
    second.get_by_role("link", name="Second look (1)").first.click()
    second.get_by_role("button", name="Confirm: do not post").click()
    expect(second.locator(".notice[role=status]").first).to_contain_text("is kept from readers")
    reader.goto("/en/moderation")
    expect(reader.locator("main")).to_contain_text("Not posted, by two people: True threat")
    assert site.do(lambda rows: rows.scalars(sa.select(Comment.disposition)).one()) == "restricted"


def test_a_resident_appeals_and_reads_the_answer(site: Site, new_page: NewPage) -> None:
    number, moderator = site.do(restricted)
    resident, staff = new_page(javascript=False, width=375), new_page(javascript=False)
    sign_in(site, staff, moderator)

    resident.goto(f"/es/receipts/{number}")
    resident.get_by_role("link", name="Recurso", exact=True).click()
    resident.get_by_role("button", name="Enviar el recurso").click()
    expect(resident.locator("[role=alert]")).to_contain_text("Escriba por qué debería publicarse")
    resident.fill("textarea[name=text]", "No es publicidad: es mi opinión.")
    resident.get_by_role("button", name="Enviar el recurso").click()
    expect(resident.locator("main")).to_contain_text("Responderá aquí alguien que no participó")

    staff.goto("/es/staff/appeals")
    staff.get_by_role("link", name="Leer el recurso").click()
    expect(staff.locator("main")).to_contain_text("No es publicidad: es mi opinión.")
    staff.fill("textarea[name=answer]", "Tiene razón: no es publicidad.")
    staff.get_by_role("button", name="Aceptar: publicar el comentario").click()
    expect(staff.locator("main")).to_contain_text("No hay recursos en espera")

    resident.reload()
    expect(resident.locator("main")).to_contain_text("Tiene razón: no es publicidad.")
    resident.goto(f"/es/comments/{number}")
    expect(resident.locator("main")).to_contain_text("I worry about the jail")


def test_somebody_finds_a_comment_in_their_name_and_a_reader_reports_it(
    site: Site, new_page: NewPage
) -> None:
    number, moderator, _second = site.do(lambda rows: prepare(rows, name="Ana Ruiz"))
    resident, staff = new_page(width=375), new_page()
    sign_in(site, staff, moderator)

    resident.goto("/en/contest")
    resident.fill("input[name=name]", "ana ruiz")
    resident.get_by_role("button", name="Look").click()
    resident.get_by_role("link", name=f"This is not mine {number}").click()
    resident.fill("textarea[name=text]", "I am Ana Ruiz, and I wrote nothing.")
    resident.get_by_role("button", name="Send", exact=True).click()
    facts = resident.locator("main dl dd")
    case, code = facts.nth(0).inner_text(), facts.nth(1).inner_text()

    staff.goto("/en/staff/contests")
    staff.get_by_role("link", name=f"Read the case {case}").click()
    staff.get_by_role("button", name="Tell readers that it is contested").click()
    resident.fill("input[name=number]", case)
    resident.fill("input[name=code]", code)
    resident.get_by_role("button", name="Look").click()
    expect(resident.locator("main")).to_contain_text("Readers of the comment are told")

    reader = new_page()
    reader.goto(f"/en/comments/{number}")
    expect(reader.locator("main")).to_contain_text("Contested: somebody says")
    reader.get_by_role("link", name="Report this comment").click()
    reader.get_by_label("Private facts about a person").check()
    reader.get_by_role("button", name="Send the report").click()
    expect(reader.locator(".notice[role=status]").first).to_contain_text("A moderator will look")

    staff.goto("/en/staff/reader-reports")
    staff.get_by_label("Why it stays as it is").select_option("within_rules")
    staff.get_by_role("button", name="Leave it as it is").click()
    expect(staff.locator("main")).to_contain_text("No report waits")
