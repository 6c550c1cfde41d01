"""The blueprint that this room's pages hang on."""

from engage.web.locale import localised_blueprint

bp = localised_blueprint("reports", __name__)
