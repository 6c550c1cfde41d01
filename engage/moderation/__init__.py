"""The queue, the reasons, and the append-only log of every step."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.comments.parts import withdraw_with
    from engage.moderation import queries, service, views
    from engage.receipts.parts import keep_closed

    views.init_app(app)
    withdraw_with(app, service.withdraw_for_author)
    keep_closed(app, queries.closed_fields)
