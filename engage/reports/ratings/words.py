"""What a reader may say of a summary, in words: the same whatever it summarises."""

from flask_babel import lazy_gettext as _l

from engage.reports.ratings.models import Rated

SAID = {
    Rated.FAIR: _l("It is fair to what people wrote"),
    Rated.LEAVES_OUT: _l("It leaves something important out"),
    Rated.HARD: _l("It is hard to understand"),
}
