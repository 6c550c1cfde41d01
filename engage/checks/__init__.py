"""Checks that a form was filled in by a person, without asking anybody who they are.

Three signs, and none refuses anything: a field that people do not see, the time that the form was open, and a
proof of work that the browser does while somebody types. Nobody else is asked, nothing is kept of the browser
but the digest of a used proof until its day is over.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Let every template draw the checks of its form."""
    from engage.checks.forms import checks_of

    app.jinja_env.globals["checks_of"] = checks_of
