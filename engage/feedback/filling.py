"""A form that somebody is filling in: all of it travels in the page's own fields, and none is kept here."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from engage.feedback.models import FeedbackForm, FormVersion
from engage.survey.answers import Problem, asked, check
from engage.survey.definition import Definition, Page, Question
from engage.survey.posted import read_posted
from engage.survey.walk import pages_asked, sort_out, written_all
from engage.web.forms import clean_text

VERSION, PAGE, BEEN, SEEN, TOKEN, CODE, REVIEW = (
    "version",
    "page",
    "been",
    "seen",
    "token",
    "ticket",
    "review",
)
"""The names of the fields that say where somebody is. Not ``code``: error pages never give that back."""

LONGEST_GIVEN_BACK = 400_000
"""Characters. A page of many megabytes would make the browser hang."""

_LONGEST_CODE = 100
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TOKEN = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}")


@dataclass(frozen=True, slots=True)
class Filling:
    """Where somebody stands in a form. ``answers`` are those to what is asked, as they were sent.

    ``page`` is the page that was sent or is to be shown, ``been`` the names of those that were left in order,
    ``seen`` the questions that the page has shown, ``is_review`` whether the person came from the last page,
    where all answers are checked. ``dropped`` no longer apply. ``is_changed``: the form was written anew
    since it was opened. ``token`` makes what is sent twice count once; ``code`` is one that was handed out.
    """

    version: FormVersion
    answers: dict[str, Any]
    page: Page | None = None
    been: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    is_review: bool = False
    token: str = ""
    code: str = ""
    dropped: tuple[Question, ...] = ()
    is_changed: bool = False
    problems: dict[str, Problem] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        """What is asked."""
        return self.version.asked

    def at(self, page: Page | None, problems: Mapping[str, Problem] | None = None) -> Filling:
        """The same on another page, with what has to be mended there."""
        return replace(self, page=page, problems=dict(problems or {}))

    def unseen(self) -> bool:
        """Whether the page asks something that it has not shown: without a script it could not."""
        if self.page is None:
            return False
        here = (one.question.name for one in asked(self.definition, self.answers) if one.page is self.page)
        return any(name not in self.seen for name in here)

    def problems_here(self) -> dict[str, Problem]:
        """What has to be mended of what the page has shown."""
        if self.page is None:
            return {}
        found = check(self.definition, self.answers, page=self.page.name).problems
        return {name: problem for name, problem in found.items() if name in self.seen}

    def left(self) -> Filling:
        """The same once its page was left in order."""
        if self.page is None or self.page.name in self.been:
            return self
        return replace(self, been=(*self.been, self.page.name))

    def unfinished(self) -> Filling | None:
        """At the first page with something to mend, or that was not shown yet; None where all is done."""
        problems = check(self.definition, self.answers).problems
        for page in pages_asked(self.definition, self.answers):
            names = {question.name for question in page.questions()}
            here = {name: problem for name, problem in problems.items() if name in names}
            if page.name not in self.been:
                return self.at(page)
            if here:
                return self.at(page, here)
        return None

    def hidden(self) -> Iterator[tuple[str, str]]:
        """The fields that bring all this along, without the answers that the page shows itself."""
        yield VERSION, stamp_of(self.version)
        yield TOKEN, self.token
        if self.page is not None:
            yield PAGE, self.page.name
        if self.is_review:
            yield REVIEW, "1"
        yield from ((BEEN, name) for name in self.been)
        yield from written_all(self.definition, self.answers, but=self.page)


def stamp_of(version: FormVersion) -> str:
    """Which wording a page was made of: a version that nobody has answered can be written anew."""
    return f"{version.number}.{version.digest[:16]}"


def begin(form: FeedbackForm) -> Filling:
    """An empty form."""
    return Filling(version=_newest(form), answers={}, token=_new_token())


def read(form: FeedbackForm, sent: MultiDict[str, str]) -> Filling:
    """What a page has sent. Nothing of it is trusted, and nothing that can be read is lost."""
    fields = MultiDict((name, clean_text(value) or "") for name, value in sent.items(multi=True))
    version, is_changed = _version(form, fields.get(VERSION, ""))
    definition = version.asked
    given = read_posted(definition.questions(), fields)
    answers, dropped = sort_out(definition, given)
    if is_changed:
        answers = _that_fit(definition, answers)
    names = {page.name for page in definition.pages}
    been = tuple(dict.fromkeys(name for name in fields.getlist(BEEN) if name in names))
    token = fields.get(TOKEN, "")
    return Filling(
        version=version,
        answers=answers,
        page=next((page for page in definition.pages if page.name == fields.get(PAGE)), None),
        been=() if is_changed else been,
        seen=frozenset(fields.getlist(SEEN)),
        is_review=bool(fields.get(REVIEW)) and not is_changed,
        token=token if _TOKEN.fullmatch(token) else _new_token(),
        code=fields.get(CODE, "")[:_LONGEST_CODE],
        dropped=dropped,
        is_changed=is_changed,
    )


def _version(form: FeedbackForm, stamp: str) -> tuple[FormVersion, bool]:
    """The version that was opened, also if another has followed it; the newest where it is gone."""
    for version in form.versions:
        if stamp == stamp_of(version):
            return version, False
    return _newest(form), bool(stamp)


def _newest(form: FeedbackForm) -> FormVersion:
    if form.newest is None:
        raise RuntimeError("A form is published together with its first version.")
    return form.newest


def _that_fit(definition: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """Of answers to another wording those that can stand; words are kept whatever their length."""
    problems = check(definition, answers).problems
    fits = {
        question.name: question.is_text or question.name not in problems
        for question in definition.questions()
    }
    return {name: answer for name, answer in answers.items() if fits.get(name.removesuffix("-Comment"))}


def _new_token() -> str:
    """A random code of the kind that is handed out, so that it can be written down and typed."""
    plain = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(plain[place : place + 4] for place in range(0, 16, 4))
