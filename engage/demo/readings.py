"""Some comments of the fictional county as a person has read them: the program was mostly right."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import Role, RoleName, User
from engage.comments.models import Comment, CommentPeriod
from engage.comments.reviewed import machine_codes
from engage.demo import reading
from engage.demo.reading import Calendar
from engage.labelling.service import review_comment
from engage.web.locale import site_day, site_time_zone

_FILE = "docket-287g/readings.toml"


def read_comments(session: Session, now: datetime) -> int:
    """Confirm and correct what the program found, once it has; returns how many comments were read."""
    content = reading.toml(_FILE)
    day = Calendar(site_day(now), site_time_zone()).day(content["days"])
    corrected = {row["key"]: row["concerns"] for row in content["corrected"]}
    wanted = dict.fromkeys(content["confirmed"]) | corrected
    period = session.scalars(sa.select(CommentPeriod).where(CommentPeriod.slug == content["period"])).one()
    comments = comments_by_key(session, period)
    clerk = session.scalars(
        sa.select(User).where(User.roles.any(Role.name == RoleName.CLERK)).order_by(User.id).limit(1)
    ).one()
    read = 0
    for key, concerns in wanted.items():
        if (comment := comments.get(key)) is None:
            continue
        found = machine_codes(comment) if concerns is None else concerns
        read += review_comment(
            session, comment, clerk, concerns=found, of_digest=comment.body_digest, today=day
        )
    return read


def comments_by_key(session: Session, period: CommentPeriod) -> dict[str, Comment]:
    """The demo's comments of a period, by the key that their file gives them.

    Of a letter that several people sent, each text stands for one of them.
    """
    keys = {script.text: script.key for script in reading.scripts() if script.period == period.slug}
    found = session.scalars(sa.select(Comment).where(Comment.period_id == period.id).order_by(Comment.id))
    return {keys[comment.body]: comment for comment in found if comment.body in keys}
