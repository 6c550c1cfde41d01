"""What is typed about accounts: Flask-Security's forms in our words, and the administrators' own."""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_security import forms as base
from flask_security import hash_password
from flask_security.forms import RequiredLocalize
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import get_message, validate_redirect_url
from wtforms import (
    EmailField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    SubmitField,
    ValidationError,
)
from wtforms.fields import Field, SelectChoice
from wtforms.validators import DataRequired, Length, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from engage.accounts import attempts, service
from engage.accounts.attempts import Kind
from engage.accounts.models import RoleName
from engage.accounts.texts import ROLE_LABELS
from engage.db.session import begin_writing, db
from engage.errors import RuleBroken
from engage.web.forms import Form, one_line


class _CountsFailures:
    """Of a form that asks for a secret: a wrong one is counted, and after too many none is looked at.

    ``secret`` is the field, ``refusal`` the message for a wrong one, which is the same for one that was not
    looked at.
    """

    secret = "password"  # noqa: S105 - the name of the field.
    refusal = "INVALID_PASSWORD"

    def guarded_email(self) -> str:
        """Whose attempts count."""
        return str(current_user.email)

    def was_wrong(self) -> bool:
        """Whether it is the secret that was refused, not something else in the form."""
        return bool(self[self.secret].errors)  # type: ignore[index]

    def validate(self, **kwargs: Any) -> bool:
        """Look at the secret, unless there were too many wrong ones."""
        field = self[self.secret]  # type: ignore[index]
        email = self.guarded_email()
        if attempts.is_refused(db.session, Kind.SIGN_IN, email):
            field.errors = [get_message(self.refusal)[0]]
            return False
        if super().validate(**kwargs):  # type: ignore[misc]
            return True
        if field.data and email and self.was_wrong():
            # Only now is there anything to write: the slow hash above must not have held up other writers.
            db.session.rollback()
            begin_writing(db.session)
            attempts.count(db.session, Kind.SIGN_IN, email)
        return False


def _password(label: LazyString, autocomplete: str, description: LazyString | str = "") -> PasswordField:
    return PasswordField(
        label,
        description=description,
        render_kw={"autocomplete": autocomplete},
        validators=[base.IsString(), base.password_required],
    )


def _strip(text: str | None) -> str | None:
    return text.strip() if isinstance(text, str) else text


def _new_password() -> PasswordField:
    advice = _l("At least 12 characters. A few words in a row are easy to remember.")
    return _password(_l("New password"), "new-password", advice)


def _new_password_again(other: str) -> PasswordField:
    return PasswordField(
        _l("New password again"),
        render_kw={"autocomplete": "new-password"},
        validators=[
            base.IsString(),
            base.password_required,
            base.EqualToLocalize(other, message="RETYPE_PASSWORD_MISMATCH"),
        ],
    )


