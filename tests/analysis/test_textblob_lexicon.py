"""TextBlob's lexicon, without what its package drags in."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from engage.analysis.textblob_lexicon import sentiment
print(sentiment(["good"])[0] > 0, "nltk" in sys.modules, "textblob" in sys.modules)
from textblob import TextBlob
print(TextBlob("A good plan.").sentiment.polarity > 0)
"""


def test_it_loads_no_nltk_and_leaves_textblob_whole() -> None:
    # The package's own __init__ loads NLTK with the tone; so this asks the module alone.
    program = "import types, sys; p = types.ModuleType('engage.analysis'); p.__path__ = ['engage/analysis']\n"
    program += "sys.modules['engage.analysis'] = p" + PROGRAM

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.split("\n")[:2] == ["True False False", "True"]
