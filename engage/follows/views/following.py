"""What somebody follows: read the news, change it, end it. The link of every mail leads here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments.models import Comment
from engage.comments.queries import find_receipt, get_public_period, public_periods
from engage.db.session import db
from engage.dockets.queries import public_dockets
from engage.follows import queries
from engage.follows.forms import STOP, AddCommentForm, AddForm, FollowingForm, following_form, options
from engage.follows.models import Follow, Follower, Frequency
from engage.follows.queries import Followable
from engage.follows.service import keep
from engage.follows.tokens import Wish, comment_key, follower_of, follower_token, is_comment
from engage.follows.views.ask import FOLLOWER
from engage.follows.views.blueprint import bp, machines
from engage.meetings.queries import next_and_past, public_meetings
from engage.web.csrf import by_token_alone
from engage.web.locale import day, language, localised
from engage.web.news import PERIOD, Told, happenings

SHOWN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that somebody follows, as the page shows it."""

    name: str
    frequency: object
    reminder: object | None
    news: list[tuple[datetime, Told]]
    is_comment: bool


@bp.route("/following/<token>", methods=["GET", "POST"])
@public
def following(token: str) -> ResponseReturnValue:
    """All that one address follows, with the news of the last weeks."""
    follower = _follower(token)
    now = utcnow()
    pairs = [(follow.subject_kind, follow.subject_key) for follow in follower.follows]
    known = queries.followables(db.session, pairs, now)
    shown = [follow for follow in follower.follows if (follow.subject_kind, follow.subject_key) in known]
    names = {follow.id: _name(known[follow.subject_kind, follow.subject_key]) for follow in shown}
    form = following_form(
        [(follow, known[follow.subject_kind, follow.subject_key].has_reminder) for follow in shown],
        names,
        language=follower.language,
        is_discreet=follower.is_discreet,
    )
    if form.validate_on_submit():
        _save(form, follower, shown)
        flash(_("Saved."), "success")
        return redirect(url_for("follows.following", token=token, language=follower.language), 303)
    return _page(follower, token, form, shown, names), form.status


@bp.post("/following/<token>/add")
@public
def add(token: str) -> ResponseReturnValue:
    """Follow something more: this address was confirmed before."""
    follower = _follower(token)
    form = _add_form(follower)
    if form.validate_on_submit():
        kind, _colon, key = form.what.data.partition(":")
        keep.add_follows(db.session, follower, [Wish(kind, key)], Frequency(form.frequency.data))
        flash(_("You follow this now."), "success")
    return redirect(url_for("follows.following", token=token), 303)


@bp.post("/following/<token>/add-comment")
@public
def add_comment(token: str) -> ResponseReturnValue:
    """Follow a comment by its number."""
    follower = _follower(token)
    form = AddCommentForm()
    comment = find_receipt(db.session, form.tracking_number.data) if form.validate_on_submit() else None
    if comment is None:
        flash(_("We have no comment with this number. Compare it with your receipt."), "error")
    else:
        wish = Wish("comment", comment_key(comment.id))
        keep.add_follows(db.session, follower, [wish], Frequency.REAL_TIME)
        flash(_("You follow this now."), "success")
    return redirect(url_for("follows.following", token=token), 303)


@bp.post("/following/<token>/stop")
@public
def stop(token: str) -> ResponseReturnValue:
    """End all mail and forget the address."""
    keep.stop_all(db.session, _follower(token))
    session.pop(FOLLOWER, None)
    return redirect(url_for("follows.stopped"), 303)


@bp.get("/follow/stopped")
@public
def stopped() -> ResponseReturnValue:
    """The address is forgotten."""
    return render_template("follows/stopped.html")


@bp.post("/follow/no-reminder/<slug>")
@public
def no_reminder(slug: str) -> ResponseReturnValue:
    """Whoever follows a period from this browser has commented, and needs no reminder."""
    period = get_public_period(db.session, slug)
    follower = this_follower()
    if follower is not None:
        keep.stop_reminder(db.session, follower, period.id)
    flash(_("You will not be reminded that this comment period closes."), "success")
    return redirect(url_for("comments.period", slug=slug), 303)


