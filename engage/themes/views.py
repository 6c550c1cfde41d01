"""Pages for staff: the themes that were found, and what to call them."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open, requires
from engage.accounts.models import RoleName
from engage.comments import words
from engage.comments.models import Theme, ThemeStatus
from engage.db.session import db
from engage.themes import queries, service
from engage.themes.forms import Decision, ThemeForm
from engage.web.locale import localised_blueprint
from engage.web.paging import page_number, page_of
from engage.web.templating import MenuEntry, add_to_menu

bp = localised_blueprint("themes", __name__)

CURATORS = (RoleName.CLERK, RoleName.MODERATOR, RoleName.ADMINISTRATOR)
READERS = (*CURATORS, RoleName.OFFICIAL)

STATUSES: dict[ThemeStatus, LazyString] = {
    ThemeStatus.CANDIDATE: _l("Waits for a name"),
    ThemeStatus.CONFIRMED: _l("In the report"),
    ThemeStatus.DISMISSED: _l("Dismissed"),
}

_DONE: dict[str, LazyString] = {
    Decision.CONFIRM: _l("The theme is in the report under this name once its comments are counted."),
    Decision.DISMISS: _l("The theme is dismissed."),
    Decision.MERGE: _l("The theme is merged."),
    Decision.REOPEN: _l("The theme waits for a name again."),
}


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entry into the app."""
    app.register_blueprint(bp)
    entry = MenuEntry("themes.docket_list", _l("Themes"), lambda: may_open("themes.docket_list"))
    add_to_menu(app, "staff", entry)


@bp.get("/staff/themes")
@requires(*READERS)
def docket_list() -> ResponseReturnValue:
    """The dockets, with how many of their themes wait for a name."""
    return render_template("themes/docket_list.html", lines=queries.dockets(db.session))


@bp.get("/staff/dockets/<slug>/themes")
@requires(*READERS)
def theme_list(slug: str) -> ResponseReturnValue:
    """The themes of one docket."""
    docket = queries.get_docket(db.session, slug)
    return render_template(
        "themes/theme_list.html",
        docket=docket,
        page=page_of(queries.themes(db.session, docket), number=page_number()),
        statuses=STATUSES,
        words=words,
    )


@bp.get("/staff/themes/<int:theme_id>")
@requires(*READERS)
def theme(theme_id: int) -> ResponseReturnValue:
    """One theme: its words, its most typical comments, and what can be done."""
    found = queries.get_theme(db.session, theme_id)
    return _page(found, _form(found))


@bp.post("/staff/themes/<int:theme_id>/decide")
@requires(*CURATORS)
def decide(theme_id: int) -> ResponseReturnValue:
    """Name, merge, dismiss or reopen a theme."""
    found = queries.get_theme(db.session, theme_id)
    form = _form(found)
    if not form.validate():
        return _page(found, form), form.status
    _do(found, form)
    flash(_DONE[form.decision.data], "success")
    return redirect(url_for("themes.theme_list", slug=found.docket.slug), 303)


def _do(found: Theme, form: ThemeForm) -> None:
    decision = Decision(form.decision.data)
    if decision is Decision.CONFIRM:
        service.confirm_theme(db.session, found, form.name)
    elif decision is Decision.MERGE:
        service.merge_theme(db.session, found, queries.get_theme(db.session, int(form.into.data)))
    elif decision is Decision.DISMISS:
        service.dismiss_theme(db.session, found)
    else:
        service.reopen_theme(db.session, found)


def _form(found: Theme) -> ThemeForm:
    others = [
        other
        for other in queries.themes(db.session, found.docket)
        if other.id != found.id and other.status is not ThemeStatus.DISMISSED
    ]
    return ThemeForm(found, others)


def _page(found: Theme, form: ThemeForm) -> str:
    return render_template(
        "themes/theme.html",
        theme=found,
        title=_("Theme: %(name)s", name=words.theme_name(found)),
        form=form,
        merged=queries.merged(db.session, found),
        exemplars=queries.exemplars(db.session, found),
        periods=queries.periods(db.session, found.docket),
        statuses=STATUSES,
        may_decide=may_open("themes.decide"),
        words=words,
    )
