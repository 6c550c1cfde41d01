"""The key of the day, under which the networks of clients are hashed for counting. It is never on a disk.

A network is one of sixteen million; who has the key of a hash finds it by trying them all. So the key is
random, lives in memory only, and is overwritten by the next day's: then no file, backup or dump says any more
who came.

Several processes must count together, so they share the key: on one machine in a file of a memory file
system, beside no data; for many machines in the Redis that also counts, where it expires at midnight UTC.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
import stat
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

import redis
import structlog

from engage.clock import utcnow

log = structlog.get_logger()

MEMORY = Path("/dev/shm")  # noqa: S108 - memory, and the file in it is opened with care below.
_BYTES = 32


class KeySource(Protocol):
    """Where the processes of a site find the key of a day."""

    def key_of(self, day: date) -> bytes:
        """The key of a day, made by whoever asks first. Any other day's is forgotten."""
        ...

    def forget_before(self, day: date) -> None:
        """Destroy a key of an earlier day that nobody has replaced, as where nobody has come since."""
        ...


class DayKey:
    """Hashes what is counted under the key of the present day (UTC)."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._known: tuple[date, bytes] | None = None

    def hash(self, kind: str, network: str) -> str:
        """32 hexadecimal digits; no two kinds of a day have the same for one network."""
        day = utcnow().date()
        known = self._known
        if known is None or known[0] != day:
            known = self._known = day, self._source.key_of(day)
        return hmac.new(known[1], f"{kind}\0{network}".encode(), hashlib.sha256).hexdigest()[:32]

    def forget_past(self) -> None:
        """Destroy the key of an earlier day, here and where it is shared."""
        day = utcnow().date()
        if self._known is not None and self._known[0] != day:
            self._known = None
        self._source.forget_before(day)

    def destroy(self) -> None:
        """Destroy today's too; whoever counts next begins with another."""
        self._known = None
        self._source.forget_before(date.max)


class OwnKey:
    """A key of this process alone, where no place is safe enough to share one: each counts for itself."""

    def __init__(self, reason: str) -> None:
        log.warning("limits_count_per_process", reason=reason)
        self._kept: tuple[date, bytes] | None = None

    def key_of(self, day: date) -> bytes:
        """See KeySource."""
        if self._kept is None or self._kept[0] != day:
            self._kept = day, secrets.token_bytes(_BYTES)
        return self._kept[1]

    def forget_before(self, day: date) -> None:
        """See KeySource."""
        if self._kept is not None and self._kept[0] != day:
            self._kept = None


class MemoryFile:
    """The key in a file in memory, readable by this account only; each day's overwrites the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own: OwnKey | None = None

    @classmethod
    def beside(cls, storage: str) -> MemoryFile:
        """The file of the site that counts in ``storage``; nothing but its name has to do with it."""
        name = hashlib.sha256(f"{os.geteuid()}\0{storage}".encode()).hexdigest()[:16]
        return cls(MEMORY / f"engage-limits-{name}")

    def key_of(self, day: date) -> bytes:
        """See KeySource."""
        try:
            return self._shared(day)
        except OSError as error:
            self._own = self._own or OwnKey(f"no memory to share: {type(error).__name__}")
            return self._own.key_of(day)

    def forget_before(self, day: date) -> None:
        """See KeySource."""
        if self._own is not None:
            self._own.forget_before(day)
        try:
            file = _open_own(self.path, create=False)
        except OSError:
            return
        with os.fdopen(file, "r+b") as content:
            fcntl.flock(content, fcntl.LOCK_EX)
            if not content.read().startswith(_stamp(day)):
                content.seek(0)
                content.write(b"\0" * (len(_stamp(day)) + _BYTES))

    def _shared(self, day: date) -> bytes:
        with os.fdopen(_open_own(self.path, create=True), "r+b") as content:
            fcntl.flock(content, fcntl.LOCK_EX)
            stamp, kept = _stamp(day), content.read()
            if kept.startswith(stamp) and len(kept) == len(stamp) + _BYTES:
                return kept[len(stamp) :]
            key = secrets.token_bytes(_BYTES)
            content.seek(0)
            content.write(stamp + key)
            content.truncate()
            return key


class RedisKey:
    """The key in the Redis that counts, gone at midnight.

    A Redis that writes to a disk, or does not say, is given none: a copy of its files would keep the key of
    a day beside what was hashed under it.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._own: OwnKey | None = None

    def key_of(self, day: date) -> bytes:
        """See KeySource. Raises redis.RedisError where it cannot be reached."""
        if self._own is None and _writes_to_disk(self._client):
            self._own = OwnKey("Redis writes to a disk, or does not say: save and appendonly")
        if self._own is not None:
            return self._own.key_of(day)
        name = f"engage:limits:key:{day.isoformat()}"
        midnight = datetime.combine(day + timedelta(days=1), time(), UTC)
        self._client.set(name, secrets.token_bytes(_BYTES), nx=True, exat=midnight)
        kept = self._client.get(name)
        # Between the two lines it may have expired at midnight; then this one counts alone, for no time.
        return kept if isinstance(kept, bytes) else secrets.token_bytes(_BYTES)

    def forget_before(self, day: date) -> None:
        """See KeySource. In Redis it expires by itself."""
        if self._own is not None:
            self._own.forget_before(day)


def _writes_to_disk(client: redis.Redis) -> bool:
    wanted = {"save": "", "appendonly": "no"}
    try:
        return any(_setting(client, name) != value for name, value in wanted.items())
    except redis.ResponseError:  # Whoever runs it does not let it be asked.
        return True


def _setting(client: redis.Redis, name: str) -> str | None:
    """A setting of Redis; the client answers in bytes or in text, as it was made."""
    found = {_text(key): _text(value) for key, value in dict(client.config_get(name)).items()}
    return found.get(name)


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _stamp(day: date) -> bytes:
    return f"{day.isoformat()} ".encode()


def _open_own(path: Path, *, create: bool) -> int:
    """Open a file that nobody else may have made, read or linked to. Raises OSError."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | (os.O_CREAT if create else 0)
    file = os.open(path, flags, 0o600)
    status = os.fstat(file)
    is_own = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
    if not is_own:
        os.close(file)
        raise PermissionError(f"{path} belongs to somebody else.")
    return file
