"""What moderators choose in a text that the public may not read: the fields that comments and forms share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from engage.comments.redacted import KINDS, RedactionKind
from engage.comments.spans import Span, each_of, found_in
from engage.web.forms import Form

_MOST_SPANS = 200
_AROUND = 30


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Personal data that the finder sees, with the words around it, to be ticked."""

    value: str
    kind: RedactionKind
    before: str
    text: str
    after: str
    is_ticked: bool


def words_field(label: LazyString) -> TextAreaField:
    """Words to take out wherever they stand, one line each."""
    return TextAreaField(
        label,
        description=_l("One name, number or phrase a line. Capitals make no difference."),
        validators=[Length(max=2000, message=_l("Those are too many words at once."))],
    )


class SpansForm(Form):
    """Stretches of a text: found or selected ones (``start-stop-kind``), and words.

    A subclass has the field ``words``, whose label says what is done with them.
    """

    span = SelectMultipleField(
        choices=[],
        validate_choice=False,
        validators=[Length(max=_MOST_SPANS, message=_l("Those are too many stretches at once."))],
    )
    words: TextAreaField
    kind = SelectField(
        _l("What these words are"),
        choices=[SelectChoice(value, label) for value, label in KINDS.items()],
        default="private_fact",
    )
    version = HiddenField(validators=[Length(max=64)])

    def validate_span(self, _field: Field) -> None:
        """Each names a place and a kind that we know."""
        try:
            self._ticked()
        except ValueError:
            raise ValidationError(_("One of these stretches is not in the text.")) from None

    def spans(self, text: str) -> list[Span]:
        """All that was chosen, as places in the text that the moderator sees. Only for a valid form."""
        kind = RedactionKind(self.kind.data)
        return [*self._ticked(), *(span for line in self._lines() for span in each_of(line, text, kind))]

    def is_all_in(self, text: str) -> bool:
        """Whether every line of words stands in the text; an error is said at those that do not."""
        lacking = [line for line in self._lines() if not each_of(line, text, RedactionKind.PRIVATE_FACT)]
        if lacking:
            self.words.errors = [_("Not in the text: %(words)s", words=", ".join(lacking))]
        return not lacking

    def suggestions(self, text: str) -> Sequence[Suggestion]:
        """The personal data that the finder sees in a text, ticked where it was."""
        ticked = set(self.span.data or ())
        return [
            Suggestion(
                value := f"{span.start}-{span.stop}-{span.kind}",
                span.kind,
                text[max(span.start - _AROUND, 0) : span.start],
                text[span.start : span.stop],
                text[span.stop : span.stop + _AROUND],
                value in ticked,
            )
            for span in found_in(text)
        ]

    def _lines(self) -> list[str]:
        return [line.strip() for line in (self.words.data or "").splitlines() if line.strip()]

    def _ticked(self) -> list[Span]:
        spans = []
        for value in self.span.data or ():
            start, stop, kind = value.split("-", 2)
            spans.append(Span(int(start), int(stop), RedactionKind(kind)))
        return spans
