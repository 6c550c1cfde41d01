"""What was posted about a meeting and when: on its page, each version by itself, and as a proof on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open, public, requires, signed_in_user
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound
from engage.intake.qr import qr_picture
from engage.meetings import ledger, notice_diff, notice_words, queries, service, words
from engage.meetings.access import CLERKS
from engage.meetings.models import Meeting, MeetingNotice, NoticeKind
from engage.meetings.notice_content import canonical, notice_of
from engage.meetings.notice_lead import Lead, NoticeRecord, Verdict, content_of, record_of, versions
from engage.meetings.notice_rules import rule_for
from engage.meetings.views.blueprint import bp

PROGRAM = """\
import csv, hashlib, sys

last = "0" * 64
for row in csv.DictReader(sys.stdin):
    text = "\\n".join((last, row["digest"], row["posted_at"]))
    last = hashlib.sha256(text.encode()).hexdigest()
    if last != row["chain"]:
        sys.exit("Row " + row["row"] + " was changed.")
print(last)
"""
"""Checks the whole ledger from its CSV file with nothing but Python."""


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML; empty where there is nothing to say."""
    return render_template("meetings/_notice.html", **_told(meeting, now))


def staff_section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty where there is nothing to do."""
    told = _told(meeting, now)
    return render_template(
        "meetings/_notice_staff.html",
        **told,
        warnings=_warnings(told["record"], now),
        is_stale=_is_stale(meeting),
        may_set_rules=may_open("meetings.notice_rules"),
        may_post=may_open("meetings.post_notice"),
    )


@bp.get("/meetings/<slug>/notices/<kind>/<int:number>")
@public
def notice_version(slug: str, kind: str, number: int) -> ResponseReturnValue:
    """One posted version as it was, and what was different from the one before."""
    now = utcnow()
    meeting, version = _find(slug, kind, number, now)
    said = content_of(version)
    before = next((one for one in versions(meeting, version.kind) if one.number == number - 1), None)
    return render_template(
        "meetings/notice_version.html",
        meeting=meeting,
        version=version,
        said=said,
        before=before,
        differences=notice_diff.differences(content_of(before), said) if before else [],
        is_newest=version is versions(meeting, version.kind)[-1],
        say=notice_words,
        text_of=notice_diff.text_of,
        words=words,
    )


@bp.get("/meetings/<slug>/notices/<kind>/<int:number>.json")
@public
def notice_json(slug: str, kind: str, number: int) -> ResponseReturnValue:
    """The exact bytes of a version, whose SHA-256 is its digest."""
    _meeting, version = _find(slug, kind, number, utcnow())
    return Response(version.content.encode(), mimetype="application/json")


@bp.get("/meetings/<slug>/proof")
@public
def proof(slug: str) -> ResponseReturnValue:
    """All that was posted about a meeting with what is needed to check it, to be printed."""
    now = utcnow()
    meeting = queries.get_public_meeting(db.session, slug, now)
    address = url_for("meetings.proof", slug=meeting.slug, _external=True)
    previous = {version.id: ledger.previous_chain(db.session, version) for version in meeting.notices}
    return render_template(
        "meetings/proof.html",
        **_told(meeting, now),
        previous=previous,
        commands=_commands(meeting, previous),
        instant_of=ledger.instant_of,
        address=address,
        qr=qr_picture(address),
        program=PROGRAM,
    )


@bp.post("/staff/meetings/<slug>/notices")
@requires(*CLERKS)
def post_notice(slug: str) -> ResponseReturnValue:
    """Post the notice of a published meeting as it stands now."""
    now, user = utcnow(), signed_in_user()
    if user is None:
        raise RuntimeError("This view does not say that it requires an account.")
    meeting = queries.get_meeting(db.session, slug, user)
    if meeting.published_at is None:
        flash(_("Residents do not see this meeting yet: publish it first."), "error")
    elif service.post_notice(db.session, meeting, actor=user, now=now):
        flash(_("The notice is posted as the meeting stands now."), "success")
    else:
        flash(_("The notice says this already; nothing was posted."), "info")
    return redirect(url_for("meetings.staff_meeting", slug=meeting.slug), 303)


def _told(meeting: Meeting, now: datetime) -> dict[str, Any]:
    """What every page about a meeting's notice needs."""
    record = record_of(meeting, now)
    late = [
        (change, notice_diff.differences(content_of(change.before), content_of(change.after)))
        for change in record.late
    ]
    return {
        "meeting": meeting,
        "record": record,
        "late": late,
        "say": notice_words,
        "text_of": notice_diff.text_of,
        "words": words,
        "now": now,
    }


def _commands(meeting: Meeting, previous: dict[int, str]) -> str:
    """What to type to compute digest and chain value of the newest version; empty where nothing is
    posted."""
    if not meeting.notices:
        return ""
    version = meeting.notices[-1]
    place: dict[str, Any] = {"slug": meeting.slug, "kind": version.kind, "number": version.number}
    text = url_for("meetings.notice_json", **place, _external=True)
    fields = (previous[version.id], version.digest, ledger.instant_of(version.posted_at))
    return f"curl -s {text} | sha256sum\nprintf '%s\\n%s\\n%s' {' '.join(fields)} | sha256sum"


def _find(slug: str, kind: str, number: int, now: datetime) -> tuple[Meeting, MeetingNotice]:
    meeting = queries.get_public_meeting(db.session, slug, now)
    for version in meeting.notices:
        if (version.kind, version.number) == (kind, number):
            return meeting, version
    raise NotFound(_l("No such notice or agenda was posted."))


def _is_stale(meeting: Meeting) -> bool:
    """Whether residents were told something else than what the meeting's page says now."""
    posted = versions(meeting, NoticeKind.NOTICE)
    if meeting.published_at is None:
        return False
    stands = canonical(notice_of(meeting, rule_for(db.session, meeting)))
    return not posted or posted[-1].content != stands


def _warnings(record: NoticeRecord, now: datetime) -> list[str]:
    """What the clerk must know before posting: by when, or how short it would be."""
    return [text for lead in (record.notice, record.agenda) for text in _warning(lead, now)]


def warnings_of_change(meeting: Meeting, starts_at: datetime, now: datetime) -> list[str]:
    """How short notice and agenda would be, posted now for another place or for this start."""
    rule = rule_for(db.session, meeting)
    kinds = [NoticeKind.NOTICE, *([NoticeKind.AGENDA] if starts_at != meeting.starts_at else [])]
    leads = [Lead(kind, rule, None, starts_at, meeting.zone, now) for kind in kinds]
    return [text for lead in leads for text in _warning(lead, now)]


def _warning(lead: Lead, now: datetime) -> list[str]:
    if lead.verdict is not Verdict.MISSING or now >= lead.starts_at:
        return []
    asked = notice_words.length(lead.rule.amount, lead.rule.unit)
    left = lead.rule.lead(now, lead.starts_at, lead.zone)
    would_be = notice_words.length(left, lead.rule.unit)
    if lead.kind is NoticeKind.NOTICE:
        return [
            _(
                "Posted now, the notice is short: %(left)s before, and the rule asks for %(asked)s. "
                "Residents will see that.",
                left=would_be,
                asked=asked,
            )
        ]
    return [
        _(
            "Posted now, the agenda is short: %(left)s before, and the rule asks for %(asked)s. "
            "Residents will see that.",
            left=would_be,
            asked=asked,
        )
    ]
