"""What people type to find a receipt, to withdraw a comment, and to hand in a cosignature."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from engage.receipts.codes import CodeKind, Mistyped, OtherKind, from_code
from engage.web.forms import Form

_TOO_LONG = _l("That is too long for a code.")
_TYPING_ERROR = _l("There is a typing error in this code. Compare it with your receipt, group by group.")


class CodeForm(Form):
    """The code from a receipt, as a person types it. ``secret`` is what it stands for, once it is valid."""

    code = StringField(
        _l("Receipt code"),
        description=_l("Seven groups of four, on your receipt below the tracking number."),
        validators=[DataRequired(_l("Type the receipt code.")), Length(max=80, message=_TOO_LONG)],
    )

    def validate_code(self, field: StringField) -> None:
        """Tell a typing error, and the other code of the same receipt."""
        try:
            from_code(field.data or "", CodeKind.RECEIPT)
        except OtherKind:
            raise ValidationError(
                _l("This is the withdrawal code. Here the longer one is needed, the receipt code.")
            ) from None
        except Mistyped:
            raise ValidationError(_TYPING_ERROR) from None

    @property
    def secret(self) -> bytes | None:
        """The bits of the code; None where none was typed."""
        return from_code(self.code.data, CodeKind.RECEIPT) if self.code.data else None


class ReceiptForm(CodeForm):
    """The number from a receipt, as a person types it; with the code its holder sees more."""

    tracking_number = StringField(
        _l("Tracking number"),
        description=_l("It looks like 7k3-m9qp-x2vd. Capitals, spaces and hyphens do not matter."),
        validators=[
            DataRequired(_l("Type the tracking number from your receipt.")),
            Length(max=60, message=_l("That is too long for a tracking number.")),
        ],
    )
    code = StringField(
        _l("Receipt code"),
        description=_l("Only with it you see your own words and the proof, and can download your receipt."),
        validators=[Optional(), Length(max=80, message=_TOO_LONG)],
    )


class WithdrawForm(Form):
    """The code that withdraws a comment; ``confirmed`` once its author has read what that does."""

    secret_code = StringField(
        _l("Withdrawal code"),
        description=_l("Four groups of four, on your receipt. It is not the receipt code."),
        validators=[DataRequired(_l("Type the withdrawal code.")), Length(max=80, message=_TOO_LONG)],
    )
    confirmed = HiddenField()

    def validate_secret_code(self, field: StringField) -> None:
        """Tell a typing error, and the other code of the same receipt."""
        try:
            from_code(field.data or "", CodeKind.WITHDRAWAL)
        except OtherKind:
            raise ValidationError(
                _l("This is the receipt code. Here the shorter one is needed, the withdrawal code.")
            ) from None
        except Mistyped:
            raise ValidationError(_TYPING_ERROR) from None


class CosignatureForm(Form):
    """A head of the log with the line of a witness below it."""

    note = TextAreaField(
        _l("Cosigned checkpoint"),
        validators=[
            DataRequired(_l("Paste the checkpoint with your line below it.")),
            Length(max=10_000, message=_l("That is too long for a checkpoint.")),
        ],
    )
