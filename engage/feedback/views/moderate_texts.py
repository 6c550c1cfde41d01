"""Where moderators decide what the public may read of what people wrote in answer to forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import editor, may_open, requires
from engage.analysis.personal_pieces import Piece, cut_at_personal_data
from engage.clock import to_wall_clock, utcnow
from engage.comments.redacted import KINDS, blanked, said
from engage.db.session import db
from engage.feedback import text_queries, words
from engage.feedback.access import MODERATORS
from engage.feedback.models import FeedbackForm, FormText, TextState
from engage.feedback.service import texts as service
from engage.feedback.text_forms import DecideForm, Decision, StrikeForm, WhichTextsForm
from engage.feedback.views.blueprint import RANDOM_ID, bp
from engage.feedback.views.texts import lang_attribute
from engage.web.locale import localised, site_time_zone
from engage.web.paging import page_number


@dataclass(frozen=True, slots=True)
class Item:
    """A text and help with it: its personal data pointed at, the question that it answers."""

    text: FormText
    question: str
    pieces: list[Piece]
    is_ticked: bool

    @property
    def kinds(self) -> list[str]:
        """The kinds of personal data in it, each once."""
        return list(dict.fromkeys(piece.kind for piece in self.pieces if piece.kind))


@bp.get("/staff/texts")
@requires(*MODERATORS)
def text_queue() -> ResponseReturnValue:
    """The forms whose texts wait for a moderator, and all others."""
    waiting = text_queries.waiting(db.session)
    with_waiting = {one.form.id for one in waiting}
    others = [form for form in text_queries.moderated_forms(db.session) if form.id not in with_waiting]
    return render_template("feedback/text_queue.html", waiting=waiting, others=others)


@bp.route("/staff/forms/<slug>/texts", methods=["GET", "POST"])
@requires(*MODERATORS)
def texts(slug: str) -> ResponseReturnValue:
    """The texts of a form in one state, in an order of chance; show or hide those that are ticked."""
    form = text_queries.get_moderated_form(db.session, slug)
    decide = DecideForm()
    if decide.validate_on_submit():
        _decide(form, decide)
        return redirect(url_for("feedback.texts", slug=slug, **_arguments(form)), 303)
    return _page(form, decide), decide.status


@bp.route(f"/staff/forms/<slug>/texts/<{RANDOM_ID}:text_id>/strike", methods=["GET", "POST"])
@requires(*MODERATORS)
def strike_out(slug: str, text_id: int) -> ResponseReturnValue:
    """Strike personal data out of one text, for good; the rest stays as it was said."""
    form = text_queries.get_moderated_form(db.session, slug)
    text = text_queries.get_moderated_text(db.session, form, text_id)
    strike = StrikeForm()
    if strike.validate_on_submit() and _strike(form, text, strike):
        flash(
            _("Struck out for good, and the log has a line of it. The rest of the text is as it was."),
            "success",
        )
        return redirect(url_for("feedback.texts", slug=slug, state=text.state.value), 303)
    page = render_template(
        "feedback/strike_out.html",
        feedback=form,
        form=strike,
        text=text,
        question=_titles(form).get(text.question, text.question),
        suggestions=strike.suggestions(blanked(text.body) if text.is_redacted else text.body),
        version=service.version_of(text),
        kinds=KINDS,
        lang=lang_attribute,
        words=words,
    )
    return page, strike.status


def in_queue() -> str:
    """On the page of the queue of comments: that texts of forms wait too."""
    waiting = text_queries.waiting(db.session) if may_open("feedback.text_queue") else []
    if not waiting:
        return ""
    return render_template("feedback/_in_queue.html", count=sum(one.count for one in waiting))


def _decide(form: FeedbackForm, decide: DecideForm) -> None:
    seen = TextState(decide.seen.data)
    ids, actor, now = decide.text.data or [], editor(), utcnow()
    if decide.decision.data == Decision.SHOW:
        outcome = service.show_texts(db.session, form, ids, actor, now, seen=seen)
        flash(ngettext("%(num)s text is shown now.", "%(num)s texts are shown now.", outcome.done), "success")
    else:
        outcome = service.hide_texts(
            db.session, form, ids, actor, now, seen=seen, reason=decide.chosen_reason
        )
        flash(
            ngettext("%(num)s text is hidden now.", "%(num)s texts are hidden now.", outcome.done), "success"
        )
    if outcome.already:
        flash(
            ngettext(
                "%(num)s of these was already decided. It stays as it was.",
                "%(num)s of these were already decided. They stay as they were.",
                outcome.already,
            ),
            "warning",
        )


def _page(form: FeedbackForm, decide: DecideForm) -> str:
    arguments, titles = _arguments(form), _titles(form)
    state = TextState(arguments["state"])
    listed = text_queries.moderated(form.id).where(FormText.state == state, FormText.body != "")
    if "question" in arguments:
        listed = listed.where(FormText.question == arguments["question"])
    day = to_wall_clock(utcnow(), site_time_zone()).date()
    page = text_queries.page_of(db.session, text_queries.by_chance(listed, day), number=page_number())
    ticked = set(decide.text.data or ())
    return render_template(
        "feedback/texts.html",
        feedback=form,
        form=decide,
        state=state,
        arguments=arguments,
        which=WhichTextsForm(state=state, question=arguments.get("question", ""), questions=titles),
        counts=text_queries.count_by_state(db.session, form),
        page=page,
        items=[
            Item(
                text,
                titles.get(text.question, text.question),
                cut_at_personal_data(said(text.body, text)),
                text.id in ticked,
            )
            for text in page.rows
        ],
        kinds=KINDS,
        lang=lang_attribute,
        words=words,
    )


def _arguments(form: FeedbackForm) -> dict[str, Any]:
    """Which texts the address asks for; those that wait where it asks for nonsense."""
    state, question = request.args.get("state", ""), request.args.get("question", "")
    found = {"state": state if state in set(TextState) else TextState.WAITING.value}
    return found | ({"question": question} if question in _titles(form) else {})


def _titles(form: FeedbackForm) -> dict[str, str]:
    return {
        asked.name: (
            _("%(question)s: the other answer", question=localised(asked.title))
            if asked.is_other
            else localised(asked.title)
        )
        for asked in text_queries.asked_in_words(form)
    }


def _strike(form: FeedbackForm, text: FormText, strike: StrikeForm) -> bool:
    if not strike.is_all_in(text.body):
        return False
    try:
        service.strike_out(
            db.session,
            form,
            text.id,
            strike.spans(text.body),
            editor(),
            utcnow(),
            version=strike.version.data or "",
        )
    except (service.NothingChosen, service.TooMuch, service.TextChanged) as error:
        strike.words.errors = [str(error)]
        return False
    return True
