"""The blueprint that this room's pages hang on."""

from engage.web.locale import localised_blueprint

bp = localised_blueprint("lifecycle", __name__)

ID = "int(max=2147483647)"
"""In addresses: the id of a row. No database can even be asked for a larger one."""
