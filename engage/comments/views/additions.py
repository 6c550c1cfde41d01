"""What goes with a comment besides its words: files and clauses, read from the form and given back to it.

Files are made clean before the transaction of the request begins, because that takes seconds and the write
lock is everybody's. What is clean waits at once, in a transaction of its own: whatever is wrong with the rest
of the form, nobody has to upload it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from engage.clock import utcnow
from engage.comments import attached, file_words, queries, service
from engage.comments.attached import MOST_FILES, OfferedDocument
from engage.comments.forms_additions import WithFiles
from engage.comments.models import CommentPeriod, Stance, Upload
from engage.comments.models.attachment import LONGEST_DESCRIPTION
from engage.comments.service.attach import ChosenClause, SentFile
from engage.db.session import db, write_transaction
from engage.dockets.clauses import Clause
from engage.dockets.models import DocumentVersion
from engage.errors import NotFound
from engage.files import LARGEST_FILE, CleanFile, Refused, clean
from engage.web.forms import clean_text
from engage.web.once import FormKey, form_key, sent_token
from engage.web.transactions import call_before_writing

ENDPOINT = "comments.submit_comment"
LARGEST_FORM = MOST_FILES * LARGEST_FILE + 2 * 1024 * 1024
"""Bytes of a whole request: all files that it may bring, and the text."""

MOST_CLAUSES = 40
"""Of one comment."""

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A clause that is chosen in the form, with what is wanted of it."""

    version: DocumentVersion
    clause: Clause
    stance: Stance | None


@dataclass(slots=True)
class Additions:
    """What the form shows of files and clauses, and what it sends."""

    token: str
    offered: list[OfferedDocument]
    uploads: list[Upload] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    descriptions: dict[str, str] = field(default_factory=dict)
    chosen: list[Chosen] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_only_adding: bool = False

    @classmethod
    def offered_at(cls, period: CommentPeriod, key: FormKey, now: datetime) -> Additions:
        """Of a form that is opened: with the clauses of its address, and the files that wait for it."""
        additions = cls(key.token, attached.offered_documents(period, now))
        if key.is_in_address:
            additions.uploads = attached.uploads_of(db.session, key.token)
            additions.ticked = [upload.digest for upload in additions.uploads]
        additions._choose(period, request.args.getlist("clause"), now)
        additions.problems = []
        return additions

    @classmethod
    def sent_to(cls, period: CommentPeriod, now: datetime) -> Additions:
        """Of a form that was sent."""
        token, taken = _token(), _taken()
        additions = cls(token, attached.offered_documents(period, now))
        additions.uploads = attached.uploads_of(db.session, token)
        kept = [digest for digest in request.form.getlist("kept") if _DIGEST.fullmatch(digest)]
        additions.ticked = list(dict.fromkeys([*kept, *taken.digests]))[:MOST_FILES]
        additions.problems = list(taken.problems)
        for digest in additions.ticked:
            additions._describe(digest, request.form.get(f"description-{digest}", ""))
        button = request.form.get("add", "")
        wanted = [*request.form.getlist("clause"), request.form.get("add_clause", "")]
        additions._choose(period, [key for key in wanted if key], now)
        additions.is_only_adding = bool(button)
        if button == "files" and not (taken.digests or taken.problems):
            additions.problems.append(_("Choose the files first, then press the button."))
        return additions

    def check(self, form: WithFiles) -> bool:
        """Tell the form what is wrong with its files; returns whether nothing is."""
        if self.problems:
            form.files.errors = [*form.files.errors, *self.problems]
        return not self.problems

    @property
    def files(self) -> tuple[SentFile, ...]:
        """The files that go with the comment, in the order in which they came."""
        waiting = [upload.digest for upload in self.uploads if upload.digest in self.ticked]
        gone = [digest for digest in self.ticked if digest not in waiting]
        return tuple(
            SentFile(self.token, digest, self.descriptions.get(digest) or None)
            for digest in [*waiting, *gone]
        )

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form sends of files that wait already, so that nobody uploads them again."""
        return [("kept", digest) for digest in self.ticked]

    @property
    def clauses(self) -> tuple[ChosenClause, ...]:
        """The clauses that the comment is about."""
        return tuple(ChosenClause(one.clause.key, one.version.id, one.stance) for one in self.chosen)

    @property
    def chosen_keys(self) -> list[str]:
        """For the form's address, so that the back button leads to a form with the same clauses."""
        return [one.clause.key for one in self.chosen]

    def move_to(self, key: FormKey) -> None:
        """Let the files wait for another form. What the request has written so far is taken back first."""
        db.session.rollback()
        with write_transaction() as session:
            service.move_uploads(session, self.token, key.token)
        self.token = key.token
        self.uploads = attached.uploads_of(db.session, key.token)

    def forget_gone(self) -> None:
        """Show no more files that wait no more."""
        waiting = {upload.digest for upload in self.uploads}
        self.ticked = [digest for digest in self.ticked if digest in waiting]

    def _describe(self, digest: str, typed: str) -> None:
        text = " ".join((clean_text(typed) or "").split())
        self.descriptions[digest] = text
        if len(text) > LONGEST_DESCRIPTION:
            self.problems.append(
                _("Say in at most %(count)s characters what a file shows.", count=LONGEST_DESCRIPTION)
            )

    def _choose(self, period: CommentPeriod, keys: list[str], now: datetime) -> None:
        for key in list(dict.fromkeys(keys))[:MOST_CLAUSES]:
            found = attached.find_clause(period, key, now)
            if found is None:
                self.problems.append(_("A clause that you chose is no longer in the documents."))
                continue
            self.chosen.append(Chosen(*found, _stance(request.form.get(f"stance-{key}", ""))))


