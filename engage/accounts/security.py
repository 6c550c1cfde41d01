"""Flask-Security, set so that it asks little, keeps less, and says the same to everybody."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, current_app, session
from flask_login import user_logged_out
from flask_login.utils import _user_context_processor
from flask_security import (
    FSQLALiteUserDatastore,
    MailUtil,
    MfRecoveryCodesUtil,
    Security,
    Totp,
    UserMixin,
    password_reset,
    url_for_security,
    user_authenticated,
)
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch

from engage import paths
from engage.accounts import attempts, forms, keys, letters, texts
from engage.accounts.access import FRESH_FOR, PUBLIC, SIGNED_IN, declare
from engage.accounts.models import Role, User
from engage.accounts.service import SHORTEST_PASSWORD
from engage.config import Settings
from engage.db.session import db
from engage.mail.service import queue_message
from engage.web.locale import PREFIX
from engage.web.transactions import begin_late

_RESET_WITHIN = timedelta(minutes=30)

# The way through the sign-in is open to everybody; the rest of the library's pages is for those who went it.
_PUBLIC = frozenset(
    {
        "login",
        "logout",
        "forgot_password",
        "reset_password",
        "two_factor_setup",
        "two_factor_token_validation",
    }
    | {"two_factor_rescue", "tf_select", "mf_recovery"}
)

# What a session keeps when somebody signs in; everything else in it may have been put there by somebody else.
_KEPT_AT_SIGN_IN = frozenset({"_user_id", "_fresh", "fs_cc", "fs_paa", "_flashes"})


def init_app(app: Flask) -> None:
    """Set the library up, and take out what we do not use: tokens, JSON answers, its commands."""
    settings: Settings = app.config["ENGAGE_SETTINGS"]
    app.config.update({f"SECURITY_{name}": value for name, value in _settings(settings).items()})
    app.config.update({f"SECURITY_MSG_{name}": message for name, message in texts.MESSAGES.items()})
    security = Security(
        app,
        FSQLALiteUserDatastore(db, User, Role),
        login_form=forms.LoginForm,
        verify_form=forms.VerifyForm,
        forgot_password_form=forms.ForgotPasswordForm,
        reset_password_form=forms.ResetPasswordForm,
        change_password_form=forms.ChangePasswordForm,
        two_factor_setup_form=forms.TwoFactorSetupForm,
        two_factor_verify_code_form=forms.TwoFactorCodeForm,
        two_factor_rescue_form=forms.TwoFactorRescueForm,
        mf_recovery_form=forms.RecoveryForm,
        mail_util_cls=OutboxMail,
        totp_cls=SingleUseTotp,
        mf_recovery_codes_util_cls=SingleUseRecoveryCodes,
    )
    security.want_json(lambda _request: False)
    # It would put a hash of the address on the network into the cookie.
    app.login_manager.session_protection = None  # type: ignore[attr-defined]
    # No token in a header or an address signs anybody in.
    app.login_manager.request_loader(None)  # type: ignore[attr-defined]
    _ask_only_when_asked(app, security)
    user_authenticated.connect(_begin_session, app)
    user_logged_out.connect(_end_session, app)
    password_reset.connect(_forget_attempts, app)
    begin_late(app, "accounts.login", "accounts.verify", "accounts.forgot_password")
    for endpoint in app.view_functions:
        blueprint, _, name = endpoint.partition(".")
        if blueprint == "accounts":
            declare(app, endpoint, PUBLIC if name in _PUBLIC else SIGNED_IN)


def _settings(settings: Settings) -> dict[str, Any]:
    return (
        {
            "BLUEPRINT_NAME": "accounts",
            "URL_PREFIX": f"{PREFIX}/staff",
            "STATIC_FOLDER": None,
            "CLI_USERS_NAME": False,
            "CLI_ROLES_NAME": False,
            # Its texts and ours are looked up in our catalogue.
            "I18N_DOMAIN": "messages",
            "I18N_DIRNAME": str(paths.TRANSLATIONS),
            # Its own header says no-store=True, which means nothing; web.headers says it for every page.
            "CACHE_CONTROL": None,
            "API_ENABLED_METHODS": ["session"],
            "RETURN_GENERIC_RESPONSES": True,
            # Looking up whether a domain takes mail would ask the network and tell who is known by its time.
            "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        }
        | _addresses()
        | _templates()
        | _passwords(settings.secret_key)
        | _second_factor(settings)
    )


def _addresses() -> dict[str, Any]:
    return {
        "LOGIN_URL": "/sign-in",
        "LOGOUT_URL": "/sign-out",
        "RESET_URL": "/reset",
        "CHANGE_URL": "/password",
        "VERIFY_URL": "/confirm",
        "TWO_FACTOR_SETUP_URL": "/second-factor",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": "/code",
        "TWO_FACTOR_RESCUE_URL": "/code/help",
        "TWO_FACTOR_SELECT_URL": "/code/choose",
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
        "MULTI_FACTOR_RECOVERY_URL": "/recovery",
        "POST_LOGIN_VIEW": "staff.home",
        "POST_VERIFY_VIEW": "staff.home",
        "POST_CHANGE_VIEW": "staff.account",
        "POST_LOGOUT_VIEW": "pages.home",
        "TWO_FACTOR_POST_SETUP_VIEW": "staff.account",
        "LOGOUT_METHODS": ["POST"],
        "LOGOUT_CSRF": True,
    }


def _templates() -> dict[str, Any]:
    pages = {
        "LOGIN_USER_TEMPLATE": "login",
        "VERIFY_TEMPLATE": "verify",
        "FORGOT_PASSWORD_TEMPLATE": "forgot_password",
        "RESET_PASSWORD_TEMPLATE": "reset_password",
        "CHANGE_PASSWORD_TEMPLATE": "change_password",
        "TWO_FACTOR_SETUP_TEMPLATE": "two_factor_setup",
        "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "two_factor_token_validation",
        "MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "mf_recovery_codes",
        "MULTI_FACTOR_RECOVERY_TEMPLATE": "mf_recovery",
    }
    return {name: f"accounts/{page}.html" for name, page in pages.items()}


def _passwords(secret_key: str) -> dict[str, Any]:
    return {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        # Not a salt, which argon2 makes itself, but a pepper: the hashes alone cannot be guessed at.
        "PASSWORD_SALT": keys.derive_text(secret_key, "passwords"),
        "PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
        # Of a part of reset links that nobody reads; the default is slow and would tell who has an account.
        "HASHING_SCHEMES": ["hex_sha256"],
        "RECOVERABLE": True,
        "RESET_PASSWORD_WITHIN": _RESET_WITHIN,
        "CHANGEABLE": True,
        "FRESHNESS": FRESH_FOR,
        "FRESHNESS_GRACE_PERIOD": timedelta(0),
        # Bodies are written in letters.py.
        "EMAIL_PLAINTEXT": False,
        "EMAIL_HTML": False,
    }


def _second_factor(settings: Settings) -> dict[str, Any]:
    return {
        "TWO_FACTOR": True,
        "TWO_FACTOR_REQUIRED": settings.staff_mfa,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_ALWAYS_VALIDATE": True,
        "TOTP_SECRETS": {"1": keys.derive_text(settings.secret_key, "second factor")},
        "TOTP_ISSUER": settings.site_short_name,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [keys.derive_text(settings.secret_key, "recovery codes")],
    }


class SingleUseTotp(Totp):
    """Codes of an authenticator app, each taken once, even when it arrives twice at the same moment."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The step of the last code that was taken."""
        return cast(User, user).tf_last_counter

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Take a code. Raises UsedTokenError where another request was faster."""
        taken = db.session.execute(
            sa.update(User)
            .where(
                User.id == user.id,
                sa.or_(User.tf_last_counter.is_(None), User.tf_last_counter < tmatch.counter),
            )
            .values(tf_last_counter=tmatch.counter)
        )
        if taken.rowcount == 0:  # type: ignore[attr-defined]
            raise UsedTokenError


class SingleUseRecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes, each taken once, even when it arrives twice at the same moment."""

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Whether a code is good, with the account's row locked until it is crossed out."""
        db.session.execute(sa.select(User.id).where(User.id == user.id).with_for_update())
        db.session.refresh(user, ["mf_recovery_codes"])
        return bool(super().check_recovery_code(user, code))


