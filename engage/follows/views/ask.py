"""Begin to follow by e-mail: the form, the word that a mail is on its way, and the page that confirms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments.models import Comment
from engage.comments.queries import find_receipt, get_public_period
from engage.db.session import db
from engage.db.types import Localised
from engage.dockets.queries import get_public_docket
from engage.errors import NotFound
from engage.follows import queries
from engage.follows.forms import FollowForm, ReceiptMailForm
from engage.follows.models import Frequency
from engage.follows.service import ask, keep
from engage.follows.tokens import Asked, Wish, comment_key, follower_token, open_asked
from engage.follows.views.blueprint import bp
from engage.meetings.queries import get_public_meeting
from engage.web.locale import language, localised
from engage.web.news import DOCKET, MEETING, PERIOD

FOLLOWER = "follower"
"""The entry of the cookie by which this browser, until it is closed, is known to follow something."""


@bp.route("/follow/dockets/<slug>", methods=["GET", "POST"])
@public
def follow_docket(slug: str) -> ResponseReturnValue:
    """Follow a docket."""
    docket = get_public_docket(db.session, slug, utcnow())
    return _follow(
        [Wish(DOCKET, str(docket.id))],
        [],
        title=docket.title,
        way_back=url_for("dockets.docket", slug=slug),
    )


@bp.route("/follow/periods/<slug>", methods=["GET", "POST"])
@public
def follow_period(slug: str) -> ResponseReturnValue:
    """Follow a comment period, and if wanted its docket."""
    period = get_public_period(db.session, slug)
    form = FollowForm()
    form.also.label.text = _("Follow the docket too: %(title)s", title=localised(period.docket.title))
    return _follow(
        [Wish(PERIOD, str(period.id))],
        [Wish(DOCKET, str(period.docket_id))],
        title=period.title,
        way_back=url_for("comments.period", slug=slug),
        form=form,
    )


@bp.route("/meetings/<slug>/follow", methods=["GET", "POST"])
@public
def follow_meeting(slug: str) -> ResponseReturnValue:
    """Follow a meeting, with a reminder a day before if it is to come, and if wanted its docket."""
    now = utcnow()
    meeting = get_public_meeting(db.session, slug, now)
    is_done = meeting.is_done(now)
    form = FollowForm()
    if not is_done:
        form.frequency.description = _(
            "The reminder, and changes shortly before the meeting, are always sent at once."
        )
    more = []
    if meeting.docket is not None:
        form.also.label.text = _("Follow the docket too: %(title)s", title=localised(meeting.docket.title))
        more.append(Wish(DOCKET, str(meeting.docket_id)))
    return _follow(
        [Wish(MEETING, str(meeting.id), wants_reminder=not is_done)],
        more,
        title=meeting.title,
        on_day=meeting.local_start.date(),
        way_back=url_for("meetings.meeting", slug=slug),
        form=form,
        promise=_("We write to you when there are new minutes and recordings.")
        if is_done
        else _("We write to you when its date, place or agenda change, and a day before it begins."),
    )


@bp.route("/follow/comments/<tracking_number>", methods=["GET", "POST"])
@public
def follow_comment(tracking_number: str) -> ResponseReturnValue:
    """Follow one's own comment, and if wanted its period, without the reminder to comment."""
    comment = _receipt(tracking_number)
    form = FollowForm()
    form.also.label.text = _(
        "Follow the comment period too, without the reminder that it closes: %(title)s",
        title=localised(comment.period.title),
    )
    form.frequency.description = _("About your comment we always write at once.")
    return _follow(
        [Wish("comment", comment_key(comment.id))],
        [Wish(PERIOD, str(comment.period_id), wants_reminder=False)],
        title=None,
        way_back=url_for("receipts.receipt", tracking_number=comment.tracking_number),
        form=form,
    )


@bp.get("/follow/sent")
@public
def sent() -> ResponseReturnValue:
    """A mail is on its way: the same word for every address."""
    return render_template("follows/sent.html")


@bp.route("/follow/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """Show what was asked for; begin it only by the button, because mail programs open links too."""
    asked = open_asked(token, utcnow())
    if asked is None:
        abort(410, _("This link is too old or not complete. Ask to follow once more."))
    if request.method == "POST":
        follower = keep.confirm(db.session, asked)
        session[FOLLOWER] = str(follower.id)
        return redirect(url_for("follows.following", token=follower_token(follower.id), new="yes"), 303)
    wanted = [(wish.kind, wish.key) for wish in asked.wishes]
    known = queries.followables(db.session, wanted, utcnow())
    return render_template(
        "follows/confirm.html",
        asked=asked,
        things=[known[pair] for pair in wanted if pair in known],
        token=token,
    )


@bp.route("/receipts/<tracking_number>/mail", methods=["GET", "POST"])
@public
def mail_receipt(tracking_number: str) -> ResponseReturnValue:
    """Send the tracking number of a comment to an address, once, and forget the address."""
    comment = _receipt(tracking_number)
    form = ReceiptMailForm()
    if form.validate_on_submit():
        ask.mail_receipt(db.session, comment, address=form.canonical or "", language=language())
        return redirect(url_for("follows.receipt_sent", tracking_number=comment.tracking_number), 303)
    return render_template("follows/mail_receipt.html", form=form, comment=comment), form.status


@bp.get("/receipts/<tracking_number>/mail/sent")
@public
def receipt_sent(tracking_number: str) -> ResponseReturnValue:
    """The number is on its way."""
    return render_template("follows/receipt_sent.html", comment=_receipt(tracking_number))


def _follow(
    wishes: Sequence[Wish],
    more: Sequence[Wish],
    *,
    title: Localised | None,
    way_back: str,
    form: FollowForm | None = None,
    promise: str | None = None,
    on_day: date | None = None,
) -> ResponseReturnValue:
    form = form or FollowForm()
    if form.validate_on_submit():
        asked = Asked(
            address=form.canonical or "",
            wishes=(*wishes, *(more if form.also.data else ())),
            frequency=Frequency(form.frequency.data),
            language=language(),
            is_discreet=form.style.data == "discreet",
        )
        ask.ask_to_follow(db.session, asked)
        return redirect(url_for("follows.sent"), 303)
    page = render_template(
        "follows/follow.html",
        form=form,
        title=title,
        on_day=on_day,
        promise=promise
        or _("We write to you about new dates, documents, decisions, answers and commitments."),
        has_more=bool(more),
        way_back=way_back,
    )
    return page, form.status


def _receipt(tracking_number: str) -> Comment:
    comment = find_receipt(db.session, tracking_number)
    if comment is None:
        raise NotFound(_l("There is no receipt with this number."))
    return comment
