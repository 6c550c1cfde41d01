"""What we write as XLSForm, pyxform accepts, and it comes back as it was."""

from __future__ import annotations

from hypothesis import given, settings
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from engage.survey import xlsform, xlsform_read
from engage.survey.definition import Definition
from engage.survey.workbook import Workbook
from tests.survey import strategies as make
from tests.survey.test_surveyjs import EVERYTHING


def _read(content: bytes) -> Definition:
    """Without the process of its own, which each of hundreds of examples would start."""
    book = get_xlsform(content, file_type=".xlsx")
    assert book is not None
    sheets = {name: list(getattr(book, name) or ()) for name in ("survey", "choices", "settings")}
    taken = xlsform_read.take_workbook(Workbook(sheets))
    assert [note for note in taken.notes if "To mend" not in note.text] == []
    return taken.definition


def test_a_form_with_everything_comes_back_through_the_whole_way() -> None:
    content = xlsform.write(EVERYTHING, form_id="everything", version=3)

    taken = xlsform_read.take(content)

    assert taken.definition == EVERYTHING
    assert taken.notes == ()


@settings(max_examples=60, deadline=None)
@given(definition=make.definitions())
def test_pyxform_accepts_whatever_we_write_and_it_comes_back(definition: Definition) -> None:
    content = xlsform.write(definition, form_id="form")

    convert(content, validate=False, file_type=".xlsx")
    assert _read(content) == definition
