"""The blueprint that this room's pages hang on."""

from engage.web.locale import localised_blueprint

bp = localised_blueprint("feedback", __name__)

RANDOM_ID = "int(max=9223372036854775807)"
"""In addresses: the id of a row that is named at random. No database can even be asked for a larger one."""
