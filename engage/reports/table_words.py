"""What tables are called in files: a section that has several tables, and the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext

SEVERAL: Mapping[str, LazyString] = {
    "clause_by_position": _l(
        "What comments would do with a clause, by declared position: a table for each clause."
    ),
    "form_beside_comments": _l(
        "The answers to a question of a feedback form beside what comments declare: a table for each "
        "question."
    ),
    "outreach_by": _l(
        "The bodies that it concerns, those that were asked and those that answered: by kind, by language "
        "and by district."
    ),
    "residents": _l("Comments beside residents: a table by district, a table by language."),
}
"""What the sections count of which a report has several tables, each with a title of its own."""

MIXED = frozenset({"concern_counts", "form_beside_comments", "outreach_by", "residents"})
"""The tables with two dimensions that count something else than comments in one column or in all."""

# In English a sheet is called as its section is in the other files.
SHEETS: Mapping[str, LazyString] = {
    "analysers": pgettext("sheet", "analysers"),
    "answers": pgettext("sheet", "answers"),
    "at_meetings": pgettext("sheet", "at_meetings"),
    "campaign_by_position": pgettext("sheet", "campaign_by_position"),
    "campaign_parts": pgettext("sheet", "campaign_parts"),
    "campaigns": pgettext("sheet", "campaigns"),
    "channels": pgettext("sheet", "channels"),
    "checked_concerns": pgettext("sheet", "checked_concerns"),
    "checked_concerns_of_oppose": pgettext("sheet", "checked_concerns_of_oppose"),
    "checked_concerns_of_support": pgettext("sheet", "checked_concerns_of_support"),
    "checked_in": pgettext("sheet", "checked_in"),
    "checked_suggestions": pgettext("sheet", "checked_suggestions"),
    "checked_tones": pgettext("sheet", "checked_tones"),
    "checked_tones_of_oppose": pgettext("sheet", "checked_tones_of_oppose"),
    "checked_tones_of_support": pgettext("sheet", "checked_tones_of_support"),
    "clause_by_position": pgettext("sheet", "clause_by_position"),
    "clauses": pgettext("sheet", "clauses"),
    "comments": pgettext("sheet", "comments"),
    "concern_by_position": pgettext("sheet", "concern_by_position"),
    "concern_counts": pgettext("sheet", "concern_counts"),
    "concern_only_denied": pgettext("sheet", "concern_only_denied"),
    "concern_parts": pgettext("sheet", "concern_parts"),
    "concern_tones": pgettext("sheet", "concern_tones"),
    "concerns": pgettext("sheet", "concerns"),
    "concerns_by_channels": pgettext("sheet", "concerns_by_channels"),
    "concerns_by_days": pgettext("sheet", "concerns_by_days"),
    "concerns_by_districts": pgettext("sheet", "concerns_by_districts"),
    "concerns_by_languages": pgettext("sheet", "concerns_by_languages"),
    "concerns_by_months": pgettext("sheet", "concerns_by_months"),
    "days": pgettext("sheet", "days"),
    "districts": pgettext("sheet", "districts"),
    "form_beside_comments": pgettext("sheet", "form_beside_comments"),
    "languages": pgettext("sheet", "languages"),
    "letters": pgettext("sheet", "letters"),
    "numbers": pgettext("sheet", "numbers"),
    "outreach": pgettext("sheet", "outreach"),
    "outreach_by": pgettext("sheet", "outreach_by"),
    "positions": pgettext("sheet", "positions"),
    "positions_by_channels": pgettext("sheet", "positions_by_channels"),
    "positions_by_days": pgettext("sheet", "positions_by_days"),
    "positions_by_districts": pgettext("sheet", "positions_by_districts"),
    "positions_by_languages": pgettext("sheet", "positions_by_languages"),
    "positions_by_months": pgettext("sheet", "positions_by_months"),
    "residents": pgettext("sheet", "residents"),
    "texts": pgettext("sheet", "texts"),
    "themes": pgettext("sheet", "themes"),
    "tone_by_position": pgettext("sheet", "tone_by_position"),
    "tone_reasons": pgettext("sheet", "tone_reasons"),
    "tones": pgettext("sheet", "tones"),
}


def sheet_of(section: str) -> str:
    """What the sheet of a section is called: at most 31 letters, as spreadsheets want it."""
    return str(SHEETS.get(section, section))
