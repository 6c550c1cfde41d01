"""Questions that a county asks again and again, ready to be taken into a form, in both languages.

They are data, ``engage/feedback/data/templates/*.json``, in the format in which forms are kept. How they are
worded is a rule of the house: both sides of a question are offered alike, in words that neither side would
call the other's; choices stand in the alphabetical order of English, but for those that have an order of
their own (``FIXED_ORDERS``); what is no opinion, such as “Not sure”, comes last.

None asks for immigration status or citizenship, and none ever should: whoever has reason to fear the answer
would stop here, so that the county hears less of exactly those whom the matter touches most; and an answer
that was never asked for cannot be demanded from the county, by nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flask_babel import gettext as _

from engage.db.types import Localised
from engage.errors import NotFound
from engage.survey import surveyjs
from engage.survey.definition import Definition

FIXED_ORDERS = {
    "trust_sheriff": "from much to none, as scales are read",
    "age": "from young to old",
    "years_here": "from short to long",
    "heard_at_meeting": "from all to nothing, as scales are read",
    "satisfaction_parts": "from good to bad, as scales are read",
    "used_interpretation": "yes before no, as people say it",
    "interpretation": "yes before no, as people say it",
    "disability": "yes before no, as people say it",
    "area": "round the compass, then the middle",
}
"""The questions whose choices do not stand in alphabetical order, with the reason for theirs."""

ORDER = ("287g-agreement", "meeting-feedback", "about-you", "how-heard", "open-question")
"""As they are offered: the matter first, the person afterwards."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template: what it is called, what it is for, and its questions."""

    code: str
    definition: Definition

    @property
    def title(self) -> Localised:
        """What it is called."""
        return self.definition.title

    @property
    def purpose(self) -> Localised:
        """What it is for."""
        return self.definition.intro


@cache
def templates() -> tuple[Template, ...]:
    """All templates, as they are offered."""
    folder = files("engage.feedback") / "data" / "templates"
    return tuple(
        Template(code, surveyjs.loads((folder / f"{code}.json").read_text("utf-8"))) for code in ORDER
    )


def get_template(code: str) -> Template:
    """The template of this code. Raises NotFound."""
    for one in templates():
        if one.code == code:
            return one
    raise NotFound(_("There is no such template."))