class LoginForm(_CountsFailures, base.LoginForm):
    """The sign-in. There is no box to stay signed in."""

    email = EmailField(
        _l("E-mail address"),
        filters=[_strip],
        render_kw={"autocomplete": "username"},
        validators=[base.IsString(), base.email_required, base.EmailValidation(verify=False)],
    )
    password = _password(_l("Password"), "current-password")
    remember = None
    submit = SubmitField(_l("Sign in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""
        # Always a place on this site, so that the way through the second factor never falls back on this
        # page's address.
        if not validate_redirect_url(self.next.data):
            self.next.data = url_for("staff.home")

    def guarded_email(self) -> str:
        """Whoever is named, with an account or without."""
        return self.email.data or ""

    def was_wrong(self) -> bool:
        """Whether the two do not belong together."""
        return bool(self.email.errors or self.password.errors)


class VerifyForm(_CountsFailures, base.VerifyForm):
    """The password again, before something that matters."""

    password = _password(_l("Password"), "current-password")
    submit = SubmitField(_l("Go on"))


class ForgotPasswordForm(base.ForgotPasswordForm):
    """Asking for a link by which to set a new password. Takes as long for an address without an account."""

    email = EmailField(
        _l("E-mail address"),
        filters=[_strip],
        render_kw={"autocomplete": "username"},
        validators=[
            base.IsString(),
            base.email_required,
            base.EmailValidation(verify=False),
            base.valid_user_email,
        ],
    )
    submit = SubmitField(_l("Send me a link"))

    def validate(self, **kwargs: Any) -> bool:
        """Whether a link goes out. Either way one password is hashed and one request is counted."""
        email = self.email.data or ""
        is_refused = attempts.is_refused(db.session, Kind.RESET, email)
        is_known = super().validate(**kwargs)
        if is_refused:
            self.email.errors = [get_message("USER_DOES_NOT_EXIST")[0]]
            return False
        if is_known:
            # The view does the same for an address without an account.
            hash_password("not-a-password")
            _count_reset(email)
            return True

        @after_this_request
        def count(response: Response) -> Response:
            _count_reset(email)
            return response

        return False


def _count_reset(email: str) -> None:
    """Write only after all that is slow, as above."""
    db.session.rollback()
    begin_writing(db.session)
    attempts.count(db.session, Kind.RESET, email)


class ResetPasswordForm(base.ResetPasswordForm):
    """A new password, by the link from a mail."""

    password = _new_password()
    password_confirm = _new_password_again("password")
    submit = SubmitField(_l("Set this password"))


class ChangePasswordForm(_CountsFailures, base.ChangePasswordForm):
    """A new password for somebody who is signed in."""

    password = _password(_l("Present password"), "current-password")
    new_password = _new_password()
    new_password_confirm = _new_password_again("new_password")
    submit = SubmitField(_l("Change my password"))


class TwoFactorSetupForm(base.TwoFactorSetupForm):
    """Setting up the second factor, or turning it off where it is not required."""

    setup = RadioField(
        _l("What do you want to do?"),
        choices=[
            SelectChoice("authenticator", _l("Set up an authenticator app")),
            SelectChoice("disable", _l("Turn the second factor off")),
        ],
        default="authenticator",
        validate_choice=False,
    )
    submit = SubmitField(_l("Go on"))


class TwoFactorCodeForm(_CountsFailures, base.TwoFactorVerifyCodeForm):
    """The code that the authenticator app shows."""

    secret = "code"  # noqa: S105 - the name of the field.
    refusal = "TWO_FACTOR_INVALID_TOKEN"

    code = StringField(
        _l("Code"),
        description=_l("Six digits from your authenticator app."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
        validators=[base.IsStringOrInt(), RequiredLocalize(message="INVALID_CODE")],
    )
    submit = SubmitField(_l("Go on"))

    def guarded_email(self) -> str:
        """Whoever has given the password."""
        return self.user.email if self.user is not None else ""


class TwoFactorRescueForm(base.TwoFactorRescueForm):
    """What to do without the app: only the recovery codes; an administrator helps in person."""

    help_setup = RadioField(_l("Without the app"), choices=[])


class RecoveryForm(_CountsFailures, MfRecoveryForm):
    """A recovery code in place of the app's."""

    secret = "code"  # noqa: S105 - the name of the field.
    refusal = "INVALID_RECOVERY_CODE"

    code = StringField(
        _l("Recovery code"),
        description=_l("One of those that you wrote down, such as 1a2b-3c4d-5e6f. Each works once."),
        filters=[lambda text: "".join(text.split()).lower() if text else text],
        render_kw={"autocomplete": "off"},
        validators=[base.IsString(), RequiredLocalize(message="INVALID_RECOVERY_CODE")],
    )
    submit = SubmitField(_l("Go on"))

    def guarded_email(self) -> str:
        """Whoever has given the password."""
        return self.user.email if self.user is not None else ""


def _at_least_one(_form: Form, field: SelectMultipleField) -> None:
    """Something must be ticked. InputRequired would make every single box required in the browser."""
    if not field.data:
        raise StopValidation(_l("Choose at least one role."))


class RolesForm(Form):
    """What somebody may do."""

    roles = SelectMultipleField(
        _l("Roles"),
        choices=[
            SelectChoice(role.value, label)
            for role, label in ROLE_LABELS.items()
            if role is not RoleName.RESIDENT
        ],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[_at_least_one],
    )

    def chosen(self) -> list[RoleName]:
        """The roles that were ticked."""
        return [RoleName(value) for value in self.roles.data or ()]


class PersonForm(RolesForm):
    """A new account."""

    name = StringField(
        _l("Name"),
        description=_l("As colleagues see it."),
        validators=[DataRequired(_l("Write a name.")), Length(max=120), one_line],
    )
    email = EmailField(
        _l("E-mail address"), validators=[DataRequired(_l("Write an e-mail address.")), Length(max=254)]
    )

    def validate_email(self, field: EmailField) -> None:
        """Refuse what is no address."""
        try:
            field.data = service.normalise_email(field.data)
        except RuleBroken as error:
            raise ValidationError(str(error)) from None


class DeleteAccountForm(Form):
    """The address of one's own account, so that nobody deletes it by one wrong click."""

    email = StringField(
        _l("Type the e-mail address of your account"),
        validators=[DataRequired(_l("Type the e-mail address of your account."))],
    )

    def __init__(self, address: str, **values: Any) -> None:
        super().__init__(**values)
        self._address = address

    def validate_email(self, field: Field) -> None:
        """The same address, whatever the capitals."""
        if field.data.casefold() != self._address.casefold():
            raise ValidationError(_("This is not the e-mail address of your account."))
