"""People check the machine: a random sample of a period's comments, labelled by hand."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.comments.parts import call_when_rewritten
    from engage.labelling import views
    from engage.labelling.service.forget import learn_anew
    from engage.labelling.service.review import forget_reviews

    views.init_app(app)
    call_when_rewritten(app, learn_anew)
    call_when_rewritten(app, forget_reviews)
