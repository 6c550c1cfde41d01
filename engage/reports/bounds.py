"""A share that people checked, in words: the one place that says how far off it can be."""

from __future__ import annotations

from flask_babel import gettext as _

from engage.analysis.shares import Share
from engage.web.numbers import bounds_said, percent_said


def bounds_in_words(share: Share) -> str:
    """A share as labels mend it with its range, “31% (26% to 37%)”; without labels enough, that it is not.

    A share that is not verified has no other number than the machine's, which stands beside these words.
    """
    if share.low is None or share.high is None:
        return str(_("machine-sorted, unverified"))
    mended = percent_said(round(100 * share.value) / 100)
    return str(_("%(share)s (%(range)s)", share=mended, range=bounds_said(share.low, share.high)))
