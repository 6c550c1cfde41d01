"""What the pages of this room share."""

from engage.web.locale import localised_blueprint

bp = localised_blueprint("campaigns", __name__)
