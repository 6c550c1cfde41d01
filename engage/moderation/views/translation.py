"""Staff put a comment into English or Spanish for those who cannot read it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.comments import attached
from engage.comments import words as comment_words
from engage.comments.models.translation import digest_of_words
from engage.comments.service import translate_comment
from engage.db.session import db
from engage.errors import RuleBroken
from engage.moderation import queries
from engage.moderation.forms_translation import TranslationForm
from engage.moderation.views.blueprint import MODERATORS, bp, moderator
from engage.web.locale import LANGUAGE_NAMES, language, site_time_zone


@bp.route("/staff/comments/<tracking_number>/translation", methods=["GET", "POST"])
@requires(*MODERATORS)
def translation(tracking_number: str) -> ResponseReturnValue:
    """A comment and its translation into the language of the argument ``into``, or into the page's."""
    comment = queries.get_comment(db.session, tracking_number)
    known = {each.language: each for each in attached.translations_of(db.session, comment)}
    into = request.args.get("into", "")
    into = into if into in LANGUAGE_NAMES else language()
    shown = known.get(into)
    form = TranslationForm(
        data={"into": into, "body": shown.body if shown else "", "of_digest": digest_of_words(comment.body)}
    )
    if form.validate_on_submit():
        try:
            translate_comment(
                db.session,
                comment,
                language=form.into.data,
                body=form.body.data,
                of_digest=form.of_digest.data,
                translator=moderator(),
                today=utcnow().astimezone(site_time_zone()).date(),
            )
        except RuleBroken as error:
            form.form_errors.append(str(error))
            form.of_digest.data = digest_of_words(comment.body)
        else:
            flash(_("The translation was saved."), "success")
            return redirect(url_for("moderation.comment", tracking_number=comment.tracking_number), 303)
    return render_template(
        "moderation/translation.html", form=form, comment=comment, known=known, comment_words=comment_words
    ), form.status
