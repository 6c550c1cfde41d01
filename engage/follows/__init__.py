"""Follow a docket, a period or a comment by mail or feed, without an account."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages and jobs, and the happenings that it knows, into the app."""
    from engage.follows import views
    from engage.follows.happenings import change_happenings, docket_happenings, period_happenings
    from engage.follows.service.keep import note_refusal
    from engage.mail.parts import call_when_refused
    from engage.web.news import add_source

    views.init_app(app)
    add_source(app, docket_happenings)
    add_source(app, period_happenings)
    add_source(app, change_happenings)
    call_when_refused(app, note_refusal)
