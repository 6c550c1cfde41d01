"""The blueprint that this room's pages hang on."""

from engage.web.locale import localised_blueprint

bp = localised_blueprint("oversight", __name__)
