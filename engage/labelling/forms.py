"""What people who label type and tick."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField, ValidationError
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from engage.analysis import OTHER, PositionLabel, Taxonomy
from engage.comments.models import Comment
from engage.comments.reviewed import machine_codes, review_of
from engage.labelling import words
from engage.labelling.models import Label, LabelTone
from engage.web.forms import Form
from engage.web.locale import language

LARGEST_SAMPLE = 5_000
USUAL_SAMPLE = 200


class DrawForm(Form):
    """How many comments to draw."""

    size = IntegerField(
        _l("Comments in the sample"),
        description=_l(
            "At least 100 must be labeled before a share gets an interval; 200 to 400 make it narrower. "
            "Comments that are drawn already stay."
        ),
        default=USUAL_SAMPLE,
        validators=[
            InputRequired(_l("Say how many comments to draw.")),
            NumberRange(1, LARGEST_SAMPLE, _l("Draw between 1 and 5,000 comments.")),
        ],
    )


class _ConcernsForm(Form):
    """The concerns that a person finds in a comment."""

    concerns = SelectMultipleField(
        _l("Which subjects does it raise?"),
        description=_l("Tick every one that is mentioned, by whichever side, also where it is only denied."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def __init__(self, taxonomy: Taxonomy, *further: str, **options: Any) -> None:
        super().__init__(**options)
        codes = [code for code in (*taxonomy.codes, *further) if code != OTHER]
        names = [(code, taxonomy.name_of(code, language())) for code in dict.fromkeys(codes)]
        self.concerns.choices = [SelectChoice(*item) for item in (*names, (OTHER, _("None of these")))]

    def validate_concerns(self, field: Field) -> None:
        """At least one, and “None of these” alone."""
        if not field.data:
            raise ValidationError(_("Tick the subjects that it raises, or “None of these”."))
        if OTHER in field.data and len(field.data) > 1:
            raise ValidationError(_("“None of these” cannot be ticked together with a subject."))


class ReviewForm(_ConcernsForm):
    """What a person finds in a comment. Nothing is ticked before a person has read it, so that what the
    program finds counts as read only where somebody says that it is right (``verdict``).

    ``found`` is what the program found when the page was shown.
    """

    RIGHT = "right"

    of_digest = HiddenField(validators=[InputRequired()])
    found = HiddenField()
    verdict = HiddenField()

    def __init__(self, taxonomy: Taxonomy, comment: Comment, **options: Any) -> None:
        standing = [concern.code for concern in comment.analysis.concerns] if comment.analysis else []
        self.by_program = sorted(machine_codes(comment)) or [OTHER]
        read = standing if review_of(comment) is not None else []
        data = {"concerns": read, "of_digest": comment.body_digest, "found": ",".join(self.by_program)}
        # What a docket does not look for any more can still be kept.
        super().__init__(taxonomy, *standing, *self.by_program, data=data, **options)

    def validate(self, extra_validators: Any = None) -> bool:
        """What the program found is what was read, where the person says so of what stands there now."""
        now = ",".join(self.by_program)
        is_changed = self.verdict.data == self.RIGHT and self.found.data != now
        if self.verdict.data == self.RIGHT:
            self.concerns.data = list(self.by_program)
        is_valid: bool = super().validate(extra_validators)
        if is_changed:
            self.concerns.data = []
            self.concerns.errors = [_("The program finds something else now. Look again.")]
        self.found.data = now
        return is_valid and not is_changed


class LabelForm(_ConcernsForm):
    """One person's label of one comment."""

    position = RadioField(
        _l("What does the writer want done with the proposal?"),
        choices=[SelectChoice(value, label) for value, label in words.POSITIONS.items()],
        validators=[InputRequired(_l("Choose what the writer wants; “Unclear” is an answer too."))],
    )
    tone = RadioField(
        _l("How does it sound?"),
        choices=[SelectChoice("", _l("No answer")), *(SelectChoice(*item) for item in words.TONES.items())],
        default="",
        validate_choice=True,
    )

    def __init__(self, taxonomy: Taxonomy, label: Label | None, **options: Any) -> None:
        super().__init__(taxonomy, data=_as_ticked(label), **options)

    @property
    def said_position(self) -> PositionLabel:
        """The position. Only for a valid form."""
        return PositionLabel(self.position.data)

    @property
    def said_tone(self) -> LabelTone | None:
        """The tone, None where the person did not say."""
        return LabelTone(self.tone.data) if self.tone.data else None


def _as_ticked(label: Label | None) -> dict[str, object]:
    if label is None:
        return {}
    return {"position": label.position.value, "concerns": label.codes, "tone": label.tone or ""}
