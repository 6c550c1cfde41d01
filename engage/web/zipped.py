"""Zip archives that are sent piece by piece while they are made; nothing of them lies on a disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

_ENOUGH = 64 * 1024


class _Sink:
    """What a ZipFile writes into, to be taken away again. It cannot be rewound, so sizes come after data."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere."""

    def take(self) -> bytes:
        taken, self._parts, self.size = b"".join(self._parts), [], 0
        return taken


def zipped(members: Iterable[tuple[str, Iterable[str]]]) -> Iterator[bytes]:
    """An archive of texts in UTF-8, each a name and its pieces. No time of their making is kept."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]
        for name, pieces in members:
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w") as entry:
                for piece in pieces:
                    entry.write(piece.encode("utf-8", "replace"))
                    if sink.size >= _ENOUGH:
                        yield sink.take()
    yield sink.take()
