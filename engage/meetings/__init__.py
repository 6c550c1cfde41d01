"""Meetings: notice, agenda, registration, speakers, what was said, and what was decided."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, jobs and news into the app."""
    from engage.mail.parts import call_when_refused
    from engage.meetings import views
    from engage.meetings.service.mail import note_refusal

    views.init_app(app)
    call_when_refused(app, note_refusal)
