"""How it was measured, its licence and what it cannot tell: what must travel with numbers."""

from __future__ import annotations

from flask_babel import gettext as _

from engage.reports.document.blocks import Block, Fact, Facts, Link, Points, Section, Text
from engage.reports.document.rows import rows, table
from engage.reports.page import ReportPage
from engage.survey.suppression import K
from engage.web.locale import moment
from engage.web.numbers import count_said

LICENCE = "CC0-1.0"


def method(page: ReportPage) -> Section:
    """How this was measured."""
    blocks: list[Block] = []
    if len(page.summary.analysers) > 1:
        blocks.append(
            Text(
                _(
                    "These comments were measured by different versions: they are being measured "
                    "anew, and until "
                    "then the numbers for tone, concerns and languages are a mixture."
                )
            )
        )
    if page.summary.analysers:
        found = rows(page, "analysers", page.summary.analysers)
        blocks.append(table("analysers", _("Comments by version of the analyser"), _("Version"), found))
    blocks += [
        Facts(tuple(facts(page))),
        Link(_("The analysis: what it can tell and what it cannot"), page.address("pages.analysis")),
        Link(
            _("Every concern, and the words and phrases by which it is found"),
            page.address("dockets.concerns", slug=page.period.docket_slug),
        ),
        Points(tuple(limits_of_use()), title=_("Licence and limits of these numbers")),
    ]
    return Section("method", _("How this was measured"), tuple(blocks))


def facts(page: ReportPage) -> list[Fact]:
    """What identifies this report: whose numbers, of when, made how.

    Not the digest of the document: that is made of all this.
    """
    zone, taxonomy, version = page.period.time_zone, page.inputs.taxonomy, page.version
    told = []
    if version:
        told += [
            Fact(_("Version"), str(version.number)),
            Fact(_("Published"), moment(version.published_at, zone)),
            Fact(_("Inputs (SHA-256)"), version.inputs_digest),
        ]
        if page.inputs.is_held_back:
            told.append(Fact(_("Comments"), _("Held back"), held_back()))
    else:
        counted_at = page.summary.count.counted_at
        told.append(Fact(_("Version"), _("The open report: its numbers still change")))
        told.append(Fact(_("Last counted"), moment(counted_at, zone) if counted_at else _("not yet")))
    if log := page.inputs.log:
        said = _("%(count)s entries, head %(root)s", count=count_said(log.size), root=log.root)
        told.append(Fact(_("Public log of receipts"), said))
    return [
        *told,
        Fact(_("Method of counting"), str(page.inputs.method)),
        Fact(_("List of concerns"), f"{taxonomy.name} {taxonomy.version}"),
        Fact(_("Digest of that list"), taxonomy.digest),
    ]


def held_back() -> str:
    """Why the newest comments are not in a version."""
    return str(
        _(
            "Newer comments are not in it yet: fewer than ten came or went since the version before, and two "
            "versions differ by ten comments or by none, so that nobody can tell by comparing them what one "
            "person wrote."
        )
    )


def limits_of_use() -> list[str]:
    """Licence, limits and the rule for small numbers, in sentences."""
    return [
        _("These numbers are in the public domain (%(licence)s): use them as you like.", licence=LICENCE),
        _(
            "Those who commented decided so themselves; nobody was drawn at random. A share of these "
            "comments "
            "says nothing about what share of all residents would say the same."
        ),
        _(
            "Positions are as declared, tones as measured by a program, concerns as detected by a "
            "program: three "
            "things that are never mixed."
        ),
        _(
            "Where a number would tell of fewer than %(limit)s people by what they are, it is not told, and "
            "neither is another from which it could be worked out.",
            limit=K,
        ),
        _(
            "A comment that its author withdraws, or that is taken down, is not quoted any more; "
            "published numbers "
            "stay as they were."
        ),
    ]
