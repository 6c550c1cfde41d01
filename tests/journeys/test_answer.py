"""Residents answer a feedback form, each in their way, and each answer lies once in the sealed box."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import FloatRect, Locator, Page, expect
from sqlalchemy.orm import Session

from engage.checks import forms
from engage.feedback.codes import Boxed, code_index, code_of, unseal
from engage.feedback.models import BoxedAnswer, Entry, FormTicket
from engage.survey.definition import Choice, Definition, Flag, Kind, Question, Section
from engage.survey.definition import Page as Asked
from engage.survey.expressions import parse
from tests.journeys.conftest import NewPage, Site
from tests.support.makers import both, feedback_form

YES_NO = (Choice("yes", both("Yes")), Choice("no", both("No")))
THREE = (Choice("safety", both("Safety")), Choice("cost", both("Cost")), Choice("trust", both("Trust")))
DEGREES = (Choice("bad", both("Bad")), Choice("fair", both("Fair")), Choice("good", both("Good")))


def questions() -> Definition:
    """A form with every kind of control, conditions on the same page and on an earlier one."""
    contact = Question(
        name="contact",
        kind=Kind.SINGLE,
        title=both("Contact with deputies?"),
        choices=YES_NO,
        is_required=True,
    )
    how = Question(
        name="how", kind=Kind.LONG_TEXT, title=both("How did it go?"), visible_if=parse("{contact} = 'yes'")
    )
    safe = Question(
        name="safe",
        kind=Kind.SCALE,
        title=both("How safe do you feel?"),
        is_smileys=True,
        low_text=both("Not at all"),
        high_text=both("Very"),
    )
    rows = (Choice("night", both("At night")), Choice("day", both("By day")))
    rated = Question(name="rated", kind=Kind.MATRIX, title=both("Rate it"), choices=DEGREES, rows=rows)
    first = Question(name="first", kind=Kind.RANKING, title=both("What comes first?"), choices=THREE)
    which = Question(
        name="which",
        kind=Kind.MULTIPLE,
        title=both("Which of these?"),
        choices=THREE,
        other=True,
        visible_if=parse("{contact} = 'yes'"),
    )
    years = Question(
        name="years", kind=Kind.NUMBER, title=both("Years in the county?"), minimum="0", maximum="120"
    )
    since = Question(name="since", kind=Kind.DATE, title=both("Since when?"))
    area = Question(
        name="area",
        kind=Kind.SINGLE,
        title=both("Where do you live?"),
        help=both("So that the county sees whom it has not heard."),
        choices=(Choice("north", both("North")), Choice("south", both("South"))),
        refuse=True,
        flags=frozenset({Flag.DEMOGRAPHIC}),
    )
    return Definition(
        title=both("Trust in the sheriff"),
        intro=both("What you think about the agreement."),
        thanks=both("The board reads the results in May."),
        pages=(
            Asked(name="opinion", title=both("Opinion"), elements=(contact, how, safe)),
            Asked(name="detail", title=both("In detail"), elements=(rated, first, which)),
            Asked(
                name="person",
                title=both("About you"),
                elements=(Section(name="you", title=both("You"), questions=(years, since, area)),),
            ),
        ),
    )


@pytest.fixture(autouse=True)
def county(site: Site) -> None:
    """One open form."""
    site.do(lambda session: feedback_form(session, questions(), slug="trust"))


def box(site: Site) -> list[Boxed]:
    def opened(session: Session) -> list[Boxed]:
        rows = session.scalars(sa.select(BoxedAnswer))
        return [unseal(row.sealed, version_id=row.version_id) for row in rows]

    return site.do(opened)


def only_answer(site: Site) -> dict[str, Any]:
    (answer,) = box(site)
    return answer.answers


def is_wide(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def stored(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...Object.keys(sessionStorage), ...Object.keys(localStorage)]")
    return found


def test_on_a_telephone_questions_follow_answers_and_what_was_begun_waits_on_the_device(
    site: Site, new_page: NewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # People are slower than this browser, which would be marked as too fast.
    monkeypatch.setattr(forms, "FASTEST_SECONDS", 0)
    phone = new_page(width=375, height=740)
    phone.goto("/en/forms/trust")
    phone.get_by_role("button", name="Start").click()
    expect(phone.get_by_label("How did it go?")).to_be_hidden()
    phone.get_by_label("Yes", exact=True).check()
    phone.get_by_label("How did it go?").fill("He listened.")
    phone.get_by_label("No", exact=True).check()
    expect(phone.get_by_label("How did it go?")).to_be_hidden()
    phone.get_by_label("Yes", exact=True).check()
    phone.get_by_label("4", exact=True).check()
    phone.get_by_label("Keep my answers on this device").check()
    assert not is_wide(phone)
    phone.get_by_role("button", name="Next").click()
    expect(phone.locator("h2").first).to_have_text("In detail")
    assert not is_wide(phone)

    # The tab is closed, and the form is opened again on the same device.
    again = phone.context.new_page()
    phone.close()
    again.goto("/en/forms/trust")
    again.get_by_role("button", name="Go on with them").click()
    expect(again.locator("h2").first).to_have_text("In detail")
    again.get_by_role("radiogroup", name="At night").get_by_label("Good").check()
    again.get_by_role("checkbox", name="Cost").check()
    again.get_by_role("button", name="Next").click()
    again.get_by_label("Years in the county?").fill("900")
    again.get_by_role("button", name="Next").click()
    expect(again.locator(".errors")).to_contain_text("Write 120 or less.")
    again.get_by_label("Years in the county?").fill("9")
    again.get_by_label("Prefer not to say").check()
    again.get_by_role("button", name="Next").click()
    expect(again.locator("h1")).to_have_text("Check your answers")
    assert not is_wide(again)
    assert box(site) == []
    again.get_by_role("button", name="Send my answers").dblclick()

    expect(again.locator("h1")).to_have_text("Your answers have arrived")
    expect(again.locator("main")).to_contain_text("The board reads the results in May.")
    assert stored(again) == []
    assert only_answer(site) == {
        "contact": "yes",
        "how": "He listened.",
        "safe": 4,
        "rated": {"night": "good"},
        "which": ["cost"],
        "years": 9,
        "area": "refused",
    }
    assert not box(site)[0].is_doubtful


def test_by_keyboard_alone_a_form_is_answered_in_spanish(site: Site, new_page: NewPage) -> None:
    desk = new_page()
    desk.goto("/es/forms/trust")
    press_next(desk, "Empezar el formulario")
    tab_to(desk, "q-contact-0")
    desk.keyboard.press("ArrowDown")
    press_next(desk)

    heads = [head.bounding_box() for head in desk.locator(".matrix__head span").all()]
    radios = [radio.bounding_box() for radio in desk.locator("input[name=q-rated-night]").all()]
    assert [middle(head) for head in heads] == pytest.approx([middle(radio) for radio in radios], abs=2)
    assert desk.locator(".matrix__head span").all_inner_texts()[0] == "Bad (es)"
    tab_to(desk, "q-rated-night-0", "q-rated-night-no-answer")
    desk.keyboard.press("ArrowDown")
    tab_to(desk, "q-rated-day-0", "q-rated-day-no-answer")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    up = desk.get_by_role("button", name="Subir: Trust (es)")
    tab_onto(desk, up)
    desk.keyboard.press("Enter")
    desk.keyboard.press("Space")
    expect(up).to_be_focused()
    expect(desk.locator(".ranking__item").first).to_contain_text("Trust (es)")
    press_next(desk)
    press_next(desk)
    expect(desk.locator("h1")).to_have_text("Revise sus respuestas")
    press_next(desk, "Enviar mis respuestas")

    expect(desk.locator("h1")).to_have_text("Sus respuestas llegaron")
    (answer,) = box(site)
    assert answer.language == "es"
    assert answer.answers == {
        "contact": "no",
        "rated": {"night": "bad", "day": "fair"},
        "first": ["trust"],
    }


def middle(box: FloatRect | None) -> float:
    assert box is not None
    return box["x"] + box["width"] / 2


def tab_to(page: Page, *ids: str) -> None:
    for _ in range(60):
        if page.evaluate("document.activeElement.id") in ids:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not lead to {ids}")


def press_next(page: Page, name: str = "Siguiente") -> None:
    tab_onto(page, page.get_by_role("button", name=name, exact=True))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_onto(page: Page, button: Locator) -> None:
    for _ in range(60):
        if button.evaluate("button => button === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not lead to {button}")


def test_without_javascript_a_form_is_answered_with_what_follows_and_an_error(
    site: Site, new_page: NewPage
) -> None:
    plain = new_page(javascript=False, width=320)
    plain.goto("/en/forms/trust")
    assert not is_wide_without_script(plain)
    plain.get_by_role("button", name="Start").click()
    plain.get_by_role("button", name="Next").click()
    expect(plain.locator(".errors")).to_contain_text("Answer this question.")
    plain.get_by_label("Yes", exact=True).check()
    plain.get_by_role("button", name="Next").click()
    expect(plain.locator("main")).to_contain_text("Some questions follow from what you answered")
    plain.get_by_label("How did it go?").fill("Call me: 555-867-5309")
    plain.get_by_role("button", name="Next").click()
    expect(plain.locator("h1")).to_have_text("Look again before you go on")
    plain.get_by_role("button", name="Change it").click()
    plain.get_by_label("How did it go?").fill("Well")
    plain.get_by_role("button", name="Next").click()
    plain.get_by_label("Cost").and_(plain.locator("select")).select_option("1")
    plain.get_by_role("button", name="Continuar en español").click()
    expect(plain.locator("html")).to_have_attribute("lang", "es")
    plain.get_by_role("button", name="Continue in English").click()
    plain.get_by_role("button", name="Next").click()
    plain.get_by_role("button", name="Back").click()
    expect(plain.get_by_label("Cost").and_(plain.locator("select"))).to_have_value("1")
    plain.get_by_role("button", name="Next").click()
    plain.get_by_label("Since when?").fill("2020-02-29")
    plain.get_by_role("button", name="Next").click()
    plain.get_by_role("button", name="Change: Opinion").click()
    plain.get_by_label("No", exact=True).check()
    plain.get_by_role("button", name="Next").click()
    expect(plain.locator("main")).to_contain_text("these questions no longer apply")
    plain.get_by_role("button", name="Send my answers").click()

    expect(plain.locator("h1")).to_have_text("Your answers have arrived")
    assert only_answer(site) == {"contact": "no", "first": ["cost"], "since": "2020-02-29"}


def is_wide_without_script(page: Page) -> bool:
    box_of_main = page.locator("main").bounding_box()
    assert box_of_main is not None
    return box_of_main["width"] > 320


def test_the_browsers_back_turns_pages_and_leads_out_by_the_beginning(site: Site, new_page: NewPage) -> None:
    visitor = new_page()
    visitor.goto("/en/forms")
    visitor.goto("/en/forms/trust")
    visitor.get_by_role("button", name="Start").click()
    visitor.get_by_label("No", exact=True).check()
    visitor.get_by_role("button", name="Next").click()
    expect(visitor.locator("h2").first).to_have_text("In detail")
    # The order: only what was moved has a place.
    expect(visitor.get_by_role("button", name="Move down: Cost")).to_be_hidden()
    visitor.get_by_role("button", name="Move up: Cost").click()
    expect(visitor.get_by_role("button", name="Move down: Cost")).to_be_visible()
    assert ranks(visitor) == {"safety": "", "cost": "1", "trust": ""}
    visitor.get_by_role("button", name="Move up: Trust").click()
    visitor.get_by_role("button", name="Move up: Trust").click()
    assert ranks(visitor) == {"safety": "", "cost": "2", "trust": "1"}
    visitor.get_by_role("button", name="Clear the order").click()
    assert set(ranks(visitor).values()) == {""}
    expect(visitor.get_by_text("The order is cleared.")).to_be_attached()
    visitor.get_by_role("button", name="Move up: Cost").click()
    visitor.get_by_role("button", name="Next").click()
    visitor.get_by_label("Years in the county?").fill("9")
    visitor.get_by_role("button", name="Next").click()
    expect(visitor.locator("h1")).to_have_text("Check your answers")

    back(visitor)
    expect(visitor.get_by_label("Years in the county?")).to_have_value("9")
    visitor.get_by_label("Years in the county?").fill("10")
    back(visitor)
    assert ranks(visitor)["cost"] == "1"
    back(visitor)
    expect(visitor.get_by_label("No", exact=True)).to_be_checked()
    # A way back through the page itself, as to what has to be mended, is no page of the form.
    visitor.evaluate("location.hash = 'main'")
    visitor.evaluate("history.back()")
    expect(visitor.get_by_label("No", exact=True)).to_be_checked()
    back(visitor)
    expect(visitor.get_by_text("This tab still has the answers")).to_be_visible()
    visitor.get_by_role("button", name="Go on with them").click()
    expect(visitor.get_by_label("No", exact=True)).to_be_checked()
    visitor.reload()
    expect(visitor.get_by_text("This tab still has the answers")).to_be_visible()


def back(page: Page) -> None:
    with page.expect_navigation(wait_until="load"):
        page.evaluate("history.back()")
    expect(page.locator("html[data-enhanced]")).to_be_attached()
    page.wait_for_timeout(300)


def ranks(page: Page) -> dict[str, str]:
    names = ("safety", "cost", "trust")
    return {name: page.locator(f"select[name=q-first-rank-{name}]").input_value() for name in names}


def test_a_code_leaves_the_address_and_is_good_for_one_answer(site: Site, new_page: NewPage) -> None:
    def with_code(session: Session) -> str:
        form = feedback_form(session, slug="invited", entry=Entry.CODE)
        session.add(FormTicket(form_id=form.id, id=77, code_index=code_index(code_of(77))))
        return code_of(77)

    code = site.do(with_code)
    visitor = new_page()
    visitor.goto(f"/en/forms/invited#code={code}")
    expect(visitor.get_by_label("Your code")).to_have_value(code)
    assert code not in visitor.url
    visitor.get_by_role("button", name="Start").click()
    visitor.get_by_label("Yes", exact=True).check()
    visitor.get_by_role("button", name="Next").click()
    visitor.get_by_role("button", name="Next").click()
    visitor.get_by_role("button", name="Send my answers").click()
    expect(visitor.locator("h1")).to_have_text("Your answers have arrived")
    assert len(box(site)) == 1


def test_what_was_typed_is_gone_with_the_tab_and_with_the_way_out(site: Site, new_page: NewPage) -> None:
    first = new_page()
    first.goto("/en/forms/trust")
    first.get_by_role("button", name="Start").click()
    first.get_by_label("Yes", exact=True).check()
    first.get_by_label("How did it go?").fill("Well")
    first.wait_for_function("() => sessionStorage.getItem('answers:trust').includes('Well')")
    assert stored(first) == ["answers:trust"]
    # A new tab of the same browser knows nothing of it.
    second = first.context.new_page()
    second.goto("/en/forms/trust")
    expect(second.get_by_text("You have begun this form before")).to_be_hidden()
    assert stored(second) == []

    first.get_by_label("Keep my answers on this device").check()
    assert first.evaluate("localStorage.length") == 1
    first.get_by_role("button", name="Forget them").click()
    assert first.evaluate("localStorage.length") == 0

    first.get_by_label("Keep my answers on this device").check()
    first.evaluate("document.querySelector('.exit a').setAttribute('href', '/en/forms')")
    first.get_by_role("link", name="Leave this site now").click()
    first.wait_for_url("**/en/forms")
    assert stored(first) == []


def test_what_does_not_go_together_is_unticked_and_words_are_looked_at_once(
    site: Site, new_page: NewPage
) -> None:
    several = Question(
        name="several",
        kind=Kind.MULTIPLE,
        title=both("Which?"),
        choices=THREE,
        none=True,
        refuse=True,
        most_choices=2,
    )
    words = Question(name="words", kind=Kind.LONG_TEXT, title=both("Tell us"))
    must = Question(name="must", kind=Kind.SINGLE, title=both("Sure?"), choices=YES_NO, is_required=True)
    end = Question(name="end", kind=Kind.SHORT_TEXT, title=both("Else?"))
    pages = (Asked(name="one", elements=(several, words, must)), Asked(name="two", elements=(end,)))
    site.do(lambda session: feedback_form(session, Definition(title=both("Few"), pages=pages), slug="few"))
    visitor = new_page(width=375, height=740)
    visitor.goto("/en/forms/few")
    visitor.get_by_role("button", name="Start").click()
    for name in ("Safety", "Cost"):
        visitor.get_by_label(name).check()
    expect(visitor.get_by_text("Choose at most 2.")).not_to_be_attached()
    visitor.get_by_label("Trust").check()
    expect(visitor.get_by_role("status").filter(has_text="Choose at most 2.")).to_be_visible()
    visitor.get_by_label("Prefer not to say").check()
    expect(visitor.get_by_label("Safety")).not_to_be_checked()
    expect(visitor.get_by_text("Choose at most 2.")).not_to_be_attached()
    visitor.get_by_label("None of these").check()
    expect(visitor.get_by_label("Prefer not to say")).not_to_be_checked()
    visitor.get_by_label("Cost").check()
    expect(visitor.get_by_label("None of these")).not_to_be_checked()

    visitor.get_by_label("Tell us").fill("Call me: 555-867-5309")
    visitor.get_by_role("button", name="Next").click()
    visitor.get_by_role("button", name="Keep it as it is and go on").click()
    expect(visitor.locator(".errors")).to_contain_text("Answer this question.")
    visitor.get_by_label("Yes", exact=True).check()
    visitor.get_by_role("button", name="Next").click()
    expect(visitor.get_by_label("Else?")).to_be_visible()
    # Enter in a field goes on, and in the language of the page.
    visitor.get_by_label("Else?").fill("No")
    visitor.get_by_label("Else?").press("Enter")
    expect(visitor.locator("h1")).to_have_text("Check your answers")
    # With other words it is asked again.
    visitor.get_by_role("button", name="Change: Page 1").click()
    visitor.get_by_label("Tell us").fill("Call her: 555-867-5310")
    visitor.get_by_role("button", name="Next").click()
    expect(visitor.get_by_role("group", name="Look again before you go on")).to_be_visible()
