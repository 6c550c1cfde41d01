"""Which texts may be versions of one: an index from a few triples of each text, its anchors, to its number.

Memory is eight bytes an anchor: a dictionary of the latest, emptied from time to time into sorted arrays that
are merged as they grow, so that the time for each text grows with the logarithm of their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Texts that are looked at for one anchor: a common phrase is an anchor of many, and tells little.
POSTINGS = 32
_LATEST = 400_000


class Anchors:
    """Anchors are whole numbers of 32 bits; texts are numbered."""

    def __init__(self, latest: int = _LATEST) -> None:
        self._size = latest
        self._latest: dict[int, int | list[int]] = {}
        self._sorted: list[tuple[NDArray[np.uint32], NDArray[np.int32]]] = []

    def add(self, anchors: Iterable[int], text: int) -> None:
        """Let a text be found by its anchors."""
        latest = self._latest
        for anchor in anchors:
            there = latest.setdefault(anchor, text)
            if isinstance(there, list):
                if len(there) < POSTINGS:
                    there.append(text)
            elif there != text:
                latest[anchor] = [there, text]
        if len(latest) >= self._size:
            self._sort_latest()

    def find(self, anchors: Sequence[int]) -> Counter[int]:
        """The texts that have some of these anchors, with the number of those."""
        texts: list[int] = []
        for there in map(self._latest.get, anchors):
            if isinstance(there, int):
                texts.append(there)
            elif there is not None:
                texts.extend(there)
        found = Counter(texts)
        if self._sorted:
            self._find_sorted(anchors, found)
        return found

    def _find_sorted(self, anchors: Sequence[int], found: Counter[int]) -> None:
        import numpy as np

        wanted = np.array(anchors, dtype=np.uint32)
        for keys, texts in self._sorted:
            starts = np.searchsorted(keys, wanted, "left")
            ends = np.minimum(np.searchsorted(keys, wanted, "right"), starts + POSTINGS)
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                if end > start:
                    found.update(texts[start:end].tolist())

    def _sort_latest(self) -> None:
        import numpy as np

        pairs = [
            (anchor << 32) | text
            for anchor, there in self._latest.items()
            for text in (there if isinstance(there, list) else (there,))
        ]
        self._latest = {}
        both = np.array(pairs, dtype=np.uint64)
        both.sort()
        self._sorted.append(_split(both))
        while len(self._sorted) > 1 and len(self._sorted[-2][0]) <= 2 * len(self._sorted[-1][0]):
            last, before = self._sorted.pop(), self._sorted.pop()
            both = np.concatenate([_join(*before), _join(*last)])
            both.sort(kind="stable")
            self._sorted.append(_split(both))


def _join(keys: NDArray[np.uint32], texts: NDArray[np.int32]) -> NDArray[np.uint64]:
    import numpy as np

    joined: NDArray[np.uint64] = (keys.astype(np.uint64) << np.uint64(32)) | texts.astype(np.uint64)
    return joined


def _split(both: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    import numpy as np

    return (both >> np.uint64(32)).astype(np.uint32), (both & np.uint64(0xFFFFFFFF)).astype(np.int32)
