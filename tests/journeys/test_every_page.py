"""Every page of the site, with the demo county in it: WCAG 2.2 AA, light, and from nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from filelock import FileLock
from flask import Flask
from playwright.sync_api import Browser, Page, Request, ViewportSize
from sqlalchemy.orm import Session

from engage.accounts.access import access_of
from engage.accounts.models import RoleName, User
from engage.analysis import PositionLabel
from engage.backup.marks import mark_file
from engage.campaigns import queries as campaigns
from engage.clock import to_wall_clock, utcnow
from engage.comments.models import Comment, CommentPeriod, Disposition, ModerationReason
from engage.comments.redacted import RedactionKind
from engage.comments.spans import Span
from engage.db.session import db
from engage.demo.answers import add_answers
from engage.demo.oversight import add_record
from engage.demo.service import fill_county
from engage.dockets.models import Docket, PhaseKind
from engage.feedback.models import Entry, HiddenFor, TextState
from engage.feedback.service.tickets import make_codes
from engage.files import CleanFile, FileKind
from engage.intake.service import create_batch
from engage.labelling.service import draw_sample, label_comment
from engage.lifecycle import queries as lifecycle
from engage.meetings import service as meetings
from engage.meetings.about import AtMeeting
from engage.meetings.models import AccommodationKind, DecidedState, FileKindName, Meeting, Mode
from engage.meetings.recurrence import Frequency, Recurrence
from engage.meetings.service import after, agenda
from engage.meetings.service.series import SeriesDraft, create_series, leave_out
from engage.moderation import service as moderation
from engage.moderation.models import Contest, LogReason
from engage.oversight.queries import get_indicator
from engage.oversight.service import create_indicator
from engage.reports.service.publish import ask_for_version
from tests.conftest import signed_in_cookie
from tests.feedback.texts import AFRAID, SAFER, form_with_texts, text
from tests.journeys.conftest import Site, Watched
from tests.oversight.makers import draft as record_draft
from tests.support import databases, makers

# Of what passes, axe tells one node each: listing all of a long page takes longer than looking at it.
WCAG = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
# Half of axe's time goes to looking for what lies behind every word. Colours come from the same classes of
# the same templates in both languages, so one tells of both. Names, titles, languages, structure and the size
# of what is pressed are looked at in each.
WCAG_BUT_COLOURS = WCAG | {
    "rules": {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": False}}
}
LARGEST_PAGE = 100_000
DESK: ViewportSize = {"width": 1280, "height": 900}
SMALLEST_PHONE: ViewportSize = {"width": 320, "height": 900}

PERIOD = "287g-first-draft"
MEETING = "287g-community-forum"
IN_WORDS = "in-words"
OTHER_VALUES: dict[str, dict[str, Any]] = {
    "dockets": {"slug": "287g-agreement", "document_slug": "draft-agreement"},
    "themes": {"slug": "287g-agreement"},
    "retention.change_days": {"code": "form_keys"},
    "feedback.question_texts": {"slug": IN_WORDS, "question": "why"},
    "feedback.strike_out": {"slug": IN_WORDS},
    "feedback.texts": {"slug": IN_WORDS},
    "feedback": {"slug": "287g-your-view", "number": 1, "name": "parts", "question": "why"},
    "feedback.build": {"slug": "water-bills"},
    "feedback.edit_part": {"name": "office"},
    "feedback.publish_form": {"slug": "water-bills"},
    "feedback.take_questions": {"sort": "form", "source": "forum-feedback"},
    "follows.follow_docket": {"slug": "287g-agreement"},
    "follows.follow_meeting": {"slug": MEETING},
    "lifecycle": {"slug": "287g-agreement", "kind": "assess_readiness"},
    "meetings": {"slug": MEETING, "year": 2027, "month": 1},
    "comments.submit_comment": {"slug": "287g-second-draft"},
    "comments.cancel_period": {"slug": "287g-second-draft"},
    "comments.extend_period": {"slug": "287g-second-draft"},
    "meetings.notice_rules": {"slug": "287g-agreement"},
    "meetings.notice_rule": {"slug": "287g-agreement", "kind": "regular"},
    "meetings.notice_version": {"kind": "notice"},
    "feedback.code_sheet": {"slug": "with-codes"},
    "feedback.codes": {"slug": "with-codes"},
    "labelling.suggested": {"position": "unclear"},
    "reports.concern": {"code": "public_safety"},
    "reports.figure": {"name": "positions"},
    "reports.rate": {"number": 1},
    "reports.rate_concern": {"number": 1, "code": "public_safety"},
    "reports.version_figure": {"name": "positions"},
    "responses": {"slug": "287g-agreement", "number": 1},
    "responses.answers": {"slug": PERIOD},
    "responses.edit_answer": {"slug": PERIOD, "concern": "community_trust"},
    "responses.edit_commitment": {"number": 5},
    "responses.edit_question": {"number": 5},
    "responses.publish_answers": {"slug": PERIOD},
    "responses.publish_question": {"number": 5},
    "responses.staff_answers": {"slug": PERIOD},
    "reports.changes": {"number": 2},
    "reports.version_concern": {"number": 1, "code": "public_safety"},
    "meetings.change_meeting": {"kind": "reschedule"},
    "meetings.comments": {"slug": "on-record"},
    "meetings.minutes": {"slug": "on-record"},
    "meetings.oral": {"slug": "on-record"},
    "meetings.staff_record": {"slug": "on-record"},
    "meetings.write_minutes": {"slug": "on-record"},
    "oversight": {"slug": "carrow-jail-agreement", "indicator_slug": "charges-by-severity"},
    "oversight.edit_indicator": {"indicator_slug": "a-draft"},
}
# What a page is asked for beside its address.
QUERIES: dict[str, dict[str, Any]] = {
    "feedback.cross_tables": {"all": 1},
    "feedback.new_question": {"kind": "scale"},
    "feedback.staff_cross_tables": {"all": 1},
}
# Pages that are another page for each of several values.
ALSO: dict[str, list[dict[str, Any]]] = {"lifecycle.phase": [{"kind": kind.value} for kind in PhaseKind]}
# Pages that need a step before them, which their own tests take; files and endpoints that answer no page.
NOT_VISITED = {
    "accounts.mf_recovery": "needs a half-finished sign-in",
    "accounts.reset_password": "needs a link from a mail",
    "accounts.tf_select": "needs a half-finished sign-in",
    "accounts.two_factor_rescue": "needs a half-finished sign-in",
    "accounts.two_factor_setup_validate": "needs a half-finished set-up",
    "accounts.two_factor_token_validation": "needs a half-finished sign-in",
    "calendars.city_scrapers": "is no page",
    "calendars.docket": "is no page",
    "calendars.meeting": "is no page",
    "calendars.open_civic_data": "is no page",
    "calendars.site": "is no page",
    "comments.attachment": "is no page",
    "comments.similar": "is there only with the extra engage[semantic]",
    "dockets.concerns_file": "is no page",
    "intake.batch_entry": "needs the code of a batch",
    "intake.helper_paper": "needs the code of a batch",
    "dockets.staff_concerns_file": "is no page",
    "feedback.codes_csv": "is no page",
    "feedback.add_line": "needs an earlier question to be chosen",
    "feedback.answers_csv": "is no page",
    "feedback.answers_json": "is no page",
    "feedback.answers_xlsx": "is no page",
    "feedback.answers_zip": "is no page",
    "feedback.definition_json": "is no page",
    "feedback.definition_xlsx": "is no page",
    "feedback.dictionary_csv": "is no page",
    "feedback.helper_enter": "needs the code of a batch",
    "feedback.results_csv": "is no page",
    "feedback.results_json": "is no page",
    "feedback.results_schema": "is no page",
    "feedback.staff_definition_json": "is no page",
    "feedback.staff_results_csv": "is no page",
    "feedback.staff_results_json": "is no page",
    "feeds.docket": "is no page",
    "feeds.meeting": "is no page",
    "feeds.meetings": "is no page",
    "feeds.period": "is no page",
    "feeds.periods": "is no page",
    "follows.confirm": "needs a link from a mail",
    "follows.following": "needs a link from a mail",
    "lifecycle.columns_csv": "is no page",
    "lifecycle.readiness_csv": "is no page",
    "lifecycle.readiness_json": "is no page",
    "lifecycle.staff_stakeholders_csv": "is no page",
    "lifecycle.stakeholders_csv": "is no page",
    "lifecycle.stakeholders_json": "is no page",
    "meetings.attending": "needs the code of a registration",
    "meetings.file": "is no page",
    "meetings.staff_file": "is no page",
    "machines.healthz": "is no page",
    "machines.readyz": "is no page",
    "machines.root": "is no page",
    "machines.security_txt": "is no page",
    "meetings.door_person": "needs somebody on the list (test_floor.py)",
    "meetings.screen_json": "is no page",
    "meetings.write": "leads to the comment form",
    "meetings.notice_chain_csv": "is no page",
    "meetings.notice_json": "is no page",
    "meetings.notice_ledger_csv": "is no page",
    "moderation.neutrality_csv": "is no page",
    "moderation.attachment": "is no page",
    "mail.one_click": "needs a link from a mail",
    "moderation.public_log_csv": "is no page",
    "oversight.dictionary_csv": "is no page",
    "oversight.indicator_csv": "is no page",
    "oversight.indicator_json": "is no page",
    "oversight.record_csv": "is no page",
    "oversight.record_json": "is no page",
    "receipts.checkpoint": "is no page",
    "receipts.consistency": "is no page",
    "receipts.entries": "is no page",
    "receipts.manifest": "is no page",
    "receipts.openings": "is no page",
    "receipts.proof": "is no page",
    "receipts.verifier": "is no page",
    "staff.account_data": "is no page",
    "reports.frozen_numbers": "is no page",
    "reports.report_brief": "is no page",
    "reports.report_csv": "is no page",
    "reports.report_dictionary": "is no page",
    "reports.report_json": "is no page",
    "reports.report_pdf": "is no page",
    "reports.report_xlsx": "is no page",
    "reports.schema": "is no page",
    "responses.answers_csv": "is no page",
    "responses.answers_json": "is no page",
    "responses.commitments_csv": "is no page",
    "staff.accept_invitation": "needs a link from a mail",
}


@dataclass(frozen=True, slots=True)
class County:
    """The served site, what stands in its addresses, and a cookie that opens every door."""

    site: Site
    values: dict[str, Any]
    key: str


@pytest.fixture(scope="module")
def county(served: tuple[Site, databases.Sandbox], shared_folder: Path) -> County:
    """The county, filled, analysed and counted once in a run, by the process that needs it first."""
    site, sandbox = served
    kept, told = shared_folder / "county.sqlite", shared_folder / "county.json"
    with FileLock(shared_folder / "county.lock"):
        if told.exists():
            site.do(lambda _session: sandbox.put_back(db.engine, kept))
            site.do(lambda _session: mark_file().unlink(missing_ok=True))
        else:
            filled = _fill(site, sandbox)
            sandbox.keep(kept)
            told.write_text(json.dumps(filled))
    values, identity = json.loads(told.read_text())
    return County(site, values, _cookie(site.app, identity))


def _fill(site: Site, sandbox: databases.Sandbox) -> tuple[dict[str, Any], str]:
    """What stands in addresses, and who opens every door."""

    def fill(session: Session) -> tuple[dict[str, Any], str]:
        fill_county(session, now=utcnow())
        add_answers(session, utcnow())
        person = makers.user(session, *RoleName)
        period = session.scalars(sa.select(CommentPeriod).where(CommentPeriod.slug == PERIOD)).one()
        docket = session.scalars(sa.select(Docket).where(Docket.slug == "287g-agreement")).one()
        posted = sa.select(Comment).where(
            Comment.disposition == Disposition.POSTED, Comment.period_id == period.id
        )
        comments = session.scalars(posted.order_by(Comment.id).limit(120)).all()
        meeting = session.scalars(sa.select(Meeting).where(Meeting.slug == MEETING)).one()
        draw_sample(session, period, size=1_000, now=utcnow())
        batch, _code = create_batch(
            session, period=period, name="Town library", expires_at=utcnow() + timedelta(days=1),
            is_certified=True, creator=person, secret_key="k" * 32, now=utcnow(),
        )  # fmt: skip
        for comment in comments[1:]:
            label_comment(
                session, comment, person, position=PositionLabel.MIXED, concerns=["family_unity"], tone=None
            )
        values = (
            {
                "slug": PERIOD,
                "tracking_number": makers.attachment(session, comments[0]).tracking_number,
                "number": 1,
                "user_id": person.id,
                "batch_id": batch.id,
                "theme_id": makers.theme(session, docket).id,
                "campaign_id": 0,
            }
            | _disputes(session, comments[0], comments[1], person)
            | _agenda(session, meeting)
            | _registration(session, meeting)
            | _texts(session)
            | _codes(session, person)
            | _lifecycle(session, docket)
            | _oversight(session)
        )
        _keep_record(session, period, comments[2:8])
        return values, person.fs_uniquifier

    site.do(lambda _session: sandbox.renew(db.engine))
    site.do(lambda _session: mark_file().unlink(missing_ok=True))
    values, identity = site.do(fill)
    site.work()
    values["campaign_id"] = site.do(_largest_campaign)
    for note in ("First", "Second"):
        site.do(partial(_ask_for_version, note))
        site.work()
    return values, identity


def _ask_for_version(note: str, session: Session) -> None:
    period = session.scalars(sa.select(CommentPeriod).where(CommentPeriod.slug == PERIOD)).one()
    ask_for_version(session, period, note=makers.both(note), actor=None, now=utcnow())


def _keep_record(session: Session, period: CommentPeriod, comments: Sequence[Comment]) -> None:
    """A meeting that took place, with all that can stay of one."""
    meeting = makers.meeting(
        session, slug="on-record", period=period, docket=period.docket, starts_at=utcnow() - timedelta(days=1)
    )
    item = makers.agenda_item(session, meeting, decided=DecidedState.HEARD, outcome=makers.both("Thanks."))
    for comment in comments:
        AtMeeting(meeting, item).tie(session, comment)
    after.count_attendance(session, meeting, in_person=42, remote=7, now=utcnow())
    after.add_link(
        session, meeting, kind=FileKindName.RECORDING, title=makers.both("Recording"),
        url="https://video.example.org/1", now=utcnow(),
    )  # fmt: skip
    for word in ("opened", "closed"):
        after.write_minutes(session, meeting, makers.both(f"The chair {word} the meeting."), utcnow())
        after.publish_minutes(session, meeting, utcnow())


def _texts(session: Session) -> dict[str, int]:
    """A form with texts that are shown, wait, and are hidden; the id of one that waits."""
    form = form_with_texts(session, slug=IN_WORDS)
    for number in range(30):
        text(session, form, f"{AFRAID} Number {number}.", state=TextState.SHOWN)
    text(session, form, SAFER, state=TextState.HIDDEN, hidden_for=HiddenFor.SPAM)
    return {"text_id": text(session, form, "Call me at 240-555-0147, please.").id}


def _disputes(session: Session, first: Comment, second: Comment, person: User) -> dict[str, int]:
    """Something in every list of what moderators look at again; the ids that stand in addresses."""
    now = utcnow()
    moderation.report_comment(
        session, first, token="0" * 64, reason=ModerationReason.SPAM, words="Look at the second sentence."
    )
    moderation.open_contest(
        session, first, text="I did not write it.", email=None, language="en", client_token="0" * 64, now=now
    )
    contest_id = session.scalars(sa.select(Contest.id)).one()
    moderation.admit_contest(session, contest_id, person, now)
    moderation.redact_comment(
        session,
        first,
        [Span(0, 4, RedactionKind.PERSON_NAME)],
        person,
        now,
        LogReason.OTHERS_PERSONAL_DATA,
        version=moderation.version_of(first),
    )
    moderation.remove_comment(session, second, makers.user(session), now, ModerationReason.OFF_TOPIC)
    kept = session.scalars(sa.select(Comment).where(Comment.disposition == Disposition.RESTRICTED)).first()
    against = moderation.appealable(session, kept) if kept else None
    assert kept is not None
    assert against is not None
    appeal = moderation.open_appeal(
        session, kept, text="Read it again.", email=None, language="en", now=against.event.happened_at
    )
    return {"contest_id": contest_id, "appeal_id": appeal.id}


def _agenda(session: Session, meeting: Meeting) -> dict[str, int]:
    """A series whose address ends like the meeting's; the ids of an item and of a document."""
    now = utcnow()
    written = agenda.ItemDraft(makers.both("Opening"), makers.both("Hello."))
    item = agenda.add_item(session, meeting, written)
    for one in (item, None):
        file = agenda.add_file(
            session, meeting, item=one, kind=FileKindName.PACKET, title=makers.both("Packet"),
            source=CleanFile(FileKind.TEXT, b"Read me."), now=now,
        )  # fmt: skip
    agenda.post_complete_agenda(session, meeting, actor=None, now=now)
    made = SeriesDraft(
        slug=MEETING, title=makers.both("Forum"), template=meeting, lasts_minutes=90,
        first=to_wall_clock(meeting.starts_at, meeting.zone) + timedelta(days=1),
        recurrence=Recurrence(Frequency.WEEKLY, count=4),
    )  # fmt: skip
    series = create_series(session, made, now=now)
    leave_out(session, series, series.meetings[2], now=now)
    return {"item_id": item.id, "file_id": file.id}


