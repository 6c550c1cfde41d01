"""The report as PDF: whole, or its first page alone as a brief."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import qrcode
import structlog
from flask_babel import gettext as _

from engage import paths
from engage.db.types import LANGUAGES
from engage.errors import EngageError
from engage.reports.document import address, sections_of
from engage.reports.document.blocks import Fact
from engage.reports.document.front import front
from engage.reports.document.method import facts
from engage.reports.page import ReportPage
from engage.reports.typeset import press
from engage.reports.typeset.first_page import in_their_words
from engage.reports.typeset.layout import Layout
from engage.reports.typeset.printable import printable
from engage.web.locale import day, language, localised, read_in, site_day

log = structlog.get_logger()

LONGEST_SECONDS = 60.0
"""Of the wall's clock; the program itself stops after ``press.CPU_SECONDS`` of work."""

_LONGEST_WAIT = 20.0
_SHORT_DIGEST = 16
_LONGEST_RUNNING = 60
# Two at a time in one process of the server: each keeps a processor busy for about a second.
_places = threading.BoundedSemaphore(2)


class CannotPrint(EngageError):
    """The report cannot be set now: too many are being set, or it takes too long."""


def pdf_of(page: ReportPage, *, is_brief: bool = False) -> bytes:
    """The report as a tagged PDF (PDF/UA-1), or its first page as a brief.

    The same bytes for the same page. Raises CannotPrint.
    """
    if not _places.acquire(timeout=_LONGEST_WAIT):
        raise CannotPrint(_("Many reports are being printed just now. Try again in a minute."))
    try:
        try:
            return _printed(print_order(page, is_brief=is_brief))
        except _Refused as error:
            # A letter that cannot be set with its neighbours: then Latin ones only, rather than no report.
            log.warning("report_set_in_latin_only", slug=page.period.slug, error=str(error)[:200])
            narrow = partial(printable, is_narrow=True)
            return _printed(print_order(page, is_brief=is_brief, said=narrow))
    except _Refused as error:
        log.error("report_not_set", slug=page.period.slug, error=str(error)[:200])
        raise CannotPrint(
            _("This report cannot be printed. Its web page and spreadsheet tell the same.")
        ) from error
    finally:
        _places.release()


def print_order(
    page: ReportPage, *, is_brief: bool = False, said: Callable[[str], str] = printable
) -> dict[str, Any]:
    """What the press is told: the template, the data and the date that the file carries.

    Two equal orders give the same bytes. ``said`` makes texts printable.
    """
    made_at = _made_at(page)
    return {
        "template": (paths.TEMPLATES / "reports" / "report.typ").read_text("utf-8"),
        "data": _data(page, said, made_at, is_brief=is_brief),
        "made_at": made_at.isoformat(),
    }


def _data(
    page: ReportPage, said: Callable[[str], str], made_at: datetime, *, is_brief: bool
) -> dict[str, Any]:
    first = _page_one(page, said, is_brief=is_brief)
    layout = Layout(said, more={f"voices-{code}": page.concern_href(code) for code in _quoted(page)})
    sections = sections_of(page)[:1] if is_brief else sections_of(page)
    return first | {
        "others": _page_one_elsewhere(page, said, is_brief=is_brief),
        "running": textwrap.shorten(first["title"], _LONGEST_RUNNING, placeholder=" …"),
        "footer": said(_footer(page)),
        "page_of": _("Page %(number)s of %(total)s", number="{n}", total="{m}"),
        "contents": _("Contents"),
        "made": [made_at.year, made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second],
        "is_brief": is_brief,
        "sections": [layout.section(section) for section in sections],
        "facts": [layout.fact(fact) for fact in _digests(page)],
    }


def _page_one(page: ReportPage, said: Callable[[str], str], *, is_brief: bool) -> dict[str, Any]:
    """What stands on the first page, in the language of the request."""
    name = said(localised(page.period.title))
    where = address(page)
    return {
        "language": language(),
        "title": _("Brief: %(title)s", title=name) if is_brief else _("Report: %(title)s", title=name),
        "docket": said(localised(page.period.docket_title)),
        "version": said(version_said(page)),
        "address": where,
        "address_label": _("The report on the web, where every number leads to its comments"),
        "qr": _qr(where),
        "qr_alt": _("QR code that leads to the report: %(address)s", address=where),
        "front": in_their_words(page, said),
        "sections": [Layout(said).section(front(page))],
    }


def _page_one_elsewhere(
    page: ReportPage, said: Callable[[str], str], *, is_brief: bool
) -> list[dict[str, Any]]:
    """The first page in the other languages, to be measured only: all print as much of people's words."""
    told = []
    for code in LANGUAGES:
        if code != language():
            with read_in(code):
                told.append(_page_one(page.anew(), said, is_brief=is_brief))
    return told


def _quoted(page: ReportPage) -> Iterable[str]:
    """The concerns of which something may be quoted, the most frequent first."""
    return (concern.key for concern in page.summary.concerns)


def version_said(page: ReportPage) -> str:
    """Which report this is: a version with its day, or the open one with the time of its counting."""
    if page.version:
        return str(
            _(
                "Version %(number)s, published on %(day)s",
                number=page.version.number,
                day=day(page.version.published_at),
            )
        )
    return str(_("Open report of %(day)s: its numbers still change", day=day(site_day(_made_at(page)))))


def _footer(page: ReportPage) -> str:
    if page.version is None:
        return version_said(page)
    digest = page.version.document_digest or page.version.inputs_digest
    return f"{version_said(page)} · SHA-256 {digest[:_SHORT_DIGEST]}…"


def _digests(page: ReportPage) -> list[Fact]:
    told = facts(page)
    if page.version and page.version.document_digest:
        told.append(Fact(_("JSON in this language (SHA-256)"), page.version.document_digest))
    return told


def _made_at(page: ReportPage) -> datetime:
    """The date of the file: of what it tells, never of the moment in which it is made."""
    if page.version:
        moment = page.version.published_at
    else:
        moment = page.summary.count.counted_at or page.period.opens_at
    return moment.astimezone(UTC).replace(microsecond=0)


def _qr(text: str) -> list[str]:
    """The rows of a QR code, dark as 1."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return ["".join("1" if is_dark else "0" for is_dark in line) for line in code.get_matrix()]


class _Refused(Exception):
    """The press could not set what it was given."""


def _printed(told: dict[str, Any]) -> bytes:
    # A file without a name takes the answer: the press may write so much into it and no more.
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, isolated: no environment, no current folder.
                [sys.executable, "-I", str(Path(press.__file__))],
                input=json.dumps(told | {"fonts": [str(paths.FONTS)]}).encode(),
                stdout=answer,
                stderr=subprocess.PIPE,
                env={},
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _Refused("it takes too long") from None
        if done.returncode != 0:
            raise _Refused(done.stderr.decode("utf-8", "replace").strip() or f"ended with {done.returncode}")
        answer.seek(0)
        return answer.read()
