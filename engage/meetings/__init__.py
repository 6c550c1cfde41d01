"""Meetings: notice, agenda, registration, speakers, what was said, and what was decided."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, jobs and news into the app."""
    from engage.mail.parts import call_when_refused
    from engage.meetings import views
    from engage.meetings.happenings import meeting_happenings
    from engage.meetings.service.mail import note_refusal
    from engage.web.news import add_source

    views.init_app(app)
    add_source(app, meeting_happenings)
    call_when_refused(app, note_refusal)
