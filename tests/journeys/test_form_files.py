"""A clerk takes the questions of a workbook: it has an error, is mended, looked at, taken, given out."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.survey import xlsform, xlsform_read
from tests.journeys.conftest import NewPage, Site
from tests.journeys.test_moderator import sign_in
from tests.support import makers
from tests.support.makers import questionnaire

WORDS = {
    "en": {
        "take": "Take the questions of a file",
        "look": "Look at what it would ask",
        "wrong": "Sheet “survey”, row 4: “geopoint” would tell where somebody is.",
        "nothing": "Nothing has been changed yet.",
        "question": "Question 3",
        "these": "Take these questions",
        "done": "The questions of the file are in the form.",
        "workbook": "XLSForm, as they are being edited",
    },
    "es": {
        "take": "Tomar las preguntas de un archivo",
        "look": "Ver qué preguntaría",
        "wrong": "Hoja “survey”, fila 4: “geopoint” revelaría dónde está la persona.",
        "nothing": "Todavía no se ha cambiado nada.",
        "question": "Pregunta 3",
        "these": "Tomar estas preguntas",
        "done": "Las preguntas del archivo están en el formulario.",
        "workbook": "XLSForm, como se están editando",
    },
}


@pytest.mark.parametrize(("language", "scripts", "width"), [("en", True, 1280), ("es", False, 375)])
def test_a_workbook_is_mended_looked_at_and_taken(
    site: Site, new_page: NewPage, tmp_path: Path, language: str, scripts: bool, width: int
) -> None:
    words, clerk = WORDS[language], new_page(javascript=scripts, width=width)
    good, bad = tmp_path / "form.xlsx", tmp_path / "broken.xlsx"
    good.write_bytes(xlsform.write(questionnaire(), form_id="view"))
    _break(good, bad)

    def fill(rows: Session) -> str:
        makers.feedback_form(rows, slug="view", published_at=None)
        return makers.user(rows, RoleName.CLERK).fs_uniquifier

    sign_in(site, clerk, site.do(fill))
    clerk.goto(f"/{language}/staff/forms/view")
    clerk.get_by_role("link", name=words["take"]).click()
    expect(clerk.get_by_role("button", name=words["look"])).to_be_visible()
    _is_sound(clerk, scripts)
    _look(clerk, bad, words["look"])
    expect(clerk.get_by_role("alert")).to_contain_text(words["wrong"])
    _is_sound(clerk, scripts)
    _look(clerk, good, words["look"])
    expect(clerk.locator("main")).to_contain_text(words["nothing"])
    expect(clerk.locator("main")).to_contain_text(words["question"])
    _is_sound(clerk, scripts)
    clerk.get_by_role("button", name=words["these"]).click()
    expect(clerk.locator("body")).to_contain_text(words["done"])
    _is_sound(clerk, scripts)

    with clerk.expect_download() as download:
        clerk.get_by_role("link", name=words["workbook"]).click()
    assert xlsform_read.take(Path(download.value.path()).read_bytes()).definition == questionnaire()


def _break(good: Path, bad: Path) -> None:
    """Ask for a place in the fourth row, where a choice was asked."""
    book = openpyxl.load_workbook(good)
    book["survey"]["A4"] = "geopoint"
    book.save(bad)


def _look(clerk: Page, file: Path, button: str) -> None:
    clerk.set_input_files("[name=file]", file)
    clerk.get_by_role("button", name=button).click()


def _is_sound(page: Page, scripts: bool) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if scripts:  # axe is a script itself
        assert Axe().run(page).response["violations"] == []
