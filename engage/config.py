"""Settings, read once from the environment and frozen. A bad one stops the start with one clear line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engage import paths
from engage.errors import EngageError
from engage.sealing import derive

ENVIRONMENT_FILE = paths.INSTANCE / "engage.env"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class BadSetting(EngageError):
    """A setting is missing or cannot be used; the text names it and says what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that may differ between two installations of the same code.

    ``secret_key`` signs cookies and tokens (at least 32 characters). ``database_url``, ``queue_url`` and
    ``mail_url`` are URLs; an empty ``mail_url`` keeps mail in the outbox. ``base_url`` has no trailing slash.
    ``staff_mfa`` is True unless an installation says otherwise: staff then need a second factor to sign in.
    ``second_person`` is True unless an installation says otherwise: to keep a public comment from readers, or
    any for a reason that weighs words, then takes two people (see moderation.rules).
    ``contact_key`` encrypts contact details and sealed originals, ``log_key`` signs the public log of
    receipts; each is made of the secret key where it is not set, and then lasts only as long as that one.
    ``mark_file`` keeps, outside the database, how long the public logs were: see backup.marks.
    ``site_exit_url`` is where the button leads with which residents leave in a hurry: a page that anybody
    might be looking at, of another site.
    ``limits`` is False where another machine in front already holds floods off, and for load tests.
    ``proxy_hops`` is the number of our own proxies in front: their word about a visitor is believed.
    ``semantic`` lets the analysis and the search go by meaning too; it needs the extra ``engage[semantic]``.
    """

    secret_key: str
    contact_key: str
    log_key: str
    database_url: str
    queue_url: str
    limits_url: str
    limits: bool
    proxy_hops: int
    mail_url: str
    mark_file: Path
    base_url: str
    trusted_hosts: tuple[str, ...]
    staff_mfa: bool
    second_person: bool
    semantic: bool
    site_name: str
    site_short_name: str
    site_time_zone: ZoneInfo
    site_contact: str
    site_exit_url: str

    @property
    def is_https(self) -> bool:
        """Whether people reach the site over TLS, so that cookies must be Secure and HSTS is sent."""
        return self.base_url.startswith("https://")


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read every ``ENGAGE_…`` setting. Raises BadSetting with one line for the first that cannot be used."""

    def read(name: str, default: str) -> str:
        return environment.get(f"ENGAGE_{name}", "").strip() or default

    base_url = _http_url("BASE_URL", read("BASE_URL", "http://127.0.0.1:8000"))
    site_name = read("SITE_NAME", "Engage")
    secret_key = _secret("SECRET_KEY", read("SECRET_KEY", ""))
    return Settings(
        secret_key=secret_key,
        contact_key=_secret("CONTACT_KEY", read("CONTACT_KEY", derive(secret_key, "contacts").hex())),
        log_key=_secret("LOG_KEY", read("LOG_KEY", derive(secret_key, "log").hex())),
        database_url=_database_url(read("DATABASE_URL", _sqlite_file("engage.sqlite"))),
        queue_url=_url("QUEUE_URL", read("QUEUE_URL", _sqlite_file("queue.sqlite")), _QUEUE_SCHEMES),
        limits_url=_url("LIMITS_URL", read("LIMITS_URL", _sqlite_file("limits.sqlite")), _LIMIT_SCHEMES),
        limits=_choice("LIMITS", read("LIMITS", "on"), {"on": True, "off": False}),
        proxy_hops=_number("PROXY_HOPS", read("PROXY_HOPS", "0"), _MOST_HOPS),
        mail_url=_mail_url(read("MAIL_URL", "")),
        mark_file=Path(read("MARK_FILE", str(paths.INSTANCE / "log.mark"))),
        base_url=base_url,
        trusted_hosts=_hosts(read("TRUSTED_HOSTS", ""), base_url),
        staff_mfa=_choice("STAFF_MFA", read("STAFF_MFA", "required"), {"required": True, "optional": False}),
        second_person=_choice(
            "SECOND_PERSON", read("SECOND_PERSON", "required"), {"required": True, "optional": False}
        ),
        semantic=_choice("SEMANTIC", read("SEMANTIC", "off"), {"off": False, "on": True}),
        site_name=site_name,
        site_short_name=read("SITE_SHORT_NAME", site_name),
        site_time_zone=_time_zone("SITE_TIME_ZONE", read("SITE_TIME_ZONE", "America/New_York")),
        site_contact=read("SITE_CONTACT", ""),
        site_exit_url=_http_url("SITE_EXIT_URL", read("SITE_EXIT_URL", "https://www.weather.gov/")),
    )


def read_environment_file(path: Path = ENVIRONMENT_FILE) -> dict[str, str]:
    """The ``NAME=value`` lines of the file that ``make run`` writes beside the database; empty without."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


_QUEUE_SCHEMES = ("sqlite", "postgresql", "redis", "rediss")
_LIMIT_SCHEMES = ("sqlite", "redis", "rediss")
_MAIL_SCHEMES = ("smtp", "smtps")
_SHORTEST_SECRET = 32
_MOST_HOPS = 9


def _sqlite_file(name: str) -> str:
    return f"sqlite:///{paths.INSTANCE / name}"


def _secret(name: str, value: str) -> str:
    advice = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
    if not value:
        raise BadSetting(f"ENGAGE_{name} is not set. {advice}")
    if len(value) < _SHORTEST_SECRET:
        raise BadSetting(f"ENGAGE_{name} is shorter than {_SHORTEST_SECRET} characters. {advice}")
    return value


def _url(name: str, value: str, schemes: tuple[str, ...]) -> str:
    if value and urlsplit(value).scheme not in schemes:
        raise BadSetting(
            f"ENGAGE_{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}."
        )
    return value


def _mail_url(value: str) -> str:
    """The address of a mail server with the sender's address in it, or nothing."""
    parts = urlsplit(_url("MAIL_URL", value, _MAIL_SCHEMES))
    if value and (not parts.hostname or "@" not in parse_qs(parts.query).get("from", [""])[0]):
        raise BadSetting(
            "ENGAGE_MAIL_URL must look like smtp://user:password@mail.example.gov:587?from=engage@example.gov."
        )
    return value


def _database_url(value: str) -> str:
    """An address that SQLAlchemy understands, with the driver that we install for PostgreSQL."""
    _url("DATABASE_URL", value.replace("+psycopg://", "://"), ("sqlite", "postgresql", "postgres"))
    scheme, separator, rest = value.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme.startswith("postgres") else value


def _http_url(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting(f"ENGAGE_{name} must be an address such as https://engage.example.gov.")
    return value.rstrip("/")


def _hosts(value: str, base_url: str) -> tuple[str, ...]:
    named = tuple(host.strip() for host in value.split(",") if host.strip())
    return named or (urlsplit(base_url).hostname or "", *LOOPBACK)


def _choice(name: str, value: str, choices: Mapping[str, bool]) -> bool:
    if value not in choices:
        raise BadSetting(f"ENGAGE_{name} must be one of: {', '.join(choices)}.")
    return choices[value]


def _number(name: str, value: str, most: int) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) <= most):
        raise BadSetting(f"ENGAGE_{name} must be a number from 0 to {most}.")
    return int(value)


def _time_zone(name: str, value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadSetting(f"ENGAGE_{name} must be a time zone such as America/New_York.") from None