def _lifecycle(session: Session, docket: Docket) -> dict[str, int]:
    """The ids of a point of the docket's checklist, of a body of its register and of an attempt to ask it."""
    body = lifecycle.bodies(session, docket)[0]
    point = lifecycle.points(session, docket)[0]
    return {"point_id": point.id, "body_id": body.id, "contact_id": body.contacts[0].id}


def _codes(session: Session, person: User) -> dict[str, int]:
    """A form that asks for codes; the id of some that were made."""
    form = makers.feedback_form(session, slug="with-codes", entry=Entry.CODE)
    batch = make_codes(session, form, label="Town library", size=60, actor=person, now=utcnow())
    return {"ticket_batch_id": batch.id}


def _oversight(session: Session) -> dict[str, str]:
    """A docket that was adopted, with its record and a draft; the first day of a stretch."""
    docket = add_record(session, utcnow())
    create_indicator(session, docket, record_draft("a-draft"))
    charges = get_indicator(session, docket, "charges-by-severity")
    return {"first_on": charges.starts_on.isoformat()}


def _registration(session: Session, meeting: Meeting) -> dict[str, Any]:
    """Somebody who comes to a meeting and needs something; their code and the id of what they need."""
    joined = meetings.register(
        session,
        meeting=meeting,
        registration=meetings.Registration(
            Mode.IN_PERSON, "Ana", "ana@example.org", meetings.Needs((AccommodationKind.CAPTIONS,))
        ),
        language="en",
        client_token=None,
        now=utcnow(),
    )
    return {"code": joined.code, "request_id": joined.attendee.accommodations[0].id}