@machines.route("/u/<token>", methods=["GET", "POST"])
@public
@by_token_alone
def one_click(token: str) -> ResponseReturnValue:
    """End all mail at one click in the mail program (RFC 8058); a person who opens the link gets the page."""
    number = follower_of(token)
    if number is None:
        abort(404)
    follower = queries.find_follower(db.session, token)
    if request.method == "GET":
        spoken = follower.language if follower else language()
        return redirect(url_for("follows.following", token=token, language=spoken), 303)
    if follower is not None:
        keep.stop_all(db.session, follower)
    return Response("You will get no more mail from us.\n", mimetype="text/plain")


def this_follower() -> Follower | None:
    """Who follows something from this browser, since it was last opened."""
    number = session.get(FOLLOWER, "")
    return queries.find_follower(db.session, follower_token(int(number))) if number else None


def may_stop_reminder(comment: Comment) -> bool:
    """Whether this browser's follower is still to be reminded that the period of a comment closes."""
    if FOLLOWER not in session:
        return False
    follower = this_follower()
    return follower is not None and any(
        follow.subject_kind == PERIOD
        and follow.subject_key == str(comment.period_id)
        and follow.wants_reminder
        for follow in follower.follows
    )


def _follower(token: str) -> Follower:
    follower = queries.find_follower(db.session, token)
    if follower is None:
        abort(410, _("Nothing is sent to this address any more, or the link is not complete."))
    return follower


def _page(
    follower: Follower, token: str, form: FollowingForm, shown: list[Follow], names: dict[int, str]
) -> str:
    news = _news(shown)
    items = [
        Item(
            name=names[follow.id],
            frequency=form[f"frequency_{follow.id}"],
            reminder=form._fields.get(f"reminder_{follow.id}"),
            news=news.get((follow.subject_kind, follow.subject_key), []),
            is_comment=is_comment(follow),
        )
        for follow in shown
    ]
    return render_template(
        "follows/following.html",
        follower=follower,
        token=token,
        form=form,
        items=items,
        add_form=_add_form(follower),
        comment_form=AddCommentForm(formdata=None),
        is_new="new" in request.args,
        keep_day=follower.contact.purge_after,
        shown_for=SHOWN_FOR.days,
    )


def _news(follows: list[Follow]) -> dict[tuple[str, str], list[tuple[datetime, Told]]]:
    """What has happened to each of these lately, the newest first."""
    wanted = {(follow.subject_kind, follow.subject_key) for follow in follows if not is_comment(follow)}
    found: dict[tuple[str, str], list[tuple[datetime, Told]]] = {}
    if wanted:
        now = utcnow()
        for happening in reversed(happenings(db.session, now - SHOWN_FOR, now)):
            told = happening.tell(language())
            for subject in happening.subjects:
                if (subject.kind, subject.key) in wanted:
                    found.setdefault((subject.kind, subject.key), []).append((happening.happened_at, told))
    return found


def _name(thing: Followable) -> str:
    if thing.title is None:
        return str(_("What you follow with a tracking number"))
    return " · ".join(filter(None, (localised(thing.title), day(thing.day) if thing.day else "")))


def _save(form: FollowingForm, follower: Follower, follows: list[Follow]) -> None:
    keep.change(db.session, follower, language=form.language.data, is_discreet=form.style.data == "discreet")
    for follow in follows:
        chosen = form[f"frequency_{follow.id}"].data
        reminder = f"reminder_{follow.id}"
        keep.change_follow(
            db.session,
            follow,
            frequency=None if chosen == STOP else Frequency(chosen),
            wants_reminder=form[reminder].data if reminder in form else follow.wants_reminder,
        )


def _add_form(follower: Follower) -> AddForm:
    """The form with all that can be followed and is not yet."""
    now = utcnow()
    things = [queries.of_period(period) for period in db.session.scalars(public_periods(now))]
    to_come, _past = next_and_past(db.session, public_meetings(now), now, past=0)
    things += [queries.of_docket(docket) for docket in public_dockets(db.session, now)]
    things += [queries.of_meeting(meeting, now) for meeting in to_come if meeting.takes_place(now)]
    taken = {(follow.subject_kind, follow.subject_key) for follow in follower.follows}
    form = AddForm()
    new = [thing for thing in things if (thing.kind, thing.key) not in taken]
    form.what.choices = options(*((f"{thing.kind}:{thing.key}", _name(thing)) for thing in new))
    return form
