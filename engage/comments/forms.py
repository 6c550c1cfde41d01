"""What people type into this room's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from engage.comments import words
from engage.comments.filters import UNSTATED, CommentFilter
from engage.comments.forms_additions import WithFiles
from engage.comments.models import CommentPeriod, LatePolicy, Position
from engage.comments.search import LONGEST_QUERY
from engage.comments.service.parity import NotFinished
from engage.comments.service.period import LONGEST_TEXT, SHORTEST_LIMIT, PeriodDraft
from engage.comments.service.submit import Submission
from engage.db.types import LANGUAGES, Localised
from engage.dockets.models import District, Docket
from engage.dockets.taxonomy import taxonomy_of
from engage.web.form_times import TIME_FORMATS, instant_of
from engage.web.forms import Form, one_line
from engage.web.locale import LANGUAGE_NAMES, localised
from engage.web.personal_data import MARK

_TIME_ZONES = sorted(zone for zone in available_timezones() if "/" in zone)
_LONGEST_NAME = 120
_LONGEST_ORGANISATION = 160


class CommentForm(WithFiles):
    """A resident's comment: only ``body`` is needed."""

    body = TextAreaField(
        _l("Your comment"),
        description=_l("Write in any language, in your own words."),
        validators=[DataRequired(_l("Write your comment."))],
        render_kw={MARK: True},
    )
    position = RadioField(
        _l("What is your position on the proposal?"),
        choices=[
            SelectChoice(Position.SUPPORT.value, _l("I support it")),
            SelectChoice(Position.OPPOSE.value, _l("I oppose it")),
            SelectChoice(Position.NEUTRAL.value, _l("I am neutral")),
            SelectChoice(Position.MIXED.value, _l("I am partly for it, partly against it")),
            SelectChoice(Position.QUESTION_ONLY.value, _l("I am only asking a question")),
            SelectChoice("", _l("I prefer not to say")),
        ],
        validators=[Optional()],
    )
    name = StringField(
        _l("Your name"),
        description=_l("If you give it, everybody can read it with your comment."),
        validators=[
            one_line,
            Length(max=_LONGEST_NAME, message=_l("Write at most 120 characters.")),
        ],
        render_kw={MARK: True},
    )
    organisation = StringField(
        _l("Organization that you write for"),
        description=_l("If you give it, everybody can read it with your comment."),
        validators=[
            one_line,
            Length(max=_LONGEST_ORGANISATION, message=_l("Write at most 160 characters.")),
        ],
        render_kw={MARK: True},
    )
    district = SelectField(
        _l("District where you live or work"),
        description=_l("If you choose one, everybody can read it. We never ask for an address."),
        validators=[Optional()],
    )
    client_token = HiddenField(render_kw={"data-draft-keep": True})

    def __init__(self, period: CommentPeriod, districts: Sequence[District], **values: Any) -> None:
        super().__init__(**values)
        self._limit = period.text_limit
        self._districts = {district.code: district for district in districts}
        self.body.flags.maxlength = period.text_limit
        self.district.choices = [
            SelectChoice("", _l("I prefer not to say")),
            *_choices({code: localised(district.name) for code, district in self._districts.items()}),
        ]

    def validate_body(self, field: Field) -> None:
        """Something to read, and not more than the period takes."""
        too_many = len(field.data) - self._limit
        if too_many > 0:
            raise ValidationError(
                _(
                    "Your comment has %(length)s characters. That is %(too_many)s more than %(limit)s.",
                    length=f"{len(field.data):,}",
                    too_many=f"{too_many:,}",
                    limit=f"{self._limit:,}",
                )
            )
        if not any(char.isprintable() and not char.isspace() for char in field.data):
            raise ValidationError(_("Write your comment: these characters are all invisible."))

    @property
    def submission(self) -> Submission:
        """What was said. Only for a form that is valid."""
        return Submission(
            body=self.body.data,
            position=Position(self.position.data) if self.position.data else None,
            name=self.name.data or None,
            organisation=self.organisation.data or None,
            district=self._districts.get(self.district.data),
        )


