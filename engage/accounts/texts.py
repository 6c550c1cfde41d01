"""Flask-Security's messages in our words, as its own Spanish is half there; and the names of the roles."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.accounts.models import RoleName
from engage.marks import N_

ROLE_LABELS: dict[RoleName, LazyString] = {
    RoleName.RESIDENT: _l("Resident"),
    RoleName.HOST: _l("Host"),
    RoleName.MODERATOR: _l("Moderator"),
    RoleName.CLERK: _l("Clerk"),
    RoleName.OFFICIAL: _l("Official"),
    RoleName.ADMINISTRATOR: _l("Administrator"),
}


MESSAGES: dict[str, tuple[str, str]] = {
    "API_ERROR": (N_("This was not filled in as the page expects. Please try again."), "error"),
    "ANONYMOUS_USER_REQUIRED": (N_("You are signed in already."), "info"),
    "DISABLED_ACCOUNT": (N_("This account is not active. Ask an administrator."), "error"),
    "EMAIL_NOT_PROVIDED": (N_("Write your e-mail address."), "error"),
    "GENERIC_AUTHN_FAILED": (
        N_(
            "The e-mail address and the password do not match, or there were too many attempts. "
            "Wait a minute and try again."
        ),
        "error",
    ),
    "INVALID_CODE": (N_("This code is not right, or it was used before. Wait for the next one."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("This is not an e-mail address."), "error"),
    "INVALID_PASSWORD": (
        N_("This is not your password, or there were too many attempts. Wait a minute and try again."),
        "error",
    ),
    "INVALID_RECOVERY_CODE": (N_("This recovery code is not right, or it was used before."), "error"),
    "INVALID_REDIRECT": (N_("That address leads out of this site."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        N_("This link was used already or is not complete. Ask for a new one."),
        "error",
    ),
    "NO_RECOVERY_CODES_SETUP": (N_("You have no recovery codes yet."), "info"),
    "PASSWORD_CHANGE": (N_("Your password was changed. You are signed out everywhere else."), "success"),
    "PASSWORD_INVALID_LENGTH": (
        N_("A password needs at least %(length)s characters, and at most 128."),
        "error",
    ),
    "PASSWORD_IS_THE_SAME": (N_("The new password is the same as the old one."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Write a password."), "error"),
    "PASSWORD_RESET_EXPIRED": (N_("This link is older than %(within)s. Ask for a new one."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your password was changed. Sign in with the new one."), "success"),
    "PASSWORD_RESET_REQUEST": (
        N_("If there is an account for %(email)s, a link to set a new password is on its way there."),
        "info",
    ),
    "REAUTHENTICATION_REQUIRED": (N_("Please give your password again before you go on."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you. You can go on."), "success"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords are not the same."), "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (N_("Your second factor is set up."), "success"),
    "TWO_FACTOR_DISABLED": (N_("Your second factor is off."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (
        N_("This code is not right, or it was used before. Wait for the next one."),
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (N_("This method is not available."), "error"),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Please begin with your e-mail address and password."), "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (N_("This took longer than %(within)s. Please begin again."), "error"),
    "UNAUTHENTICATED": (N_("Sign in to open this page."), "info"),
    "USER_DOES_NOT_EXIST": (N_("There is no such account."), "error"),
}
"""Of Flask-Security's messages, those that a feature which is on can show."""


def role_labels(names: Collection[RoleName]) -> list[str]:
    """The names of roles in the reader's language, always in the same order."""
    return [str(label) for role, label in ROLE_LABELS.items() if role in names]
