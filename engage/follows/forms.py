"""What people type to follow something, to change it, and to get a receipt by mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import BooleanField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import EmailField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from engage.follows.addresses import suggestion, usable
from engage.follows.models import Follow, Frequency, NoticeFrequency, QueueNotice
from engage.follows.tokens import is_comment
from engage.follows.words import FREQUENCIES, NOTICES
from engage.web.forms import Form
from engage.web.locale import LANGUAGE_NAMES
from engage.web.news import MEETING, PERIOD

STOP = "stop"
NEVER = "never"

_REMINDERS = {PERIOD: _l("Remind me before it closes"), MEETING: _l("Remind me a day before it begins")}

_STYLES = [
    (
        "discreet",
        _l("Discreet: nothing in the mail says what it is about. You read the news on this site."),
    ),
    ("full", _l("In full: the mail names what it is about and says what is new.")),
]


def options(*pairs: tuple[str, object]) -> list[SelectChoice]:
    """What a field offers, from pairs of a value and its label."""
    return [SelectChoice(value=str(value), label=label) for value, label in pairs]


class AddressForm(Form):
    """An address, with a question where it looks mistyped. ``as_typed`` is the answer “it is right”."""

    address = EmailField(
        _l("Your e-mail address"),
        validators=[
            DataRequired(_l("Write your e-mail address.")),
            Length(max=254, message=_l("That is too long for an e-mail address.")),
        ],
    )

    def validate_address(self, field: EmailField) -> None:
        """Keep the address in one spelling in ``canonical``; ask back once where it looks mistyped."""
        self.canonical = usable(field.data or "")
        if self.canonical is None:
            raise ValidationError(_l("This is not an e-mail address."))
        self.suggestion = suggestion(self.canonical)
        if self.suggestion and request.form.get("as_typed") != self.canonical:
            raise ValidationError(_("Did you mean %(address)s?", address=self.suggestion))

    canonical: str | None = None
    suggestion: str | None = None


class FollowForm(AddressForm):
    """Who wants to be told, how often and how openly. ``also`` adds what belongs to it."""

    also = BooleanField()
    frequency = RadioField(
        _l("How often"),
        choices=options(*FREQUENCIES.items()),
        default=Frequency.DAILY,
        validators=[InputRequired()],
    )
    style = RadioField(
        _l("What the mail says"), choices=options(*_STYLES), default="discreet", validators=[InputRequired()]
    )


class ReceiptMailForm(AddressForm):
    """Where to send a tracking number, once."""


class FollowingForm(Form):
    """How somebody is written to; a field for each follow is added by ``following_form``."""

    language = SelectField(_l("Language of the mails"), choices=options(*LANGUAGE_NAMES.items()))
    style = RadioField(_l("What the mail says"), choices=options(*_STYLES))


class AddForm(Form):
    """One thing more to follow: chosen from the list, or a comment by its number."""

    what = SelectField(_l("Docket, comment period or meeting"), choices=[])
    frequency = SelectField(_l("How often"), choices=options(*FREQUENCIES.items()), default=Frequency.DAILY)


class AddCommentForm(Form):
    """A comment to follow, by its number."""

    tracking_number = StringField(
        _l("Tracking number"),
        validators=[
            DataRequired(_l("Type the tracking number from your receipt.")),
            Length(max=60, message=_l("That is too long for a tracking number.")),
        ],
    )


class QueueNoticeForm(Form):
    """How often a moderator is told that comments wait."""

    frequency = RadioField(
        _l("Mail me"), choices=options((NEVER, _l("Never")), *NOTICES.items()), validators=[InputRequired()]
    )

    @classmethod
    def of(cls, notice: QueueNotice | None) -> QueueNoticeForm:
        """The form as the setting stands."""
        return cls(frequency=notice.frequency if notice else NEVER)

    @property
    def chosen(self) -> NoticeFrequency | None:
        """The setting, None for never."""
        return None if self.frequency.data == NEVER else NoticeFrequency(self.frequency.data)


def following_form(
    follows: Sequence[tuple[Follow, bool]], names: Mapping[int, str], *, language: str, is_discreet: bool
) -> FollowingForm:
    """The form of somebody's follows, each with whether a reminder can still come; ``names`` is what each is
    called.
    """
    fields: dict[str, object] = {}
    values: dict[str, object] = {
        "language": language,
        "style": "discreet" if is_discreet else "full",
    }
    for follow, has_reminder in follows:
        choices = [*FREQUENCIES.items(), (STOP, _l("Not any more"))]
        if is_comment(follow):
            # Of one's own comment one is told at once: a digest would need to keep which one, and since when.
            choices = [choices[0], choices[-1]]
        fields[f"frequency_{follow.id}"] = SelectField(names[follow.id], choices=options(*choices))
        values[f"frequency_{follow.id}"] = follow.frequency
        if has_reminder and follow.subject_kind in _REMINDERS:
            fields[f"reminder_{follow.id}"] = BooleanField(
                Markup('{} <span class="visually-hidden">({})</span>').format(
                    _REMINDERS[follow.subject_kind], names[follow.id]
                )
            )
            values[f"reminder_{follow.id}"] = follow.wants_reminder
    made: type[FollowingForm] = type("FollowingForm", (FollowingForm,), fields)
    return made(data=values)
