"""How comments are tied to a meeting and to an item of its agenda: see engage.comments.about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentPeriod
from engage.meetings.models import AgendaItem, Meeting, MeetingComment, MeetingStatus
from engage.meetings.posted import posted_items, was_taken_off
from engage.meetings.queries import public_meetings
from engage.web.locale import moment

ARGUMENT = "item"
_LONGEST_ID = 9


@dataclass(frozen=True, slots=True)
class AtMeeting:
    """What is said at a meeting: on an item, or (None) on anything."""

    meeting: Meeting
    item: AgendaItem | None

    @property
    def argument(self) -> str:
        """The name of the argument."""
        return ARGUMENT

    @property
    def value(self) -> str:
        """The id of the item; empty for none."""
        return str(self.item.id) if self.item else ""

    def refusal(self, now: datetime) -> str:
        """Whoever types in what was said has seen to that."""
        return ""

    def until(self) -> datetime | None:
        """The same."""
        return None

    def notice(self, now: datetime) -> str:
        """Nothing: staff see the meeting on their page."""
        return ""

    def tie(self, session: Session, comment: Comment) -> None:
        """Write down that the comment belongs to the meeting."""
        session.add(
            MeetingComment(
                comment_id=comment.id,
                meeting_id=self.meeting.id,
                item_id=self.item.id if self.item else None,
            )
        )
        session.flush()

    def has(self, session: Session, comment: Comment) -> bool:
        """Whether the comment belongs to this item of this meeting already."""
        row = session.get(MeetingComment, comment.id)
        item_id = self.item.id if self.item else None
        return row is not None and (row.meeting_id, row.item_id) == (self.meeting.id, item_id)


@dataclass(frozen=True, slots=True)
class ForItem(AtMeeting):
    """What a resident writes on an item before the meeting, until the stated time."""

    item: AgendaItem

    def refusal(self, now: datetime) -> str:
        """Why the item takes no written comments at this instant; empty where it takes them."""
        meeting = self.meeting
        if self.item not in posted_items(meeting):
            return str(_l("This item was taken off the agenda, so it takes no written comments."))
        if meeting.takes_written_at(now):
            return ""
        said = _CALLED_OFF.get(meeting.status(now))
        return (
            str(said)
            if said
            else str(
                _l(
                    "Written comments on this item were taken until %(moment)s.",
                    moment=moment(meeting.cut_off(meeting.written_minutes), meeting.zone),
                )
            )
        )

    def until(self) -> datetime | None:
        """The stated time, or the end of the period where that comes first."""
        return written_until(self.meeting)

    def notice(self, now: datetime) -> str:
        """The item, its meeting, and until when it takes what is written; or that this time is over."""
        return render_template(
            "meetings/_about_item.html",
            item=self.item,
            meeting=self.meeting,
            refusal=self.refusal(now),
            until=self.until(),
        )


_CALLED_OFF: dict[MeetingStatus, LazyString] = {
    MeetingStatus.CANCELLED: _l("The meeting was cancelled, so this item takes no written comments."),
    MeetingStatus.POSTPONED: _l(
        "The meeting was postponed. This item takes written comments again once there is a new date."
    ),
}


def written_until(meeting: Meeting) -> datetime:
    """Until when the items of a meeting take written comments: its period may end before the stated time."""
    until = meeting.cut_off(meeting.written_minutes)
    if meeting.period is None or meeting.period.takes_comments(until):
        return until
    return min(until, meeting.period.closes_at)


def takes_written(item: AgendaItem, now: datetime) -> bool:
    """Whether a resident can write on an item at this instant. Needs its meeting."""
    meeting = item.meeting
    period = meeting.period
    return (
        item.takes_written
        and item in posted_items(meeting)
        and period is not None
        and meeting.takes_written_at(now)
        and period.takes_comments(now)
    )


def find_item(session: Session, period: CommentPeriod, value: str, now: datetime) -> ForItem | None:
    """The item of a public meeting of this period that takes written comments, by its id as it was sent.

    One that residents have not read of is not there for them; one that they have, and that was taken off the
    agenda, is told to be.
    """
    if not (value.isascii() and value.isdigit() and len(value) <= _LONGEST_ID):
        return None
    meeting = session.scalar(
        public_meetings(now)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.id == int(value), AgendaItem.takes_written, Meeting.period_id == period.id)
    )
    if meeting is None:
        return None
    item = next(item for item in meeting.items if item.id == int(value))
    return ForItem(meeting, item) if item in posted_items(meeting) or was_taken_off(item) else None
