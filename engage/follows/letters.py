"""What we write to people who follow something. A discreet mail names no topic, and its links name none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from engage.web.links import address_of, path_to


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in plain text."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of news: what it is about, a sentence, and the whole address of the page."""

    about: str
    text: str
    url: str


def confirmation(token: str, language: str) -> Letter:
    """The link by which somebody shows that the address is theirs. It says nothing of what was asked for."""
    link = address_of(path_to("follows.confirm", language, token=token))
    with force_locale(language):
        return Letter(
            _("%(site)s: please confirm your address", site=_short_name()),
            _(
                "Somebody, probably you, asked us to write to this address when there is news.\n"
                "\n"
                "Open this address within 3 days and press the button there. Until then nothing is sent:\n"
                "\n"
                "%(link)s\n"
                "\n"
                "If it was not you, you need not do anything. We have not kept your address.\n",
                link=link,
            ),
        )


def discreet_news(count: int, token: str, language: str) -> Letter:
    """That there is news, and where to read it."""
    with force_locale(language):
        said = ngettext(
            "There is %(num)s piece of news on what you follow.",
            "There are %(num)s pieces of news on what you follow.",
            count,
        )
        body = _("%(said)s Read it here:\n\n%(link)s\n", said=said, link=_following(token, language))
        return Letter(_quiet_subject(), body + _foot(token, language))


def full_news(lines: Sequence[Line], token: str, language: str) -> Letter:
    """All the news, grouped by what it is about, in the order in which it happened."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.about, []).append(line)
    parts = []
    for about, members in groups.items():
        parts.append(about + "\n" + "\n".join(f"- {line.text}\n  {line.url}" for line in members))
    with force_locale(language):
        subject = (
            f"{_short_name()}: {next(iter(groups))}"
            if len(groups) == 1
            else _("%(site)s: news on %(count)s things you follow", site=_short_name(), count=len(groups))
        )
        return Letter(_one_line(subject), "\n\n".join(parts) + "\n" + _foot(token, language))


def comment_news(token: str, language: str) -> Letter:
    """That something has become of one's own comment: not of which, not what, and nothing that it says."""
    link = address_of(path_to("receipts.lookup", language))
    with force_locale(language):
        body = _(
            "There is news on something that you follow with a tracking number.\n"
            "\n"
            "Type your tracking number here to read it:\n"
            "\n"
            "%(link)s\n",
            link=link,
        )
        return Letter(_quiet_subject(), body + _foot(token, language))


def receipt(tracking_number: str, language: str) -> Letter:
    """The tracking number and nothing else: no secret code, no topic, no word of the comment."""
    link = address_of(path_to("receipts.lookup", language))
    with force_locale(language):
        return Letter(
            _("%(site)s: the number that you asked for", site=_short_name()),
            _(
                "This is the tracking number that you asked us to send:\n"
                "\n"
                "%(number)s\n"
                "\n"
                "Type it here to see what has become of what you sent:\n"
                "\n"
                "%(link)s\n"
                "\n"
                "This mail is sent once. We have not kept your address. "
                "If you did not ask for it, delete it.\n",
                number=tracking_number,
                link=link,
            ),
        )


def queue(count: int, language: str) -> Letter:
    """How many comments wait for a moderator."""
    link = address_of(path_to("moderation.queue", language))
    settings = address_of(path_to("follows.queue_notice", language))
    with force_locale(language):
        said = ngettext("%(num)s comment waits.", "%(num)s comments wait.", count)
        return Letter(
            f"{_short_name()}: {said}",
            _(
                "%(said)s\n\nOpen the queue:\n\n%(link)s\n\n"
                "Change how often you get this mail:\n\n%(settings)s\n",
                said=said,
                link=link,
                settings=settings,
            ),
        )


def unsubscribe_headers(token: str) -> dict[str, str]:
    """One click in the mail program ends everything (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{address_of(path_to('mail.one_click', token=token))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _foot(token: str, language: str) -> str:
    foot: str = _(
        "\n-- \nChange how often you hear from us, or stop all mail:\n%(link)s\n",
        link=_following(token, language),
    )
    return foot


def _following(token: str, language: str) -> str:
    return address_of(path_to("follows.following", language, token=token))


def _quiet_subject() -> str:
    return _one_line(_("%(site)s: news on what you follow", site=_short_name()))


def _short_name() -> str:
    name: str = current_app.config["ENGAGE_SETTINGS"].site_short_name
    return name


def _one_line(text: str) -> str:
    """A subject of one line that a mail program shows whole or nearly so."""
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119].rstrip() + "…"