@dataclass(slots=True)
class _Taken:
    """What became of the files of this request."""

    digests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def init_app(app: Flask) -> None:
    """Let the comment form bring more than other forms, and read its files before anything is locked."""
    call_before_writing(app, ENDPOINT, _take_files)

    @app.url_value_preprocessor
    def allow_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
        # Before anybody reads the form; a smaller limit is meant, such as a test's.
        if endpoint == ENDPOINT and app.config["MAX_CONTENT_LENGTH"] >= LARGEST_FILE:
            request.max_content_length = LARGEST_FORM


def _take_files() -> None:
    given = [file for file in request.files.getlist("files") if file.filename]
    taken = g.taken_files = _Taken()
    if not given or not _takes_comments():
        return
    room = max(0, MOST_FILES - len(set(request.form.getlist("kept"))))
    cleaned = [file for one in given[:room] if (file := _cleaned(one, taken)) is not None]
    if len(given) > room:
        taken.problems.append(file_words.too_many())
    if not cleaned:
        return
    try:
        with write_transaction() as session:
            service.keep_uploads(session, _token(), cleaned, utcnow().date())
    except service.NoRoom as error:
        taken.problems.append(str(error))
    else:
        taken.digests = [file.digest for file in cleaned]


def _takes_comments() -> bool:
    """Whether it is worth the work: the view says the rest."""
    try:
        period = queries.get_public_period(db.session, str((request.view_args or {})["slug"]))
        return period.is_open(utcnow())
    except NotFound:
        return False
    finally:
        db.session.rollback()


def _cleaned(file: FileStorage, taken: _Taken) -> CleanFile | None:
    # The name helps its sender to know which one is meant, and is not kept.
    name = clean_text(file.filename or "") or "?"
    content = file.stream.read(LARGEST_FILE + 1)
    try:
        return clean(name, content)
    except Refused as error:
        taken.problems.append(file_words.refused(name[-60:], error.refusal))
        return None


def _taken() -> _Taken:
    taken: _Taken = g.get("taken_files") or _Taken()
    return taken


def _token() -> str:
    return sent_token(request.form.get("client_token")) or form_key().token


def _stance(value: str) -> Stance | None:
    return Stance(value) if value in set(Stance) else None
