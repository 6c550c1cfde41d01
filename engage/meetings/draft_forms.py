"""What meetings and feedback forms share as drafts: a title, a docket, a host, an address that stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice

from engage.accounts.models import User
from engage.comments.forms import needed_in_this_language
from engage.db.types import LANGUAGES
from engage.dockets.forms import LocalisedForm
from engage.dockets.models import Docket
from engage.web.locale import localised


class DraftForm(LocalisedForm):
    """Something that hosts draft and clerks publish; a subclass has the fields.

    Clerks give it to a host; a host is never asked, so nothing that is sent can change it. ``_known`` is what
    is changed; None where it is new.
    """

    SEEN: ClassVar[tuple[str, ...]] = ("title",)
    """The texts that residents see: they keep both languages once it is published."""

    docket: SelectField
    host: SelectField
    slug: StringField
    _known: Any = None
    _dockets: dict[str, Docket]
    _hosts: dict[str, User] | None

    def offer(self, dockets: Sequence[Docket], hosts: Sequence[User] | None) -> None:
        """Fill the choices of dockets and hosts; what can no longer be chosen is no field."""
        self._dockets = {docket.slug: docket for docket in dockets}
        self._hosts = None if hosts is None else {str(host.id): host for host in hosts}
        self.docket.choices = [
            SelectChoice("", _l("No docket")),
            *(SelectChoice(slug, localised(docket.title)) for slug, docket in self._dockets.items()),
        ]
        self.host.choices = [
            SelectChoice("", _l("Nobody: the clerks themselves")),
            *(SelectChoice(key, user.name) for key, user in (self._hosts or {}).items()),
        ]
        if self._hosts is None:
            del self["host"]
        if self.is_seen:
            del self["slug"]

    @property
    def is_seen(self) -> bool:
        """Whether residents can see it already."""
        return self._known is not None and self._known.published_at is not None

    def validate_title_en(self, _field: Field) -> None:
        """A title in one language at least, so that colleagues know which draft it is."""
        if not self.localised("title"):
            raise ValidationError(_("Write a title, in one language at least."))

    def validate(self, extra_validators: Any = None) -> bool:
        """What residents see keeps both languages: said at each field that lacks one."""
        is_valid: bool = super().validate(extra_validators)
        names = [f"{name}_{code}" for name in self.SEEN for code in LANGUAGES] if self.is_seen else []
        lacking = [self[name] for name in names if name in self and not self[name].data]
        for field in lacking:
            field.errors = [needed_in_this_language(field)]
        return is_valid and not lacking

    @property
    def chosen_host(self) -> User | None:
        """Whose it is to be; for clerks only."""
        return (self._hosts or {}).get(self.host.data)

    @property
    def chosen_slug(self) -> str:
        """The address; as it is where it stays."""
        kept: str | None = self._known.slug if self._known is not None and "slug" not in self else None
        return kept or self.slug.data
