"""Where clerks write down who lives in the place, so that reports can lay comments beside residents."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires
from engage.accounts.models import RoleName
from engage.analysis import UNKNOWN
from engage.analysis.folding import fold
from engage.comments import queries as comments
from engage.comments.words import EXPECTED_LANGUAGES, language_name
from engage.db.session import db
from engage.reports import queries
from engage.reports.forms import CensusForm, census_form
from engage.reports.models import Margin
from engage.reports.service.census import NotAsRead, correct_census
from engage.reports.views.blueprint import bp
from engage.web.locale import localised

CLERKS = (RoleName.CLERK, RoleName.ADMINISTRATOR)


@bp.route("/staff/reports/census", methods=["GET", "POST"])
@requires(*CLERKS)
def census() -> ResponseReturnValue:
    """How many residents there are by district and by language, with the source; each saved by itself."""
    forms = {margin: _form(margin) for margin in Margin}
    sent = forms.get(request.form.get("margin", ""))  # type: ignore[call-overload]
    if sent is not None and sent.validate() and _save(sent):
        flash(_("The figures are saved. Reports show them beside the comments."), "success")
        return redirect(url_for("reports.census"), 303)
    return render_template("reports/census.html", forms=forms, form=sent), sent.status if sent else 200


def _save(form: CensusForm) -> bool:
    """Keep what was typed; False where somebody else was quicker, and the form now says so."""
    try:
        correct_census(
            db.session,
            form.margin,
            form.people,
            source=form.source,
            source_url=form.source_url.data or None,
            as_of=form.as_of.data,
            seen=form.seen.data,
        )
    except NotAsRead as error:
        form.form_errors.append(
            f"{error} {_('What they wrote is below. If you save again, your text takes its place.')}"
        )
        form.take_as_read(queries.census_of(db.session, form.margin))
        return False
    return True


def _form(margin: Margin) -> CensusForm:
    return census_form(margin, _labels(margin), queries.census_of(db.session, margin))


def _labels(margin: Margin) -> dict[str, str]:
    """The values of a margin by their key: districts in their order, languages as comments are written in."""
    if margin is Margin.DISTRICT:
        return {place.code: localised(place.name) for place in comments.districts(db.session)}
    codes = [code for code in EXPECTED_LANGUAGES if code != UNKNOWN]
    return dict(sorted(((code, language_name(code)) for code in codes), key=lambda pair: fold(pair[1]).text))
