"""What this room's closed lists are called on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.analysis import PositionLabel
from engage.comments import words as comment_words
from engage.labelling.models import LabelTone

POSITIONS: dict[str, LazyString] = {
    position.value: comment_words.POSITIONS[position.value]
    for position in PositionLabel
    if position is not PositionLabel.UNCLEAR
} | {PositionLabel.UNCLEAR.value: _l("Unclear")}

TONES: dict[str, LazyString] = {tone.value: comment_words.TONES[tone.value] for tone in LabelTone}
