"""The sections on how it was said and reached us: tone, languages, districts, ways, days, meetings, letters,
and what is not in the numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from engage.comments.models import Disposition
from engage.meetings.said import How
from engage.reports.document.blocks import Block, Column, Link, Points, Row, Section, Table, Text
from engage.reports.document.rows import columns, crossed, plain_row, row, rows, table
from engage.reports.inputs import MeetingFacts
from engage.reports.page import ReportPage, rounding_note, said_at
from engage.web.locale import day
from engage.web.numbers import count_said


def tone(page: ReportPage) -> Section:
    """Tone, as measured, and within each declared position."""
    summary = page.summary
    explained = _(
        "How a text sounds, not what it wants: support can sound angry and opposition friendly. A program "
        "measures it, in a few languages only, and it can be wrong about a single text."
    )
    scored = [line for line in summary.tones if line.base]
    blocks: list[Block] = [
        Text(explained),
        table(
            "tones",
            _("Measured tone"),
            _("Tone"),
            rows(page, "tones", summary.tones),
            chart="sides",
            note=rounding_note(scored),
        ),
        _tone_by_position(page),
    ]
    if summary.tone_reasons:
        blocks += _without_tone(page)
    return Section("tone", _("Tone, as measured"), tuple(blocks))


def _tone_by_position(page: ReportPage) -> Table:
    found: list[Row] = []
    for split in page.summary.tone_by_position:
        label = page.label("positions", split.position.key)
        found += crossed(page, split.position.key, label, split.tones)
    return Table(
        id="tone_by_position",
        title=_("Tone within each declared position"),
        heading=_("Declared position"),
        columns=columns(page, "tones", page.summary.tones),
        rows=tuple(found),
        is_crossed=True,
    )


def _without_tone(page: ReportPage) -> Iterable[Block]:
    """Why some have no tone, and that this takes nothing from them."""
    reasons = rows(page, "tone_reasons", page.summary.tone_reasons)
    yield table("tone_reasons", _("Comments without a tone"), _("Why"), reasons)
    told = _(
        "A text without a tone is not counted as neutral. Its position and its concerns count like those of "
        "all others."
    )
    yield Text(told, is_note=True)


def where(page: ReportPage) -> Section:
    """Languages, districts, ways and days."""
    summary = page.summary
    groups = (
        ("languages", _("Language, as detected"), _("Language"), summary.languages),
        ("districts", _("District, as given"), _("District"), summary.districts),
        ("channels", _("How they reached us"), _("Way"), summary.channels),
        (
            "days",
            _("Comments by month of receipt") if summary.by_month else _("Comments by day of receipt"),
            _("Month") if summary.by_month else _("Day"),
            summary.days,
        ),
    )
    blocks = tuple(
        table(group, title, heading, rows(page, group, lines), chart="time" if group == "days" else "bars")
        for group, title, heading, lines in groups
        if lines
    )
    return Section("where", _("Languages, districts, ways and days"), blocks)


def meetings(page: ReportPage) -> Section:
    """What was said at meetings and written for them."""
    title = _("At meetings")
    if not page.meetings:
        return Section("meetings", title, (Text(page.no_meeting()),))
    explained = _(
        "What was spoken at meetings and what was written for them is counted above like every other "
        "comment. Here is how much of it belongs to which meeting. Meetings of the docket that took no "
        "comments are listed, too, if they took place meanwhile."
    )
    notices = Points(
        tuple(f"{_meeting_name(page, meeting)}: {page.notice(meeting)}" for meeting in page.meetings),
        title=_("Public notice"),
    )
    counted = _at_meetings(page)
    blocks = (counted, _who_came(page), notices) if counted.rows else (_who_came(page), notices)
    return Section("meetings", title, (Text(explained), *blocks))


def _meeting_name(page: ReportPage, meeting: MeetingFacts) -> str:
    return f"{page.meeting_name(meeting)}, {day(meeting.starts_at)}"


def _at_meetings(page: ReportPage) -> Table:
    """How many comments were spoken at each meeting of the period, and how many written for it."""
    names = {How.SPOKEN: _("Comments spoken"), How.WRITTEN: _("Comments written for it")}
    found = tuple(
        plain_row(
            meeting.slug,
            _meeting_name(page, meeting),
            said_at(meeting, which),
            by=which.value,
            href=page.meeting_href(meeting, which),
        )
        for meeting in page.meetings
        if meeting.is_of_period
        for which in How
    )
    return Table(
        id="at_meetings",
        title=_("Posted comments by meeting"),
        heading=_("Meeting"),
        columns=tuple(Column(name=which.value, label=names[which]) for which in How),
        rows=found,
        is_crossed=True,
    )


def _who_came(page: ReportPage) -> Table:
    return Table(
        id="checked_in",
        title=_("Who came to the meetings"),
        heading=_("Meeting"),
        columns=(Column(name="count", label=_("Who came")),),
        rows=tuple(_came(page, meeting) for meeting in page.meetings),
        note=_(
            "Who came is told as staff counted it; where they did not, by who gave a code or a name at the "
            "door, and others may have come. People in a room are not added to comments."
        ),
    )


def _came(page: ReportPage, meeting: MeetingFacts) -> Row:
    """How many came; few that were checked in are hidden, and nobody counted is no number."""
    name = _meeting_name(page, meeting)
    if meeting.is_counted:
        return plain_row(meeting.slug, f"{name}: {page.attendance(meeting)}", meeting.counted)
    why = "" if meeting.came is not None else page.attendance(meeting)
    return Row(key=meeting.slug, label=name, count=meeting.came, hidden=meeting.has_few, why=why)


def letters(page: ReportPage) -> Section:
    """Form letters as groups."""
    found, title = page.campaigns, _("Form letters")
    numbers = Table(
        id="letters",
        title=_("Form letters in numbers"),
        heading=_("What is counted"),
        columns=(Column(name="count", label=_("Number")),),
        rows=(
            plain_row("form_letters", _("Form letters"), found.letters),
            plain_row(
                "comments_that_are_versions_of_one", _("Comments that are versions of one"), found.members
            ),
            plain_row(
                "versions_with_own_words", _("Versions that add something of their own"), found.with_own_words
            ),
        ),
    )
    if not found.letters:
        none = (
            _("No two posted comments are versions of one letter, as far as they were compared.")
            if page.inputs.is_grouped
            else _("Not looked for yet: a program has still to compare what is posted.")
        )
        return Section("letters", title, (Text(none), numbers))
    explained = _(
        "Versions are put together for reading, never to leave somebody out: every submission counts "
        "as one in "
        "every number of this report. A version has about two thirds of the letter, whatever else it "
        "says. The "
        "rule looks at words only and is the same for every side."
    )
    address = page.address("campaigns.campaign_list", slug=page.period.slug)
    blocks: list[Block] = [Text(explained), numbers, *_largest_letters(page)]
    return Section("letters", title, (*blocks, Link(_("All form letters, with what people added"), address)))


def _largest_letters(page: ReportPage) -> list[Table]:
    largest: list[Row] = []
    parts: list[Row] = []
    sides: list[Row] = []
    names = (_("The letter as it is"), _("Small changes, such as a name"), _("Own words added"))
    for letter in page.campaigns.largest:
        begins = page.letter_begins(letter) or ""
        label = begins or _("Letter %(number)s", number=letter.line.key)
        largest.append(row(page, letter.line, label))
        parts += crossed(page, letter.line.key, label, (letter.copies, letter.changed, letter.with_own_words))
        sides += crossed(page, letter.line.key, label, letter.by_position)
    shown = [line for line in page.summary.positions if any(each.by == line.key for each in sides)]
    letter_parts = [each.by for each in parts[:3]]
    heading = _("How the letter begins")
    return [
        table("campaigns", _("The letters that were sent most often"), heading, largest),
        Table(
            id="campaign_parts",
            title=_("What the versions of these letters have of their own"),
            heading=heading,
            columns=tuple(
                Column(name=name, label=label) for name, label in zip(letter_parts, names, strict=True)
            ),
            rows=tuple(parts),
            is_crossed=True,
        ),
        Table(
            id="campaign_by_position",
            title=_("These letters by declared position"),
            heading=heading,
            columns=columns(page, "positions", shown),
            rows=tuple(sides),
            is_crossed=True,
        ),
    ]


def texts(page: ReportPage) -> Section:
    """Texts that were sent many times."""
    summary, title = page.summary, _("Texts sent more than once")
    if not summary.repeated_texts:
        return Section("texts", title, (Text(_("No two posted comments have the same text.")),))
    explained = _(
        "%(repeated)s of %(base)s posted comments share their text with another one. To send a text "
        "that others "
        "wrote is a way to take part; every submission counts as one above, and %(texts)s different "
        "texts stand "
        "behind them all.",
        repeated=count_said(summary.in_repeated_texts),
        base=count_said(summary.posted.n),
        texts=count_said(summary.texts),
    )
    found = [
        row(page, text.line, page.text_begins(text) or "", why="; ".join(text.organisers))
        for text in summary.count.repeated
    ]
    told = table("texts", _("The texts that were sent most often"), _("How the text begins"), found)
    return Section("texts", title, (Text(explained), told))


def not_counted(page: ReportPage) -> Section:
    """What has become of everything that was received."""
    explained = _(
        "Everything that was received is accounted for. The numbers above count only posted comments, "
        "because everybody can read those."
    )
    told = Table(
        id="numbers",
        title=_("What has become of it, and what stands behind it"),
        heading=_("What is counted"),
        columns=(Column(name="count", label=_("Number")),),
        rows=(*_fates(page), *_behind(page)),
    )
    log = Link(
        _("The public moderation log shows every step and its reason"), page.address("moderation.public_log")
    )
    return Section("not-counted", _("What is not in these numbers"), (Text(explained), told, log))


def _fates(page: ReportPage) -> Iterable[Row]:
    """What has become of all that was received."""
    summary = page.summary
    yield plain_row(Disposition.POSTED, _("Posted"), summary.posted.n, href=page.href(summary.posted))
    yield plain_row("waiting", _("Waiting for a moderator"), summary.waiting)
    for reason, n in summary.not_posted:
        yield plain_row(f"not_posted:{reason}", _("Not posted: %(reason)s", reason=page.reason(reason)), n)
    yield plain_row("withdrawn", _("Withdrawn by its author"), summary.withdrawn)
    yield plain_row("received", _("Received in all"), summary.received)


def _behind(page: ReportPage) -> Iterable[Row]:
    """How many texts and people stand behind what is posted, as far as can be known."""
    summary = page.summary
    told = (
        ("waiting_to_be_counted", _("Waiting to be counted"), summary.count.uncounted),
        ("distinct_texts", _("Different texts"), summary.texts),
        ("texts_sent_more_than_once", _("Texts sent more than once"), summary.repeated_texts),
        (
            "comments_with_such_a_text",
            _("Comments whose text was sent more than once"),
            summary.in_repeated_texts,
        ),
        ("submitters_at_least", _("People or organizations, at least"), summary.fewest_submitters),
        ("submitters_at_most", _("People or organizations, at most"), summary.most_submitters),
    )
    for key, label, n in told:
        yield plain_row(key, label, n)