def _largest_campaign(session: Session) -> int:
    """The form letter that was sent most often; there are some in the demo county."""
    slug = sa.select(CommentPeriod).where(CommentPeriod.slug == PERIOD)
    found = campaigns.read(session, session.scalars(slug).one(), number=1, now=utcnow())
    return found.rows[0].campaign.id


def _cookie(app: Flask, identity: str) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps(signed_in_cookie(identity)))


def _addresses(county: County, language: str, *, staff: bool = True) -> list[str]:
    """Every page that can be opened in a language; without ``staff`` only those that need no account."""
    app = county.site.app
    adapter = app.url_map.bind("localhost")
    paths = set()
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        is_left_out = rule.endpoint in NOT_VISITED or "GET" not in (rule.methods or ())
        if is_left_out or access is None or not (staff or access.is_public):
            continue
        given = county.values | OTHER_VALUES.get(rule.endpoint.split(".")[0], {})
        given = given | OTHER_VALUES.get(rule.endpoint, {}) | {"language": language}
        named = {name: given[name] for name in rule.arguments}
        for other in ALSO.get(rule.endpoint, [{}]):
            paths.add(adapter.build(rule.endpoint, named | other | QUERIES.get(rule.endpoint, {})))
    return sorted(paths)


@pytest.fixture
def new_visitor(browser: Browser, county: County) -> Iterator[Callable[..., Page]]:
    """Open a browser on the county: ``new_visitor(SMALLEST_PHONE, staff=True)``. Its errors fail the test."""
    watched, contexts = Watched(county.site.url), []

    def open_page(viewport: ViewportSize = DESK, *, staff: bool = False) -> Page:
        context = browser.new_context(base_url=county.site.url, viewport=viewport)
        if staff:
            name = county.site.app.config["SESSION_COOKIE_NAME"]
            context.add_cookies([{"name": name, "value": county.key, "url": county.site.url}])
        watched.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert watched.problems == []