class FilterForm(Form):
    """Narrows the reading room down; its fields are the arguments of the address."""

    words = StringField(
        _l("Words"),
        description=_l("Whole words, in any order. Put “quotation marks” around words that belong together."),
        render_kw={"maxlength": LONGEST_QUERY},
    )
    position = SelectField(_l("Declared position"))
    concern = SelectField(_l("Concern"))
    tone = SelectField(_l("Tone"))
    written_in = SelectField(_l("Language"))
    district = SelectField(_l("District"))
    channel = SelectField(_l("How it reached us"))
    named = SelectField(_l("Name or organization"))
    late = SelectField(_l("Deadline"))
    day = DateField(_l("Day of receipt"))

    def __init__(self, criteria: CommentFilter, districts: Mapping[str, Localised], docket: Docket) -> None:
        super().__init__(formdata=None, data=criteria.arguments | {"day": criteria.day})
        options: dict[str, Mapping[Any, Any]] = {
            "position": words.POSITIONS,
            "concern": _by_name(
                _codes(taxonomy_of(docket).codes, criteria.concern),
                lambda code: words.concern_name(code, docket),
            ),
            "tone": words.TONES,
            "written_in": _by_name(_codes(words.EXPECTED_LANGUAGES, criteria.language), words.language_name),
            "district": {code: localised(name) for code, name in districts.items()}
            | {UNSTATED: _l("No district given")},
            "channel": words.CHANNELS,
            "named": {"yes": words.NAMED[True], "no": words.NAMED[False]},
            "late": {"yes": words.LATE[True], "no": words.LATE[False]},
        }
        for name, labels in options.items():
            self[name].choices = [SelectChoice("", _l("Any")), *_choices(labels)]


class SimilarForm(Form):
    """What posted comments should mean."""

    q = StringField(
        _l("What should the comments say?"),
        validators=[one_line, Length(max=LONGEST_QUERY)],
        render_kw={"maxlength": LONGEST_QUERY},
    )


def _choices(labels: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


def _codes(known: Sequence[str], chosen: str | None) -> set[str]:
    return {*known, chosen} if chosen else set(known)


def _by_name(codes: set[str], name_of: Callable[[str], str]) -> dict[str, str]:
    names = {code: name_of(code) for code in codes}
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))


