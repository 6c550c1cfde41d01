"""Ends of addresses that staff choose: of dockets, documents, periods, meetings, forms and indicators."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from wtforms import Form, ValidationError
from wtforms.fields import Field

from engage.errors import RuleBroken

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 80

RESERVED = frozenset({"attending", "census", "dictionary", "import", "new", "notices", "schema", "standard"})
"""Words that stand in the site's own addresses where a slug can: ``/reports/schema.json`` is no period's
report. One list for all of them, so that a period, a meeting and a form may share their address; a guard
holds it against the map of the site.
"""

SHAPE = _l("An address is made of small letters a to z, digits and single hyphens.")
TAKEN = _l("Another page of this site has this address. Choose another one.")


class BadSlug(RuleBroken):
    """Not something that can stand in an address."""


def checked_slug(slug: str, *, longest: int = LONGEST_SLUG) -> str:
    """The slug, if it can stand in an address. Raises BadSlug if not."""
    if not SLUG.fullmatch(slug) or len(slug) > longest:
        raise BadSlug(SHAPE)
    if slug in RESERVED:
        raise BadSlug(TAKEN)
    return slug


def not_reserved(_form: Form, field: Field) -> None:
    """A validator: no word that the site uses itself."""
    if field.data in RESERVED:
        raise ValidationError(TAKEN)
