"""You said, we did: official answers to concerns and questions, and what was promised with them."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, jobs and news into the app."""
    from engage.responses import happenings, views
    from engage.web.news import add_comment_source, add_source

    views.init_app(app)
    for source in (
        happenings.answer_happenings,
        happenings.promise_happenings,
        happenings.question_happenings,
    ):
        add_source(app, source)
    add_comment_source(app, happenings.comment_happenings)
