"""Fill an empty site with the fictional county, through the same services that people's requests use."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.accounts.service import add_user
from engage.comments import tracking
from engage.comments.models import Comment, CommentPeriod
from engage.comments.service import Intake, submit_comment
from engage.comments.service.attach import ChosenClause
from engage.comments.service.period import NOT_WRITTEN, PeriodDraft, create_period
from engage.comments.service.submit import Submission
from engage.db.session import advisory_lock
from engage.demo import clauses, forms, reading
from engage.demo.census import add_census
from engage.demo.forms import Makers, add_forms
from engage.demo.lifecycle import add_lifecycle
from engage.demo.meetings import Staff, add_meetings, tie_to_meeting
from engage.demo.reading import Calendar, Fate, Script
from engage.dockets import service as dockets
from engage.dockets.models import District, Docket, PhaseKind
from engage.dockets.service import PhaseDraft
from engage.errors import RuleBroken
from engage.moderation.review_queries import open_proposal_of
from engage.moderation.service import confirm_removal, post_comments, restrict_comments

_DEMO_LOCK = 2_870_900
_STAFF = tuple(role for role in RoleName if role is not RoleName.RESIDENT)
_MODERATED_AT = "16:00"
_MEETINGS_ABOUT = "287g-second-draft"


class NotEmpty(RuleBroken):
    """The site has dockets of its own, among which fictional ones would mislead residents."""


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in to be shown once: the password is kept nowhere but as its hash."""

    role: RoleName
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class County:
    """What was filled in."""

    accounts: tuple[Account, ...]
    dockets: int
    comments: int
    meetings: int
    waiting: int
    forms: int
    answers: int


def fill_county(
    session: Session, *, now: datetime, on_progress: Callable[[int], None] = lambda _: None
) -> County | None:
    """Fill the site in this one transaction; None where it was filled before, and then nothing is changed.

    ``on_progress`` is told how many more of the steps counted by ``steps`` are done. Raises NotEmpty where
    the site has dockets of its own.
    """
    advisory_lock(session, _DEMO_LOCK)
    if is_filled(session):
        return None
    place = reading.toml("county.toml")
    zone = ZoneInfo(place["county"]["time_zone"])
    calendar = Calendar(now.astimezone(zone).date(), zone)

    accounts, users = _add_staff(session, place["office"]["mail_domain"])
    districts = _add_districts(session, place["districts"])
    add_census(session)
    periods = {
        period.slug: period for folder in reading.DOCKETS for period in add_docket(session, folder, calendar)
    }
    scripts = reading.scripts()
    wishes = clauses.chosen(scripts, periods, now)
    comments = []
    for script in scripts:
        about = wishes.get(script.key, ())
        comments.append(_submit(session, script, periods[script.period], districts, about))
        on_progress(1)
    moderators = users[RoleName.MODERATOR], users[RoleName.ADMINISTRATOR]
    _moderate(session, list(zip(scripts, comments, strict=True)), moderators, now, on_progress)
    docket = periods[_MEETINGS_ABOUT].docket
    staff = Staff(users[RoleName.HOST], users[RoleName.CLERK])
    meetings = add_meetings(session, periods, staff, calendar)
    add_lifecycle(session, docket, calendar)
    for script, comment in zip(scripts, comments, strict=True):
        if script.meeting is not None:
            tie_to_meeting(session, comment, script.meeting, script.item)
    makers = Makers(users[RoleName.HOST], users[RoleName.CLERK])
    asked, answered = add_forms(session, makers, calendar, on_progress=on_progress)
    return County(
        accounts=accounts,
        dockets=len(reading.DOCKETS),
        comments=len(scripts),
        meetings=meetings,
        waiting=sum(script.fate is Fate.PENDING for script in scripts),
        forms=asked,
        answers=answered,
    )


def steps() -> int:
    """How many steps ``fill_county`` reports: every comment and every answer to a form is sent, and most
    comments are moderated."""
    comments = sum(1 if script.fate is Fate.PENDING else 2 for script in reading.scripts())
    return comments + sum(map(forms.answers_in, forms.scripts()))


def is_filled(session: Session) -> bool:
    """Whether the county is here already. Raises NotEmpty where the site has dockets of its own."""
    slugs = set(session.scalars(sa.select(Docket.slug)))
    ours = {reading.toml(f"{folder}/docket.toml")["slug"] for folder in reading.DOCKETS}
    if slugs and not slugs & ours:
        raise NotEmpty("This site has dockets of its own: the fictional county belongs on an empty site.")
    return bool(slugs)


def _add_staff(session: Session, domain: str) -> tuple[tuple[Account, ...], dict[RoleName, User]]:
    """One account a role."""
    accounts = tuple(Account(role, f"{role}@{domain}", _new_password()) for role in _STAFF)
    users = {
        account.role: add_user(
            session,
            email=account.email,
            name=f"Demo {account.role}",
            roles=[account.role],
            password=account.password,
        )
        for account in accounts
    }
    return accounts, users