class PeriodForm(Form):
    """A comment period as the staff write it: two languages, and the times that clocks in the place show.

    Once residents have seen ``period``, its dates and what is done with late comments are no fields any more:
    see change_forms.
    """

    title_en = StringField(_l("Title in English"), validators=[one_line, Length(max=200)])
    title_es = StringField(_l("Title in Spanish"), validators=[one_line, Length(max=200)])
    summary_en = TextAreaField(_l("What is proposed, in English"))
    summary_es = TextAreaField(_l("What is proposed, in Spanish"))
    plain_summary_en = TextAreaField(
        _l("The same in plain language, in English"),
        description=_l(
            "Short words and short sentences, so that people with eight years of school can read it."
        ),
    )
    plain_summary_es = TextAreaField(
        _l("The same in plain language, in Spanish"),
        description=_l(
            "Short words and short sentences, so that people with eight years of school can read it."
        ),
    )
    instructions_en = TextAreaField(_l("Other ways to comment, in English"))
    instructions_es = TextAreaField(_l("Other ways to comment, in Spanish"))
    notice_en = TextAreaField(_l("Public notice, in English"))
    notice_es = TextAreaField(_l("Public notice, in Spanish"))
    notice_posted_on = DateField(
        _l("The notice was posted on"),
        description=_l("Leave it empty for the day on which residents first see the period."),
        validators=[Optional()],
    )
    required_languages = SelectMultipleField(
        _l("Residents see the period only when it is written in"),
        choices=[SelectChoice(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        default=list(LANGUAGES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[DataRequired(_l("Choose at least one language."))],
    )
    opens_at = DateTimeLocalField(_l("Opens"), format=TIME_FORMATS, validators=[InputRequired()])
    closes_at = DateTimeLocalField(
        _l("Closes"),
        format=TIME_FORMATS,
        description=_l("A comment that arrives at this very time is late."),
        validators=[InputRequired()],
    )
    time_zone = SelectField(_l("Time zone"), validators=[InputRequired()])
    late_policy = RadioField(
        _l("A comment that comes after the end, in whatever way"),
        choices=[SelectChoice(policy.value, label) for policy, label in words.LATE_POLICIES.items()],
        default=LatePolicy.REFUSE.value,
        validators=[InputRequired()],
    )
    late_until = DateTimeLocalField(
        _l("Late comments are taken until"),
        format=TIME_FORMATS,
        description=_l("Only if they are taken at all. Leave it empty to take them without an end."),
        validators=[Optional()],
    )
    text_limit = IntegerField(
        _l("Longest comment, in characters"),
        default=5000,
        validators=[NumberRange(SHORTEST_LIMIT, LONGEST_TEXT)],
    )
    is_published = BooleanField(_l("Residents can see this period"))

    def __init__(self, period: CommentPeriod | None = None, **values: Any) -> None:
        super().__init__(**values)
        self._seen = period if period is not None and period.published_at is not None else None
        self.time_zone.choices = [SelectChoice(zone, zone) for zone in _TIME_ZONES]
        if self._seen:
            for name in ("opens_at", "closes_at", "time_zone", "late_policy", "late_until"):
                del self[name]

    def validate_opens_at(self, field: Field) -> None:
        """A time that a clock in the place shows."""
        self._instant(field)

    def validate_closes_at(self, field: Field) -> None:
        """A time that a clock in the place shows, after the opening."""
        closes_at = self._instant(field)
        opens_at = None if self.opens_at.errors else self._instant(self.opens_at)
        if closes_at and opens_at and closes_at <= opens_at:
            raise ValidationError(_("A period closes after it opens."))

    def validate_late_until(self, field: Field) -> None:
        """A time that a clock in the place shows, after the end, where late comments are taken."""
        late_until = self._instant(field)
        if late_until and self.late_policy.data != LatePolicy.ACCEPT_MARKED:
            raise ValidationError(
                _("Late comments are refused, so there is no time until which they are taken.")
            )
        closes_at = None if self.closes_at.errors else self._instant(self.closes_at)
        if late_until and closes_at and late_until <= closes_at:
            raise ValidationError(_("Late comments are taken until a time after the end."))

    def tell(self, refusal: NotFinished) -> None:
        """Put what is missing at the fields where it is to be written."""
        for text, code in refusal.missing:
            field = self[f"{text}_{code}"]
            field.errors = [*field.errors, needed_in_this_language(field)]

    def _instant(self, field: Field) -> datetime | None:
        """What was typed as an instant; None where it is no time or the zone is not one that we know."""
        if field.data is None or self.time_zone.data not in _TIME_ZONES:
            return None
        return instant_of(field, ZoneInfo(self.time_zone.data))

    @property
    def draft(self) -> PeriodDraft:
        """The period that was typed. Only for a form that is valid."""
        return PeriodDraft(
            title=Localised(self.title_en.data, self.title_es.data),
            summary=Localised(self.summary_en.data, self.summary_es.data),
            plain_summary=Localised(self.plain_summary_en.data, self.plain_summary_es.data),
            instructions=Localised(self.instructions_en.data, self.instructions_es.data),
            notice=Localised(self.notice_en.data, self.notice_es.data),
            notice_posted_on=self.notice_posted_on.data,
            required_languages=tuple(self.required_languages.data),
            text_limit=self.text_limit.data,
            **self._dates(),
        )

    def _dates(self) -> dict[str, Any]:
        if self._seen:
            names = ("opens_at", "closes_at", "time_zone", "late_policy", "late_until")
            return {name: getattr(self._seen, name) for name in names}
        return {
            "opens_at": self._instant(self.opens_at),
            "closes_at": self._instant(self.closes_at),
            "time_zone": self.time_zone.data,
            "late_policy": LatePolicy(self.late_policy.data),
            "late_until": self._instant(self.late_until),
        }


def needed_in_this_language(field: Field) -> str:
    """A sentence for a list of errors, where only the name of the field tells which one is meant."""
    return str(_("%(field)s: residents need this text in this language.", field=field.label.text))


class NewPeriodForm(PeriodForm):
    """A new period: its docket and its address, which stay, besides all that can be changed later."""

    docket = SelectField(_l("Docket"), validators=[InputRequired(_l("Choose the docket."))])
    slug = StringField(
        _l("Address"),
        description=_l("The last part of the page's address: small letters, digits and hyphens."),
        validators=[DataRequired(_l("Write the address.")), Length(max=80)],
    )

    def __init__(self, dockets: Sequence[Docket], **values: Any) -> None:
        super().__init__(**values)
        self._dockets = {docket.slug: docket for docket in dockets}
        self.docket.choices = _choices({docket.slug: localised(docket.title) for docket in dockets})

    @property
    def chosen_docket(self) -> Docket:
        """The docket that was chosen. Only for a form that is valid."""
        return self._dockets[self.docket.data]