class OutboxMail(MailUtil):
    """The library's mail, in our words, through our outbox."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **context: Any,
    ) -> None:
        """Queue one message of this account."""
        if token := context.get("reset_token"):
            path = url_for_security("reset_password", token=token)
            letter = letters.password_reset(f"{current_app.config['ENGAGE_SETTINGS'].base_url}{path}")
        else:
            letter = letters.password_changed()
        queue_message(
            db.session,
            event_key=f"{template.rpartition('/')[2]}:{secrets.token_hex(16)}",
            recipient=str(recipient),
            subject=letter.subject,
            body=letter.body,
        )


def _ask_only_when_asked(app: Flask, security: Security) -> None:
    """Let no hook of the libraries look up who reads before a view or a page wants to know.

    They would on every request and for every template: not even an error page could do without a database.
    """
    app.before_request_funcs[None].remove(security.principal._on_before_request)  # noqa: SLF001
    app.template_context_processors[None].remove(_user_context_processor)


def _begin_session(_app: Flask, **_about: object) -> None:
    """Whoever prepared this browser's session knows nothing of the one that begins now."""
    for name in set(session) - _KEPT_AT_SIGN_IN:
        session.pop(name)


def _end_session(_app: Flask, **_about: object) -> None:
    session.clear()


def _forget_attempts(_app: Flask, user: User, **_about: object) -> None:
    attempts.forget(db.session, user.email)
