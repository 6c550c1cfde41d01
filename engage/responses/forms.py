"""What officials and clerks type: answers, promises and their steps, questions. English and Spanish, side by
side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from engage.comments.words import concern_name
from engage.db.types import Localised
from engage.dockets.forms import LocalisedForm
from engage.responses import words
from engage.responses.models import Commitment, CommitmentState, Question, Response, ResponseState
from engage.responses.service import answer as answers
from engage.responses.service.commitment import CommitmentDraft, StepDraft
from engage.responses.service.question import AnswerDraft, QuestionDraft
from engage.web.addresses import source_address
from engage.web.forms import one_line
from engage.web.locale import localised

_LINE = (one_line, Length(max=200, message=_l("Write at most 200 characters.")))
_TEXT = (Length(max=20_000, message=_l("Write at most 20,000 characters.")),)
_MARKDOWN = _l("You can use Markdown: # for headings, - for lists, **bold**.")
_OFFICE = _l("An office, never a person: Sheriff’s Office.")
_OFFICE_ES = _l("An office, never a person: Oficina del Alguacil.")
_NEEDED = _l("%(field)s: this is needed before it can be published.")
_BAD_DAY = _l("Write the day as a date, such as 2026-10-03.")


def need(form: LocalisedForm, fields: Iterable[str]) -> None:
    """Say at each of these fields that it is needed."""
    for name in fields:
        form[name].errors = [str(_NEEDED) % {"field": form[name].label.text}]


def read_first() -> str:
    """What to do where somebody else has saved meanwhile; what was typed still stands in the form."""
    return str(_("What they wrote is below. If you save again, your text takes its place."))


_OWNER_TOO = _l("Residents see who answers next to the day: write it in both languages, or in none.")


def _whole_owner(form: LocalisedForm) -> bool:
    """Whether the owner is in both languages or in none; if not, said at the field that lacks it."""
    owner = form.localised("owner")
    if not owner or owner.is_complete:
        return True
    field = form["owner_es" if owner.en else "owner_en"]
    field.errors = [*field.errors, str(_OWNER_TOO)]
    return False


class DayField(DateField):
    """A day; what is no day is told in one plain sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_BAD_DAY)) from None


