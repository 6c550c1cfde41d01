"""The key of the day: shared by processes, in memory only, and gone the next day."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import redis
from flask import Flask

from engage.web import limit_keys, limits
from engage.web.limit_keys import DayKey, MemoryFile, RedisKey
from tests.support.redis import throwaway_redis

TODAY = date(2026, 11, 25)
NETWORK = "203.0.113.0/24"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the key would be in memory."""
    return tmp_path / "key"


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A throw-away Redis."""
    with throwaway_redis(tmp_path) as url:
        yield url.removeprefix("redis+")


class TestInAMemoryFile:
    def test_is_the_same_for_all_processes_of_a_site(self, file: Path) -> None:
        assert MemoryFile(file).key_of(TODAY) == MemoryFile(file).key_of(TODAY)

    def test_is_another_for_another_site(self) -> None:
        first, second = (MemoryFile.beside(url).path for url in ("sqlite:///a", "sqlite:///b"))

        assert first != second
        assert first.parent == Path("/dev/shm")  # noqa: S108 - a memory file system is what it must be

    def test_of_yesterday_is_overwritten_by_that_of_today(self, file: Path) -> None:
        source = MemoryFile(file)
        yesterday = source.key_of(TODAY - timedelta(days=1))
        today = source.key_of(TODAY)

        assert yesterday != today
        assert yesterday not in file.read_bytes()
        assert today in file.read_bytes()

    def test_of_yesterday_is_destroyed_although_nobody_comes(self, file: Path) -> None:
        source = MemoryFile(file)
        yesterday = source.key_of(TODAY - timedelta(days=1))

        source.forget_before(TODAY)

        assert yesterday not in file.read_bytes()
        assert source.key_of(TODAY) != yesterday

    def test_is_destroyed_when_the_site_stops(self, limited: Flask) -> None:
        state = limited.extensions["limits"]
        state.key.hash("submit", NETWORK)
        file = MemoryFile.beside(limited.config["ENGAGE_SETTINGS"].limits_url).path
        kept = file.read_bytes()

        limits.destroy_key(limited)

        assert kept[-32:] not in file.read_bytes()

    def test_of_today_stays_when_the_past_is_forgotten(self, file: Path) -> None:
        source = MemoryFile(file)
        key = source.key_of(TODAY)

        source.forget_before(TODAY)

        assert source.key_of(TODAY) == key

    def test_can_be_read_by_this_account_only(self, file: Path) -> None:
        MemoryFile(file).key_of(TODAY)

        assert file.stat().st_mode & 0o777 == 0o600

    def test_is_not_taken_from_a_file_that_others_can_read_or_that_leads_elsewhere(self, file: Path) -> None:
        planted = f"{TODAY.isoformat()} ".encode() + b"k" * 32
        file.write_bytes(planted)
        file.chmod(0o666)
        link = file.with_name("link")
        link.symlink_to(file)

        for path in (file, link):
            source = MemoryFile(path)
            assert source.key_of(TODAY) != b"k" * 32
            assert source.key_of(TODAY) == source.key_of(TODAY)
        assert file.read_bytes() == planted

    def test_is_a_process_s_own_where_there_is_no_memory_file_system(self, tmp_path: Path) -> None:
        source = MemoryFile(tmp_path / "absent" / "key")

        assert source.key_of(TODAY) == source.key_of(TODAY)
        assert source.key_of(TODAY) != source.key_of(TODAY + timedelta(days=1))
        source.forget_before(TODAY)
        assert list(tmp_path.iterdir()) == []


class TestInRedis:
    def test_is_shared_and_expires_at_midnight(self, redis_url: str) -> None:
        client = redis.Redis.from_url(redis_url, decode_responses=True)
        today = datetime.now(UTC).date()

        first, second = (RedisKey(redis.Redis.from_url(redis_url)) for _ in range(2))
        assert first.key_of(today) == second.key_of(today)
        (name,) = (str(found) for found in client.scan_iter())
        assert 0 < client.ttl(name) <= 24 * 3600
        assert client.expiretime(name) % (24 * 3600) == 0

    def test_of_a_past_day_is_kept_nowhere(self, redis_url: str) -> None:
        client = redis.Redis.from_url(redis_url)

        RedisKey(client).key_of(TODAY - timedelta(days=900))
        RedisKey(client).forget_before(TODAY)

        assert list(client.scan_iter()) == []

    @pytest.mark.parametrize(("name", "value"), [("save", "3600 1"), ("appendonly", "yes")])
    def test_is_not_given_to_one_that_writes_to_a_disk(self, redis_url: str, name: str, value: str) -> None:
        client = redis.Redis.from_url(redis_url)
        client.config_set(name, value)

        first, second = RedisKey(client), RedisKey(client)

        assert first.key_of(TODAY) == first.key_of(TODAY)
        assert first.key_of(TODAY) != second.key_of(TODAY)
        assert list(client.scan_iter()) == []
        first.forget_before(TODAY + timedelta(days=1))
        assert first._own is not None
        assert first._own._kept is None

    def test_is_not_given_to_one_that_does_not_say(
        self, redis_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = redis.Redis.from_url(redis_url)

        def refuse(_name: str) -> None:
            raise redis.ResponseError("unknown command 'CONFIG'")

        monkeypatch.setattr(client, "config_get", refuse)

        RedisKey(client).key_of(TODAY)

        assert list(client.scan_iter()) == []


class TestHash:
    def test_tells_neither_the_network_nor_that_two_kinds_come_from_one(self, file: Path) -> None:
        key = DayKey(MemoryFile(file))
        hashed = {kind: key.hash(kind, NETWORK) for kind in ("submit", "search")}

        assert len(set(hashed.values())) == 2
        assert all(
            len(value) == 32 and "203" not in bytes.fromhex(value).decode("latin-1")
            for value in hashed.values()
        )
        assert key.hash("submit", NETWORK) == hashed["submit"]
        assert key.hash("submit", "203.0.114.0/24") != hashed["submit"]

    def test_of_the_next_day_is_another_and_the_key_in_between_is_gone(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = DayKey(MemoryFile(file))
        now = datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC)
        monkeypatch.setattr(limit_keys, "utcnow", lambda: now)
        before, kept = key.hash("submit", NETWORK), file.read_bytes()

        now += timedelta(seconds=1)
        key.forget_past()

        assert kept[-32:] not in file.read_bytes()
        assert key._known is None
        assert key.hash("submit", NETWORK) != before

    def test_is_keyed_by_something_that_the_settings_do_not_hold(self, tmp_path: Path) -> None:
        # Two installations with equal settings; else a stolen secret would open every day.
        first, second = (DayKey(MemoryFile(tmp_path / name)) for name in "ab")

        assert first.hash("submit", NETWORK) != second.hash("submit", NETWORK)


def test_the_memory_file_system_of_this_machine_is_memory() -> None:
    if not limit_keys.MEMORY.is_dir():
        pytest.skip("this machine has no /dev/shm")
    mounts = Path("/proc/mounts").read_text().splitlines()

    assert any(line.split()[1:3] == [os.fspath(limit_keys.MEMORY), "tmpfs"] for line in mounts)
