"""Summaries for decision-makers: what people said, counted, with every number a link."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.receipts.parts import add_steps
    from engage.reports import before_after, counted, raised, views
    from engage.responses.raised import count_raised_with
    from engage.web.parts import add_part

    views.init_app(app)
    add_part(app, "oversight", before_after.on_record)
    add_steps(app, counted.steps)
    count_raised_with(app, raised.raised)