class AnswerForm(LocalisedForm):
    """The answer to one concern. A draft may lack anything, a ready one may not."""

    owner_en = StringField(_l("Who answers, in English"), description=_OFFICE, validators=_LINE)
    owner_es = StringField(_l("Who answers, in Spanish"), description=_OFFICE_ES, validators=_LINE)
    due_on = DayField(_l("Promised for"), validators=[Optional()])
    state = SelectField(
        _l("What becomes of it"),
        choices=[
            SelectChoice("", _l("Not chosen yet")),
            *(SelectChoice(state, words.STATES[state]) for state in ResponseState),
        ],
    )
    body_en = TextAreaField(_l("Answer in English"), description=_MARKDOWN, validators=_TEXT)
    body_es = TextAreaField(_l("Answer in Spanish"), description=_MARKDOWN, validators=_TEXT)
    is_ready = BooleanField(_l("Ready: publish it with the others that are ready"))
    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def __init__(self, row: Response | None) -> None:
        values: dict[str, Any] = {"revision": 0}
        if row is not None:
            values = {
                "revision": row.revision,
                "due_on": row.due_on,
                "state": row.state or "",
                "is_ready": row.is_ready,
            }
            values |= self.pair("owner", row.owner) | self.pair("body", row.body)
        super().__init__(data=values)
        self.due_on.description = (
            _("Of an answer that is under consideration: the day by which the county decides.")
            if row is not None and row.versions
            else _(
                "Residents see this day, and who answers, as soon as you save. The first day stays visible."
            )
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """As soon as a day is set residents see who answers, so in both languages."""
        is_valid: bool = super().validate(extra_validators)
        return (not self.due_on.data or _whole_owner(self)) and is_valid

    def take_revision(self, revision: int) -> None:
        """Let what is sent next be a change of this revision: its text was shown."""
        self.revision.raw_data, self.revision.data = None, revision

    @property
    def draft(self) -> answers.AnswerDraft:
        """What was typed."""
        return answers.AnswerDraft(
            owner=self.localised("owner"),
            due_on=self.due_on.data,
            state=ResponseState(self.state.data) if self.state.data else None,
            body=self.localised("body"),
            is_ready=self.is_ready.data,
        )


class DueForm(LocalisedForm):
    """A day, and who answers, for many concerns at once; the concerns themselves are boxes of a table."""

    due_on = DayField(_l("Answer all that are ticked by"), validators=[InputRequired(_l("Choose the day."))])
    owner_en = StringField(_l("Who answers, in English"), description=_OFFICE, validators=_LINE)
    owner_es = StringField(_l("Who answers, in Spanish"), description=_OFFICE_ES, validators=_LINE)

    def validate(self, extra_validators: Any = None) -> bool:
        """Residents see who answers at once, so in both languages."""
        is_valid: bool = super().validate(extra_validators)
        return _whole_owner(self) and is_valid

    @property
    def owner(self) -> Localised:
        """The office that was typed."""
        return self.localised("owner")


class CommitmentForm(LocalisedForm):
    """A promise, while it is a draft."""

    title_en = StringField(_l("What is promised, in English"), validators=_LINE)
    title_es = StringField(_l("What is promised, in Spanish"), validators=_LINE)
    body_en = TextAreaField(_l("In more words, in English"), description=_MARKDOWN, validators=_TEXT)
    body_es = TextAreaField(_l("In more words, in Spanish"), description=_MARKDOWN, validators=_TEXT)
    owner_en = StringField(_l("Who keeps it, in English"), description=_OFFICE, validators=_LINE)
    owner_es = StringField(_l("Who keeps it, in Spanish"), description=_OFFICE_ES, validators=_LINE)
    due_on = DayField(
        _l("Promised for"), description=_l("Needed before it is published."), validators=[Optional()]
    )
    response = SelectField(_l("Promised with the answer to"), validate_choice=True)
    seen = HiddenField()

    def __init__(self, row: Commitment | None, offered: Sequence[Response], mark: str = "") -> None:
        values: dict[str, Any] = {"seen": mark}
        if row is not None:
            values |= {"due_on": row.due_on, "response": str(row.response_id or "")}
            for name in ("title", "body", "owner"):
                values |= self.pair(name, getattr(row, name))
        super().__init__(data=values)
        self._offered = {str(answer.id): answer for answer in offered}
        self.response.choices = [
            SelectChoice("", _l("No answer to a concern")),
            *(SelectChoice(key, _named(answer)) for key, answer in self._offered.items()),
        ]

    def validate_title_en(self, _field: Field) -> None:
        """A title in one language at least, so that colleagues know which draft it is."""
        if not self.localised("title"):
            raise ValidationError(_("Write what is promised, in one language at least."))

    @property
    def draft(self) -> CommitmentDraft:
        """What was typed."""
        return CommitmentDraft(
            title=self.localised("title"),
            body=self.localised("body"),
            owner=self.localised("owner"),
            due_on=self.due_on.data,
            response=self._offered.get(self.response.data or ""),
        )


class StepForm(LocalisedForm):
    """What has become of a promise."""

    state = SelectField(
        _l("State"),
        choices=[SelectChoice(state, words.COMMITMENT_STATES[state]) for state in CommitmentState],
    )
    percent = IntegerField(
        _l("How far it has come, in percent"),
        validators=[Optional(), NumberRange(0, 100, message=_l("Write a number from 0 to 100."))],
    )
    due_on = DayField(
        _l("Moved to"),
        description=_l("Only if it is promised for another day now. Residents see both days."),
        validators=[Optional()],
    )
    note_en = TextAreaField(_l("What has been done, in English"), validators=_TEXT)
    note_es = TextAreaField(_l("What has been done, in Spanish"), validators=_TEXT)

    def __init__(self, state: CommitmentState) -> None:
        super().__init__(data={"state": state})

    def validate_note_en(self, field: Field) -> None:
        """Published at once, so it is needed in both languages."""
        _require(field)

    def validate_note_es(self, field: Field) -> None:
        """Published at once, so it is needed in both languages."""
        _require(field)

    @property
    def draft(self) -> StepDraft:
        """What was typed."""
        return StepDraft(
            state=CommitmentState(self.state.data),
            percent=self.percent.data,
            due_on=self.due_on.data,
            note=self.localised("note"),
        )


class _SourceForm(LocalisedForm):
    """An answer to a question, with where it is from."""

    answer_en = TextAreaField(_l("Answer in English"), description=_MARKDOWN, validators=_TEXT)
    answer_es = TextAreaField(_l("Answer in Spanish"), description=_MARKDOWN, validators=_TEXT)
    source_en = StringField(
        _l("Source, in English"),
        description=_l(
            "Where the answer is from, so that residents can check it: a law, a budget, a record."
        ),
        validators=_LINE,
    )
    source_es = StringField(_l("Source, in Spanish"), validators=_LINE)
    source_url = source_address(_l("Address of the source"))
    seen = HiddenField()

    @property
    def answer(self) -> AnswerDraft:
        """The answer that was typed."""
        return AnswerDraft(
            answer=self.localised("answer"),
            source=self.localised("source"),
            source_url=self.source_url.data or None,
        )

    def answer_of(self, row: Question) -> dict[str, Any]:
        """The answer of a question as initial values."""
        return {
            **self.pair("answer", row.answer),
            **self.pair("source", row.source),
            "source_url": row.source_url or "",
        }


class QuestionForm(_SourceForm):
    """A question, and its answer while that is a draft."""

    text_en = StringField(
        _l("Question in English"),
        validators=[one_line, Length(max=400, message=_l("Write at most 400 characters."))],
    )
    text_es = StringField(
        _l("Question in Spanish"),
        validators=[one_line, Length(max=400, message=_l("Write at most 400 characters."))],
    )
    is_disputed = BooleanField(_l("A fact that comments dispute, rather than a question"))
    owner_en = StringField(_l("Who answers, in English"), description=_OFFICE, validators=_LINE)
    owner_es = StringField(_l("Who answers, in Spanish"), description=_OFFICE_ES, validators=_LINE)
    due_on = DayField(_l("Promised for"), validators=[Optional()])

    def __init__(self, row: Question, mark: str) -> None:
        values: dict[str, Any] = {"seen": mark, "is_disputed": row.is_disputed, "due_on": row.due_on}
        values |= self.pair("text", row.text) | self.pair("owner", row.owner) | self.answer_of(row)
        super().__init__(data=values)
        self._row = row
        if row.asked_at is not None:
            # Residents have read them: what is not there cannot be changed.
            del self.text_en, self.text_es, self.is_disputed

    def validate(self, extra_validators: Any = None) -> bool:
        """A question in one language at least, so that colleagues know which it is."""
        is_valid: bool = super().validate(extra_validators)
        if "text_en" in self and not self.localised("text"):
            self.text_en.errors = [_("Write the question, in one language at least.")]
            return False
        return is_valid

    @property
    def draft(self) -> QuestionDraft:
        """What was typed."""
        is_asked = "text_en" not in self
        return QuestionDraft(
            text=self._row.text if is_asked else self.localised("text"),
            is_disputed=self._row.is_disputed if is_asked else self.is_disputed.data,
            owner=self.localised("owner"),
            due_on=self.due_on.data,
            answer=self.answer,
        )


class CorrectionForm(_SourceForm):
    """Another answer in place of the one that residents read."""

    def __init__(self, row: Question, mark: str) -> None:
        super().__init__(data={"seen": mark} | self.answer_of(row))


class GatherForm(LocalisedForm):
    """To which question chosen comments belong: one that there is, or a new one."""

    into = SelectField(_l("They ask"))
    text_en = StringField(
        _l("New question in English"),
        validators=[one_line, Length(max=400, message=_l("Write at most 400 characters."))],
    )
    text_es = StringField(
        _l("New question in Spanish"),
        validators=[one_line, Length(max=400, message=_l("Write at most 400 characters."))],
    )
    is_disputed = BooleanField(_l("A fact that comments dispute, rather than a question"))

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__()
        self._questions = {str(question.id): question for question in questions}
        self.into.choices = [
            SelectChoice("", _l("A new question, written below")),
            *question_choices(questions),
        ]

    def validate_text_en(self, _field: Field) -> None:
        """A new question has words, in one language at least."""
        if not self.into.data and not self.localised("text"):
            raise ValidationError(_("Choose a question, or write a new one."))

    @property
    def question(self) -> Question | None:
        """The question that was chosen; None for a new one."""
        return self._questions.get(self.into.data or "")


class MergeForm(LocalisedForm):
    """The question into which another one goes."""

    into = SelectField(_l("Merge this question into"))

    def __init__(self, others: Sequence[Question]) -> None:
        super().__init__()
        self._others = {str(question.id): question for question in others}
        self.into.choices = question_choices(others)

    @property
    def question(self) -> Question:
        """The question that was chosen. Only for a form that is valid."""
        return self._others[self.into.data]


def question_choices(questions: Sequence[Question]) -> list[SelectChoice]:
    """Questions to choose from, each with its number."""
    return [
        SelectChoice(str(question.id), f"{question.id}: {localised(question.text)}") for question in questions
    ]


def _named(answer: Response) -> str:
    return f"{concern_name(answer.concern, answer.period.docket)} – {localised(answer.period.title)}"


def _require(field: Field) -> None:
    if not field.data:
        raise ValidationError(
            _("%(field)s: residents read both languages, so write this too.", field=field.label.text)
        )