def _new_password() -> str:
    """79 random bits that can be typed from a screen: four groups of four without look-alike characters."""
    return "-".join("".join(secrets.choice(tracking.ALPHABET) for _ in range(4)) for _ in range(4))


def _add_districts(session: Session, rows: list[dict[str, Any]]) -> dict[str, District]:
    districts = {
        row["code"]: District(code=row["code"], name=row["name"], position=position)
        for position, row in enumerate(rows)
    }
    session.add_all(districts.values())
    session.flush()
    return districts


def add_docket(session: Session, folder: str, calendar: Calendar) -> list[CommentPeriod]:
    """Add the docket of a folder with all that its file names; returns its comment periods."""
    content = reading.toml(f"{folder}/docket.toml")
    docket = dockets.create_docket(
        session,
        slug=content["slug"],
        title=content["title"],
        summary=content["summary"],
    )
    dockets.publish_docket(session, docket, calendar.instant(content["opened_days"]))
    dockets.set_phases(session, docket, [_phase(row, calendar) for row in content["phases"]])
    for row in content["documents"]:
        _add_document(session, docket, folder, row, calendar)
    for row in content["updates"]:
        published_at = calendar.instant(row["days"])
        dockets.post_update(session, docket, title=row["title"], body=row["body"], published_at=published_at)
    if decision := content.get("decision"):
        texts = {name: decision[name] for name in ("decided_by", "outcome", "reasons")}
        dockets.record_decision(
            session,
            docket,
            decided_on=calendar.day(decision["days"]),
            goes_ahead=decision.get("goes_ahead"),
            **texts,
        )
    return [_add_period(session, docket, row, calendar) for row in content.get("periods", [])]


def _phase(row: dict[str, Any], calendar: Calendar) -> PhaseDraft:
    return PhaseDraft(
        PhaseKind(row["code"]),
        row["title"],
        row["summary"],
        starts_on=calendar.day(row["begins_days"]),
        ends_on=calendar.day(row["ends_days"]) if "ends_days" in row else None,
    )


def _add_document(
    session: Session, docket: Docket, folder: str, row: dict[str, Any], calendar: Calendar
) -> None:
    first, *later = row["versions"]
    document = dockets.add_document(
        session,
        docket,
        slug=row["slug"],
        title=row["title"],
        body=reading.document(folder, first["file"]),
        published_at=calendar.instant(first["days"]),
        change_note=first.get("note"),
    )
    for version in later:
        dockets.add_document_version(
            session,
            document,
            body=reading.document(folder, version["file"]),
            change_note=version["note"],
            published_at=calendar.instant(version["days"]),
        )


def _add_period(session: Session, docket: Docket, row: dict[str, Any], calendar: Calendar) -> CommentPeriod:
    draft = PeriodDraft(
        title=row["title"],
        summary=row["summary"],
        plain_summary=row.get("plain_summary", NOT_WRITTEN),
        instructions=row["instructions"],
        notice=row["notice"],
        opens_at=calendar.instant(row["opens_days"], row["opens_time"]),
        closes_at=calendar.instant(row["closes_days"], row["closes_time"]),
        time_zone=calendar.zone.key,
    )
    return create_period(
        session, docket=docket, slug=row["slug"], draft=draft, published_at=draft.opens_at - timedelta(days=1)
    )


def _submit(
    session: Session,
    script: Script,
    period: CommentPeriod,
    districts: dict[str, District],
    about: tuple[ChosenClause, ...],
) -> Comment:
    submission = Submission(
        body=script.text,
        position=script.position,
        name=script.name,
        organisation=script.organisation,
        district=districts[script.district] if script.district else None,
        clauses=about,
    )
    return submit_comment(
        session,
        period=period,
        submission=submission,
        intake=Intake(channel=script.channel),
        client_token=f"demo-{script.key}",
        # An hour after a morning's opening, so that the first day is one of the period's.
        now=period.opens_at + timedelta(days=script.day, hours=1),
    )


def _moderate(
    session: Session,
    sent: list[tuple[Script, Comment]],
    moderators: tuple[User, User],
    now: datetime,
    on_progress: Callable[[int], None],
) -> None:
    """Decide each comment in the afternoon of the day after it came, in the order of those days."""

    moderator, second = moderators

    def act(pair: tuple[Script, Comment]) -> tuple[datetime, str, str]:
        script, comment = pair
        zone = ZoneInfo(comment.period.time_zone)
        afternoon = Calendar(comment.received_on, zone).instant(1, _MODERATED_AT)
        return min(afternoon, now), script.fate, script.reason or ""

    decided = sorted((pair for pair in sent if pair[0].fate is not Fate.PENDING), key=act)
    for (happened_at, _fate, _reason), group in groupby(decided, key=act):
        scripts, comments = zip(*group, strict=True)
        if reason := scripts[0].reason:
            restrict_comments(session, comments, moderator, happened_at, reason)
            for comment in comments:
                if (proposal := open_proposal_of(session, comment)) is not None:
                    confirm_removal(session, proposal.id, second, happened_at)
        else:
            post_comments(session, comments, moderator, happened_at)
        on_progress(len(comments))
