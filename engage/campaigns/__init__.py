"""Form letters: kept as groups, with one exemplar, what people added, and every member. Nothing is left out.

Bursts are pointed out to staff here as well. No machine hides, delays or discards a comment for either.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, and its parts of other pages, into the app."""
    from engage.campaigns import views

    views.init_app(app)
