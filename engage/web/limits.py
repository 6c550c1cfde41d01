"""How often a network may ask for what costs much or can be misused. One table says it for the whole site.

Residents share addresses: a library, a church hall, a telephone company. The rates are for all of them
together, so they are far above what a full room does and far below what a flood needs. Whoever is over one
gets the page 429 with all that was typed and the time after which to send it again.

Where the counting fails, the request passes: a comment is never lost to a counter.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import redis
import structlog
from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from engage.clock import utcnow
from engage.config import Settings
from engage.web import errors
from engage.web.client_network import client_network
from engage.web.limit_keys import DayKey, KeySource, MemoryFile, RedisKey
from engage.web.limit_store import SqliteStorage
from engage.web.transactions import SAFE_METHODS

log = structlog.get_logger()


class Kind(StrEnum):
    """What a request is, as far as its rate goes. All views of one kind are counted together."""

    SUBMIT = "submit"
    """A comment is sent."""
    NOTICE = "notice"
    """Somebody tells us something about a comment: reports, contests, appeals, withdraws."""
    RATE = "rate"
    """Somebody says of a published summary whether it is fair."""
    MAIL = "mail"
    """A mail goes to an address that was typed."""
    LOOKUP = "lookup"
    """A number or a code can be guessed."""
    SEARCH = "search"
    """The database searches."""
    EXPORT = "export"
    """A whole file is made."""
    PRINT = "print"
    """A whole report is set as PDF: about a second of a processor."""


# Shortest window first: see _Limits.wait.
RATES = {
    Kind.SUBMIT: "120 per 10 minutes; 480 per hour",
    Kind.NOTICE: "60 per 10 minutes; 240 per hour",
    Kind.RATE: "120 per 10 minutes; 480 per hour",
    Kind.MAIL: "40 per 10 minutes; 120 per hour",
    Kind.LOOKUP: "300 per 10 minutes; 1200 per hour",
    Kind.SEARCH: "600 per 10 minutes",
    Kind.EXPORT: "60 per 10 minutes",
    Kind.PRINT: "30 per 10 minutes",
}
"""No window is longer than an hour: nobody who wants to speak has to come back on another day."""

LIMITED: dict[str, Kind] = {
    "calendars.city_scrapers": Kind.SEARCH,
    "calendars.docket": Kind.SEARCH,
    "calendars.meeting": Kind.SEARCH,
    "calendars.open_civic_data": Kind.SEARCH,
    "calendars.site": Kind.SEARCH,
    "comments.reading_room": Kind.SEARCH,
    "comments.similar": Kind.SEARCH,
    "comments.submit_comment": Kind.SUBMIT,
    "feedback.check": Kind.LOOKUP,
    "feedback.cross_tables": Kind.SEARCH,
    "feedback.definition_json": Kind.EXPORT,
    "feedback.question_texts": Kind.SEARCH,
    "feedback.received": Kind.SUBMIT,
    "feedback.results_csv": Kind.EXPORT,
    "feedback.results_json": Kind.EXPORT,
    "feedback.results_schema": Kind.SEARCH,
    "feeds.docket": Kind.SEARCH,
    "feeds.meeting": Kind.SEARCH,
    "feeds.meetings": Kind.SEARCH,
    "feeds.period": Kind.SEARCH,
    "feeds.periods": Kind.SEARCH,
    "follows.follow_comment": Kind.MAIL,
    "follows.follow_docket": Kind.MAIL,
    "follows.follow_meeting": Kind.MAIL,
    "follows.follow_period": Kind.MAIL,
    "follows.mail_receipt": Kind.MAIL,
    "intake.code": Kind.LOOKUP,
    "lifecycle.columns_csv": Kind.EXPORT,
    "lifecycle.readiness_csv": Kind.EXPORT,
    "lifecycle.readiness_json": Kind.EXPORT,
    "lifecycle.stakeholders_csv": Kind.EXPORT,
    "lifecycle.stakeholders_json": Kind.EXPORT,
    "meetings.notice_chain_csv": Kind.EXPORT,
    "meetings.notice_json": Kind.SEARCH,
    "meetings.notice_ledger": Kind.SEARCH,
    "meetings.notice_ledger_csv": Kind.EXPORT,
    "meetings.register": Kind.SUBMIT,
    "meetings.speak": Kind.SUBMIT,
    "moderation.appeal": Kind.NOTICE,
    "moderation.contest": Kind.LOOKUP,
    "moderation.contest_case": Kind.LOOKUP,
    "moderation.contest_comment": Kind.NOTICE,
    "moderation.neutrality_csv": Kind.EXPORT,
    "moderation.public_log_csv": Kind.EXPORT,
    "moderation.report_comment": Kind.NOTICE,
    "oversight.dictionary_csv": Kind.SEARCH,
    "oversight.indicator_csv": Kind.EXPORT,
    "oversight.indicator_json": Kind.EXPORT,
    "oversight.record_csv": Kind.EXPORT,
    "oversight.record_json": Kind.EXPORT,
    "receipts.checkpoint": Kind.SEARCH,
    "receipts.consistency": Kind.SEARCH,
    "receipts.cosign": Kind.NOTICE,
    "receipts.download": Kind.LOOKUP,
    "receipts.entries": Kind.EXPORT,
    "receipts.lookup": Kind.LOOKUP,
    "receipts.manifest": Kind.EXPORT,
    "receipts.openings": Kind.EXPORT,
    "receipts.proof": Kind.SEARCH,
    "receipts.receipt": Kind.LOOKUP,
    "receipts.withdraw": Kind.LOOKUP,
    "reports.changes": Kind.SEARCH,
    "reports.figure": Kind.SEARCH,
    "reports.version_figure": Kind.SEARCH,
    "reports.frozen_comments": Kind.SEARCH,
    "reports.frozen_numbers": Kind.EXPORT,
    "reports.rate": Kind.RATE,
    "reports.rate_concern": Kind.RATE,
    "reports.report_brief": Kind.PRINT,
    "reports.report_csv": Kind.EXPORT,
    "reports.report_dictionary": Kind.EXPORT,
    "reports.report_json": Kind.EXPORT,
    "reports.report_pdf": Kind.PRINT,
    "reports.report_xlsx": Kind.EXPORT,
    "reports.schema": Kind.SEARCH,
    "responses.answers_csv": Kind.EXPORT,
    "responses.answers_json": Kind.EXPORT,
    "responses.commitments_csv": Kind.EXPORT,
    "responses.question_comments": Kind.SEARCH,
}
"""A view that takes a form is counted when the form is sent; one that only shows, whenever it is asked."""

UNLIMITED = {
    "accounts.forgot_password": "paused for each account (accounts/attempts.py)",
    "accounts.login": "paused for each account (accounts/attempts.py)",
    "accounts.logout": "ends a session and does nothing else",
    "accounts.mf_recovery": "paused for each account (accounts/attempts.py)",
    "accounts.reset_password": "needs a token that cannot be guessed",
    "accounts.tf_select": "needs a password first",
    "accounts.two_factor_rescue": "needs a password first",
    "accounts.two_factor_setup": "needs a password first",
    "accounts.two_factor_token_validation": "paused for each account (accounts/attempts.py)",
    "feedback.form": "keeps nothing, takes few fields; a code at its start and what is sent are counted",
    "follows.add": "needs a token that cannot be guessed",
    "follows.add_comment": "needs a token that cannot be guessed",
    "follows.confirm": "needs a token that cannot be guessed",
    "follows.following": "needs a token that cannot be guessed",
    "follows.no_reminder": "changes only what this browser's own follow is told",
    "follows.stop": "needs a token that cannot be guessed",
    "feedback.helper_enter": "needs the code of a batch, and a library enters many",
    "intake.batch_entry": "needs the code of a batch, and a library enters many",
    "intake.leave": "ends a session and does nothing else",
    "intake.mistaken": "needs the code of a batch",
    "mail.one_click": "needs a token that cannot be guessed",
    "meetings.cancel_wish": "needs a code that cannot be guessed",
    "meetings.ask_for_need": "needs a code that cannot be guessed",
    "meetings.cancel_attendance": "needs a code that cannot be guessed",
    "meetings.change_attendance": "needs a code that cannot be guessed",
    "meetings.stop_mail": "needs a code that cannot be guessed",
    "meetings.withdraw_need": "needs a code that cannot be guessed",
    "staff.accept_invitation": "needs a token that cannot be guessed",
}
"""Public views that take forms and have no rate, each with its reason."""

_STATE = "limits"
_PAUSE_SECONDS = 10.0
_REDIS_SECONDS = 0.5


@dataclass(slots=True)
class _Limits:
    """What counts for one app. After a failure nothing is counted for a moment: nobody waits for it."""

    storage: Storage
    key: DayKey
    proxy_hops: int
    rates: dict[Kind, list[RateLimitItem]]
    silent_until: float = 0.0
    told: set[str] = field(default_factory=set)

    def wait(self, kind: Kind, network: str) -> float:
        """Count a request; returns the seconds to wait for the next, 0 where this one may pass."""
        limiter, client = FixedWindowRateLimiter(self.storage), self.key.hash(kind, network)
        for rate in self.rates[kind]:
            if not limiter.hit(rate, client):
                # What is refused does not count for the longer windows: to try again early costs nobody more.
                return max(1.0, limiter.get_window_stats(rate, client).reset_time - utcnow().timestamp())
        return 0.0

    def tell_once(self, event: str) -> None:
        """Log something that would be true of every request from now on."""
        if event not in self.told:
            self.told.add(event)
            log.warning(event)


def init_app(app: Flask, settings: Settings) -> None:
    """Count before anything else is done for a request: no lock is held yet. Call before transactions."""
    if not settings.limits:
        return
    storage, source = _storage(settings.limits_url)
    rates = {kind: parse_many(text) for kind, text in RATES.items()}
    app.extensions[_STATE] = _Limits(storage, DayKey(source), settings.proxy_hops, rates)
    app.before_request(_check)


def forget_past() -> None:
    """Destroy what is over: counts of past windows and the key of a past day. May be called at any time."""
    limits: _Limits | None = current_app.extensions.get(_STATE)
    if limits is None:
        return
    limits.key.forget_past()
    if isinstance(limits.storage, SqliteStorage):
        try:
            limits.storage.forget_ended()
        except limits.storage.base_exceptions as error:
            log.warning("limits_not_purged", error=type(error).__name__)


def destroy_key(app: Flask) -> None:
    """Leave no key behind when the site stops: its counts are then of no use to anybody."""
    if _STATE in app.extensions:
        app.extensions[_STATE].key.destroy()


def _storage(url: str) -> tuple[Storage, KeySource]:
    if url.startswith("sqlite"):
        return SqliteStorage(url), MemoryFile.beside(url)
    waits: dict[str, Any] = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
    shared = RedisStorage(url, wrap_exceptions=True, **waits)
    return shared, RedisKey(shared.storage)


def _kind() -> Kind | None:
    methods = (request.url_rule.methods if request.url_rule else None) or set()
    only_shows_its_form = request.method in SAFE_METHODS and bool(methods - SAFE_METHODS)
    return None if only_shows_its_form else LIMITED.get(request.endpoint or "")


def count(kind: Kind) -> ResponseReturnValue | None:
    """For a view of which only some requests count: count this one; returns the page 429 where it is over."""
    return _count(kind) if _STATE in current_app.extensions else None


def _check() -> ResponseReturnValue | None:
    kind = _kind()
    return None if kind is None else _count(kind)


def _count(kind: Kind) -> ResponseReturnValue | None:
    limits: _Limits = current_app.extensions[_STATE]
    if time.monotonic() < limits.silent_until:
        return None
    network = client_network(request, limits.proxy_hops)
    if network is None:
        limits.tell_once("limits_do_not_know_the_network")
        return None
    try:
        seconds = limits.wait(kind, network)
    except (StorageError, redis.RedisError) as error:
        limits.silent_until = time.monotonic() + _PAUSE_SECONDS
        cause = error.storage_error if isinstance(error, StorageError) else error
        log.warning("limits_down", error=type(cause).__name__)
        return None
    return errors.page(429, wait=math.ceil(seconds)) if seconds else None
