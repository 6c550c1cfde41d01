"""TextBlob's English lexicon without the rest of TextBlob.

``import textblob`` imports NLTK, and NLTK imports SciPy's statistics and scikit-learn wherever they are
installed: seconds before a command does anything. The lexicon (`textblob.en.sentiment`) needs none of it.
"""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any


def _sentiment() -> Any:
    """Import ``textblob.en`` as a part of an empty package of that name, unless the real one is there."""
    if "textblob" in sys.modules:
        return importlib.import_module("textblob.en").sentiment
    spec = find_spec("textblob")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("No module named 'textblob'", name="textblob")
    package = ModuleType("textblob")
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules["textblob"] = package
    try:
        return importlib.import_module("textblob.en").sentiment
    finally:
        del sys.modules["textblob"]


sentiment = _sentiment()
