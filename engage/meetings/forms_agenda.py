"""What staff type into the agenda of a meeting, and about its documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from engage.comments.file_words import ACCEPT
from engage.dockets.forms import LocalisedForm
from engage.dockets.models import DocumentVersion
from engage.files import LARGEST_FILE, CleanFile
from engage.meetings import words
from engage.meetings.models import AgendaItem, FileKindName, MeetingFile
from engage.meetings.service.agenda import ItemDraft, Source
from engage.web.addresses import is_secure_address
from engage.web.forms import one_line
from engage.web.locale import localised

_TITLE = (one_line, Length(max=200, message=_l("Write at most 200 characters.")))
_TEXT = (Length(max=5000, message=_l("Write at most 5,000 characters.")),)
_MARKDOWN = _l("You can use Markdown: # for headings, - for lists, **bold**.")


class _TitledForm(LocalisedForm):
    """A form about something with a title, in one language at least."""

    title_en = StringField(_l("Title in English"), validators=_TITLE)
    title_es = StringField(_l("Title in Spanish"), validators=_TITLE)

    def validate_title_en(self, _field: Field) -> None:
        """Written in one language at least: both are needed only where residents are to read it."""
        if not self.localised("title"):
            raise ValidationError(_("Write a title, in one language at least."))


class ItemForm(_TitledForm):
    """An item of an agenda."""

    summary_en = TextAreaField(_l("What it is about, in English"), description=_MARKDOWN, validators=_TEXT)
    summary_es = TextAreaField(_l("What it is about, in Spanish"), description=_MARKDOWN, validators=_TEXT)
    takes_written = BooleanField(_l("Residents can write on this item before the meeting"), default=True)
    takes_speakers = BooleanField(_l("Residents can sign up to speak on this item"), default=True)

    def __init__(self, item: AgendaItem | None = None) -> None:
        values: dict[str, Any] = {}
        if item:
            values = {"takes_written": item.takes_written, "takes_speakers": item.takes_speakers}
            values |= self.pair("title", item.title)
            values |= self.pair("summary", item.summary) if item.summary else {}
        super().__init__(data=values)

    @property
    def draft(self) -> ItemDraft:
        """The item that was typed. Only for a form that is valid."""
        return ItemDraft(
            self.localised("title"),
            self.localised("summary"),
            takes_written=self.takes_written.data,
            takes_speakers=self.takes_speakers.data,
        )


class FileForm(_TitledForm):
    """A document of a meeting, from exactly one source; one that is there already may keep its own.

    ``uploaded`` is what was made of the file that came with the form: see views.papers.
    """

    kind = SelectField(
        _l("What it is"), choices=[SelectChoice(kind, name) for kind, name in words.FILES.items()]
    )
    file = FileField(
        _l("Upload a file"),
        description=_l(
            "A document (PDF), a picture (JPEG, PNG) or plain text (TXT) of at most %(size)s. We make it "
            "anew: what is hidden in it, such as its author, goes.",
            size=f"{LARGEST_FILE // 1024**2} MB",
        ),
        render_kw={"accept": ACCEPT},
    )
    version = SelectField(_l("Or: a document of the docket"), validators=[Optional()])
    link = URLField(
        _l("Or: a link to another site"),
        description=_l("It begins with https://."),
        validators=[Length(max=1000, message=_l("Write at most 1,000 characters."))],
    )

    def __init__(
        self,
        versions: Sequence[DocumentVersion],
        *,
        uploaded: CleanFile | str | None,
        current: MeetingFile | None = None,
    ) -> None:
        values: dict[str, Any] = {"kind": FileKindName.PACKET.value}
        if current:
            values = {"kind": current.kind.value} | self.pair("title", current.title)
        super().__init__(data=values)
        self._versions: Mapping[str, DocumentVersion] = {str(version.id): version for version in versions}
        self._uploaded, self._current = uploaded, current
        self.version.choices = [
            SelectChoice("", _l("No document of the docket")),
            *(SelectChoice(key, _named(version)) for key, version in self._versions.items()),
        ]

    def validate_link(self, field: Field) -> None:
        """An address that a browser opens and that runs nothing."""
        if field.data and not is_secure_address(field.data):
            raise ValidationError(_("Write the whole address of the page, beginning with https://."))

    def validate(self, extra_validators: Any = None) -> bool:
        """One source, and one only."""
        is_valid: bool = super().validate(extra_validators)
        if isinstance(self._uploaded, str):
            self._blame(self._uploaded)
            return False
        given = [source for source in (self._uploaded, self.version.data, self.link.data) if source]
        if len(given) > 1:
            self._blame(_("Choose one: a file, a document of the docket, or a link."))
        elif not given and self._current is None:
            self._blame(_("Choose a file or a document of the docket, or write a link."))
        return is_valid and not self.file.errors

    @property
    def source(self) -> Source | None:
        """Where the document comes from; None to keep the one that is there. Only for a valid form."""
        if isinstance(self._uploaded, CleanFile):
            return self._uploaded
        chosen: str = self.version.data or ""
        typed: str | None = self.link.data or None
        return self._versions.get(chosen) or typed

    def _blame(self, message: str) -> None:
        self.file.errors = [*self.file.errors, message]


def _named(version: DocumentVersion) -> str:
    title = localised(version.document.title)
    number: str = _("version %(number)s", number=version.number)
    return f"{title}, {number}"
