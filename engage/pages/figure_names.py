"""What the figures of the analysis are called on its page, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

NAMES: Mapping[str, LazyString] = {
    "tone, en, macro-F1": _l("Tone of English texts (macro-F1)"),
    "tone, en, r with ratings": _l("Tone of English news sentences, beside people’s ratings (r)"),
    "tone, es, macro-F1": _l("Tone of Spanish texts (macro-F1)"),
    "concerns, micro-F1": _l("Concerns (micro-F1)"),
    "concerns, flags on sentences about none": _l("Concerns found where there are none"),
    "campaigns, pairs, precision": _l("Campaigns: pairs put together that belong together"),
    "campaigns, pairs, recall": _l("Campaigns: pairs that belong together and were put together"),
    "language, es, whole texts, F1": _l("Spanish recognized, whole texts (F1)"),
    "language, es, first four words, F1": _l("Spanish recognized, first four words (F1)"),
    "personal data, precision": _l("Personal data: warnings that are right"),
    "personal data, recall": _l("Personal data: cases that are found"),
    "personal data, real comments flagged": _l("Personal data: real comments with a warning"),
    "six quotes, points covered": _l("Six quotes: distinct points covered"),
    "95 % interval, coverage, mean": _l("Intervals of 95 percent that hold the true share"),
}
