"""How concerns are found on a docket: open to everybody, changed by clerks."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public, requires
from engage.analysis import OTHER, ConcernDefinition, Taxonomy, default_taxonomy
from engage.clock import utcnow
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.dockets import parts, queries, service
from engage.dockets.forms import ConcernsForm, ConfirmConcernsForm
from engage.dockets.models import Docket
from engage.dockets.taxonomy import analyser_of, taxonomy_of, toml_of
from engage.dockets.views.blueprint import bp
from engage.dockets.views.staff import CLERKS

# The lists of phrases that a concern, or a whole taxonomy, may have; in the order in which they are told.
CUES: dict[str, LazyString] = {
    "field": _l("Words of the matter: beside them a weak phrase counts"),
    "cues": _l("Words and phrases that mention it"),
    "weak": _l("Weak phrases: they count only beside others"),
    "denials": _l("Phrases that mention it to say that it is not so"),
    "exclusions": _l("Phrases in which such a word does not count"),
}
_BREAK = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True, slots=True)
class Cues:
    """One list of phrases in one language, as people read them."""

    kind: str
    language: str
    phrases: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.phrases)


@dataclass(frozen=True, slots=True)
class Change:
    """What another taxonomy would change: the concerns, and how many comments are measured again."""

    added: tuple[ConcernDefinition, ...]
    removed: tuple[ConcernDefinition, ...]
    changed: tuple[ConcernDefinition, ...]
    comments: int


def readable(phrase: str) -> str:
    """A phrase of the taxonomy's grammar without the signs that only a program needs."""
    return phrase.replace("=", "").replace("...", "…").replace("|", f"/{_BREAK}")


def cues_of(entry: Any) -> list[Cues]:
    """Every list of phrases that a concern or a taxonomy has, by kind and then by language."""
    kinds = [kind for kind in CUES if kind in {field.name for field in dataclasses.fields(entry)}]
    return [
        Cues(kind, language, tuple(readable(phrase) for phrase in phrases))
        for kind in kinds
        for language in LANGUAGES
        if (phrases := getattr(entry, kind).get(language))
    ]


@bp.get("/dockets/<slug>/concerns")
@public
def concerns(slug: str) -> ResponseReturnValue:
    """Every concern of a docket with the words by which it is found."""
    docket = queries.get_public_docket(db.session, slug, utcnow())
    return render_template("dockets/concerns.html", **_told(docket), cues_of=cues_of, kinds=CUES, other=OTHER)


@bp.get("/dockets/<slug>/concerns.toml")
@public
def concerns_file(slug: str) -> Response:
    """The same as the file from which the analyser reads them."""
    return _file(queries.get_public_docket(db.session, slug, utcnow()))


@bp.get("/staff/dockets/<slug>/concerns")
@requires(*CLERKS)
def staff_concerns(slug: str) -> ResponseReturnValue:
    """The concerns of a docket in both languages, and how far the measuring has come."""
    docket = queries.get_docket(db.session, slug)
    told = _told(docket)
    return render_template(
        "dockets/staff_concerns.html",
        **told,
        measured=parts.measured_of(docket, told["analyser_version"]),
        languages_of_cues=LANGUAGES,
    )


@bp.get("/staff/dockets/<slug>/concerns.toml")
@requires(*CLERKS)
def staff_concerns_file(slug: str) -> Response:
    """The file to be changed, of a draft too."""
    return _file(queries.get_docket(db.session, slug))


@bp.route("/staff/dockets/<slug>/concerns/change", methods=["GET", "POST"])
@requires(*CLERKS, fresh=True)
def change_concerns(slug: str) -> ResponseReturnValue:
    """Choose a changed file, or the default; what it would change is shown before anything is."""
    docket = queries.get_docket(db.session, slug)
    if request.method == "POST" and "default" in request.form:
        return _ask(docket, default_taxonomy(), "")
    form = ConcernsForm()
    if form.validate_on_submit():
        if form.taxonomy.digest != taxonomy_of(docket).digest:
            return _ask(docket, form.taxonomy, form.toml)
        form.file.errors = [_("This file says what is in force already. Nothing was changed.")]
    return render_template("dockets/change_concerns.html", form=form, docket=docket), form.status


@bp.post("/staff/dockets/<slug>/concerns/confirm")
@requires(*CLERKS, fresh=True)
def confirm_concerns(slug: str) -> ResponseReturnValue:
    """Bring the concerns that were shown into force."""
    docket = queries.get_docket(db.session, slug)
    form = ConfirmConcernsForm()
    if not form.validate_on_submit():
        again = ConcernsForm(formdata=None)
        again.form_errors = list(form.toml.errors)
        return render_template("dockets/change_concerns.html", form=again, docket=docket), 422
    service.change_taxonomy(db.session, docket, form.toml.data or None)
    waiting = _comments(docket)
    flash(
        ngettext(
            "The concerns are changed. %(num)s comment is being measured again.",
            "The concerns are changed. %(num)s comments are being measured again.",
            waiting,
        ),
        "success",
    )
    return redirect(url_for("dockets.staff_concerns", slug=docket.slug), 303)


def _told(docket: Docket) -> dict[str, Any]:
    return {
        "docket": docket,
        "taxonomy": taxonomy_of(docket),
        "analyser_version": docket.analyser_version or analyser_of(docket).version,
    }


def _ask(docket: Docket, taxonomy: Taxonomy, toml: str) -> ResponseReturnValue:
    change = _change(docket, taxonomy)
    return render_template(
        "dockets/confirm_concerns.html", docket=docket, taxonomy=taxonomy, toml=toml, change=change
    )


def _change(docket: Docket, taxonomy: Taxonomy) -> Change:
    before = {concern.code: concern for concern in taxonomy_of(docket).concerns}
    after = {concern.code: concern for concern in taxonomy.concerns}
    return Change(
        added=tuple(concern for code, concern in after.items() if code not in before),
        removed=tuple(concern for code, concern in before.items() if code not in after),
        changed=tuple(
            concern for code, concern in after.items() if code in before and before[code] != concern
        ),
        comments=_comments(docket),
    )


def _comments(docket: Docket) -> int:
    return parts.measured_of(docket, "").comments


def _file(docket: Docket) -> Response:
    response = Response(toml_of(docket), mimetype="application/toml")
    response.headers.set("Content-Disposition", "attachment", filename=f"{docket.slug}-concerns.toml")
    return response
