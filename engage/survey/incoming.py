"""A form in whichever published format somebody sends it: told by its content, not by its name."""

from __future__ import annotations

from engage.marks import N_
from engage.survey import surveyjs, xlsform_read
from engage.survey.surveyjs import Taken
from engage.survey.told import BadDefinition, Told
from engage.survey.workbook import is_workbook


def take(content: bytes) -> Taken:
    """Read SurveyJS' JSON, an XLSForm workbook, or pyxform's Markdown. Raises BadDefinition."""
    if is_workbook(content):
        return xlsform_read.take(content)
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise _unknown() from None
    if text.startswith(("{", "[")):
        return surveyjs.take(text)
    if text.startswith("|"):
        return xlsform_read.take(text.encode())
    raise _unknown()


def _unknown() -> BadDefinition:
    return BadDefinition([Told(N_("This is neither SurveyJS JSON nor an XLSForm workbook (.xlsx or .xls)."))])