# Each a class of its own, so that two processes share them.
class TestInEnglish:
    def test_everybody_can_use_every_page_and_none_scrolls_sideways_on_the_smallest_phone(
        self, county: County, new_visitor: Callable[..., Page]
    ) -> None:
        page = new_visitor(staff=True)
        problems = []
        first, second = DESK, SMALLEST_PHONE
        # Each is opened once and looked at twice; the next one in the window that the last has left.
        for path in _addresses(county, "en"):
            problems += _opened(page, path)
            problems += _look_at(page, path, first)
            page.set_viewport_size(second)
            problems += _look_at(page, path, second)
            first, second = second, first

        assert problems == []


class TestInSpanish:
    def test_everybody_can_use_every_page_on_the_smallest_phone_and_none_scrolls_sideways(
        self, county: County, new_visitor: Callable[..., Page]
    ) -> None:
        page = new_visitor(SMALLEST_PHONE, staff=True)
        problems = []
        for path in _addresses(county, "es"):
            problems += _opened(page, path)
            problems += _look_at(page, path, SMALLEST_PHONE)
            problems += _broken_rules(page, path, WCAG_BUT_COLOURS)

        assert problems == []


class TestOnASlowLine:
    def test_every_public_page_is_light(self, county: County, new_visitor: Callable[..., Page]) -> None:
        page = new_visitor()
        # As on a first visit: nothing is kept from the page before.
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        sizes: list[int] = []
        page.on("requestfinished", partial(_weigh, sizes))
        heavy = {}
        for path in _addresses(county, "en", staff=False):
            sizes.clear()
            page.goto(path, wait_until="load")
            # The scripts that a page loads by and by weigh too, and must not be on their way when it is left.
            # A figure for other sites has none.
            if "/embed/" not in path:
                page.wait_for_selector("html[data-enhanced]", state="attached")
            if sum(sizes) >= LARGEST_PAGE:
                heavy[path] = sum(sizes)

        assert heavy == {}


def _opened(page: Page, path: str) -> list[str]:
    answer = page.goto(path)
    assert answer is not None
    return [] if answer.status == 200 else [f"{path}: answered {answer.status}"]


def _look_at(page: Page, path: str, window: ViewportSize) -> list[str]:
    """What is wrong in a window of this size: by all rules on a desk, too wide on a phone."""
    if window == DESK:
        return _broken_rules(page, path, WCAG)
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{path}: {width} pixels wide on the smallest phone"] if width > window["width"] else []


def _broken_rules(page: Page, path: str, rules: dict[str, Any]) -> list[str]:
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{path}: {rule['id']} at {rule['nodes'][0]['target']}" for rule in found]


def _weigh(sizes: list[int], request: Request) -> None:
    size = request.sizes()
    sizes.append(size["responseBodySize"] + size["responseHeadersSize"])
