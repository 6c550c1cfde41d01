"""A resident shows a photograph and a letter, on a clause: what they hide does not come along."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment, Disposition, Stance
from engage.db.types import Localised
from engage.dockets.service import add_document
from tests.files import samples
from tests.journeys.conftest import NewPage, Site
from tests.support import makers

RECEIPT = re.compile(r"/(?:en|es)/receipts/[2-9a-z]{3}-[2-9a-z]{4}-[2-9a-z]{4}$")
WORDS = {
    "en": {
        "clause": "Comment on clause 1.1",
        "wish": "What should happen to clause 1.1?",
        "strike": "Strike it out",
        "add": "Add these files",
        "refused": "“Marisol.docx”: Files of Word",
        "shows": "What does file 1 show?",
        "count": "1 comment on clause 1.1",
        "file": "Attachment",
    },
    "es": {
        "clause": "Comentar la cláusula 1.1",
        "wish": "¿Qué debería pasar con la cláusula 1.1?",
        "strike": "Eliminarla",
        "add": "Agregar estos archivos",
        "refused": "“Marisol.docx”: Los archivos de Word",
        "shows": "¿Qué muestra el archivo 1?",
        "count": "1 comentario sobre la cláusula 1.1",
        "file": "Archivo adjunto",
    },
}


@pytest.fixture(autouse=True)
def county(site: Site) -> None:
    """An open period on a draft with one clause."""

    def fill(session: Session) -> None:
        docket = makers.docket(session, slug="jail")
        makers.comment_period(session, slug="jail", docket=docket)
        body = Localised(
            "**1.1** Officers serve warrants in the jail.", "**1.1** Los oficiales ejecutan órdenes."
        )
        published_at = utcnow() - timedelta(days=2)
        title = Localised("Draft", "Borrador")
        add_document(session, docket, slug="draft", title=title, body=body, published_at=published_at)

    site.do(fill)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A photograph with its place, a letter with its author, and a file of a word processor."""
    contents = {"Marisol.jpg": samples.jpeg(), "Marisol.pdf": samples.pdf(), "Marisol.docx": b"PK\3\4"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


@pytest.mark.parametrize(("language", "javascript"), [("en", True), ("es", False)])
def test_files_on_a_clause_are_read_by_everybody_without_what_they_hide(
    site: Site, new_page: NewPage, files: list[Path], language: str, javascript: bool
) -> None:
    words = WORDS[language]
    visitor = new_page(javascript=javascript, width=320 if language == "es" else 1280)
    visitor.goto(f"/{language}/dockets/jail/documents/draft")
    visitor.get_by_role("link", name=words["clause"]).click()
    visitor.locator("textarea[name=body]").fill("Look at the waiting room.")
    visitor.get_by_label(words["wish"]).select_option(label=words["strike"])
    visitor.locator("input[type=file]").set_input_files(files)
    visitor.get_by_role("button", name=words["add"]).click()

    # One file is refused with its reason; the text, the wish and the good files are still there.
    expect(visitor.locator("#files-error")).to_contain_text(words["refused"])
    expect(visitor.locator("textarea[name=body]")).to_have_value("Look at the waiting room.")
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.get_by_label(words["shows"]).fill("Una sala de espera")
    visitor.locator("main form button[type=submit]").click()

    visitor.wait_for_url(RECEIPT)
    number = visitor.url.rsplit("/", 1)[1]
    _post_all(site)
    _read(visitor, language, number, words)


def _post_all(site: Site) -> None:
    site.do(lambda session: session.execute(sa.update(Comment).values(disposition=Disposition.POSTED)))
    stances = site.do(
        lambda session: [row.stance for row in session.scalars(sa.select(Comment)).one().clauses]
    )
    assert stances == [Stance.STRIKE]


def _read(visitor: Page, language: str, number: str, words: dict[str, str]) -> None:
    visitor.goto(f"/{language}/dockets/jail/documents/draft")
    visitor.get_by_role("link", name=words["count"]).click()
    visitor.get_by_role("link", name=number).first.click()
    expect(visitor.locator("main")).to_contain_text("Una sala de espera")
    expect(visitor.locator("main")).to_contain_text(words["strike"])
    saved = []
    for file in (1, 2):
        with visitor.expect_download() as download:
            visitor.get_by_role("link", name=f"{words['file']} {file}").click()
        saved.append(download.value)

    assert [each.suggested_filename for each in saved] == [
        f"{number}-attachment-1.jpg",
        f"{number}-attachment-2.pdf",
    ]
    picture, document = (Path(each.path()).read_bytes() for each in saved)
    assert not [mark for mark in (*samples.MARKS, b"Exif", b"GPS") if mark in picture + document]
    assert not Image.open(io.BytesIO(picture)).getexif()
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert not opened.docinfo
        assert "/Metadata" not in opened.Root
        assert not opened.attachments
