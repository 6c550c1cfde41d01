"""Write on an item before the meeting, and read what was said about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.about import add_about
from engage.comments.models import Comment
from engage.db.session import db
from engage.errors import NotFound
from engage.meetings import queries, said
from engage.meetings.about import ARGUMENT, find_item, takes_written, written_until
from engage.meetings.models import AgendaItem, Meeting, MeetingComment
from engage.meetings.posted import posted_items, was_taken_off
from engage.meetings.said import ON_ANYTHING, How, Said
from engage.meetings.service.after import has_begun
from engage.meetings.views import oral
from engage.meetings.views.blueprint import bp
from engage.web.paging import page_number
from engage.web.parts import add_part

_LISTED = "meetings_of_listed_comments"


def init_app(app: Flask) -> None:
    """Let comments be about items, and let the pages of comments tell of meetings."""
    add_about(app, ARGUMENT, find_item)
    for place in ("comment", "receipt", "staff_comment"):
        add_part(app, place, _on_comment)
    add_part(app, "queued", _in_list)
    add_part(app, "reading_room", _in_list)
    add_part(app, "listed_comment", _on_listed_comment)


@bp.get("/meetings/<slug>/items/<int:item_id>/write")
@public
def write(slug: str, item_id: int) -> ResponseReturnValue:
    """Lead to the comment form of the meeting's period, with the item named on top."""
    meeting = queries.get_public_meeting(db.session, slug, utcnow())
    item = next((one for one in meeting.items if one.id == item_id), None)
    if item is None or not (item in posted_items(meeting) or was_taken_off(item)):
        raise NotFound(
            _l("This item is not on the agenda. It may have been taken off: look at the meeting’s page.")
        )
    if meeting.period is None or not item.takes_written:
        raise NotFound(_l("This item takes no written comments."))
    tied: dict[str, Any] = {ARGUMENT: item.id}
    return redirect(url_for("comments.submit_comment", slug=meeting.period.slug, **tied), 303)


@bp.get("/meetings/<slug>/comments")
@public
def comments(slug: str) -> ResponseReturnValue:
    """What was said at a meeting and written for it: all, or on the item and in the way of the address."""
    now = utcnow()
    meeting = queries.get_public_meeting(db.session, slug, now)
    which, item_id = _asked_for(meeting)
    by_item = said.said_by_item(db.session, meeting, now)
    page = said.read_said(db.session, meeting, item=item_id, which=which, number=page_number(), now=now)
    _look_up([comment for comment, _item in page.rows], now)
    return render_template(
        "meetings/comments.html",
        meeting=meeting,
        page=page,
        which=which,
        item_id=item_id,
        by_item=by_item,
        total=sum(by_item.values(), Said()),
        groups=_by_item(page.rows),
        comment_words=comment_words,
    )


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML; empty where there is nothing to say."""
    takes = [item for item in posted_items(meeting) if item.takes_written] if meeting.period else []
    is_ahead = meeting.takes_place(now) and now < meeting.starts_at
    # Once it has begun, the section about what came of it has the numbers.
    by_item = {} if has_begun(meeting, now) else said.said_by_item(db.session, meeting, now)
    posted = sum(by_item.values(), Said()).total
    if not (takes and is_ahead) and not posted:
        return ""
    return render_template(
        "meetings/_written.html",
        meeting=meeting,
        items=takes if is_ahead else [],
        posted=posted,
        is_open=any(takes_written(item, now) for item in takes),
        until=written_until(meeting),
        now=now,
    )


def staff_section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty where there is nothing to do."""
    return oral.staff_section(meeting, now)


def _asked_for(meeting: Meeting) -> tuple[How | None, int | None]:
    """The arguments of the address. Raises NotFound where they name nothing."""
    which, item = request.args.get("how", ""), request.args.get("item", "")
    if which and which not in set(How):
        raise NotFound(_l("There is no such list."))
    known = {str(each.id): each.id for each in meeting.items} | {"none": ON_ANYTHING}
    if item and item not in known:
        raise NotFound(_l("There is no such item on the agenda."))
    return How(which) if which else None, known[item] if item else None


def _by_item(
    rows: Sequence[tuple[Comment, AgendaItem | None]],
) -> list[tuple[AgendaItem | None, list[Comment]]]:
    """The comments of a page under their items; the rows are in the order of the agenda."""
    return [
        (item, [comment for comment, _item in group]) for item, group in groupby(rows, lambda row: row[1])
    ]


def _look_up(listed: list[Comment], now: datetime) -> None:
    """One question for a whole list: see _on_listed_comment."""
    setattr(g, _LISTED, said.meetings_of(db.session, listed, now))


def _in_list(*, comments: list[Comment], **_known: object) -> str:
    """Nothing of its own: the meetings of the list are read here at once."""
    _look_up(comments, utcnow())
    return ""


def _on_listed_comment(*, comment: Comment) -> str:
    """At which meeting a comment in the list was spoken, or for which item it was written."""
    return _belongs(comment, getattr(g, _LISTED, {}).get(comment.id))


def _on_comment(*, comment: Comment, **_known: object) -> str:
    """The same on the comment's own page, its receipt, and the page of its moderators."""
    return _belongs(comment, said.meetings_of(db.session, [comment], utcnow()).get(comment.id))


def _belongs(comment: Comment, row: MeetingComment | None) -> str:
    if row is None:
        return ""
    item: AgendaItem | None = row.item
    return render_template(
        "meetings/_belongs.html", meeting=row.meeting, item=item, is_spoken=said.how(comment) is How.SPOKEN
    )
