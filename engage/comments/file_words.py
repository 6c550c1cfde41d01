"""What is said of files, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext

from engage.comments.attached import MOST_FILES
from engage.comments.models import Stance
from engage.files import LARGEST_FILE, MOST_PAGES, FileKind, Refusal

ACCEPT = ".jpg,.jpeg,.png,.pdf,.txt,image/jpeg,image/png,application/pdf,text/plain"
"""For the browser's own dialog. A telephone turns its own kind of picture into one of these because of it."""

KINDS: dict[FileKind, LazyString] = {
    FileKind.JPEG: _l("Picture (JPEG)"),
    FileKind.PNG: _l("Picture (PNG)"),
    FileKind.PDF: _l("Document (PDF)"),
    FileKind.TEXT: _l("Plain text"),
}

STANCES: dict[Stance, LazyString] = {
    Stance.KEEP: _l("Keep it"),
    Stance.CHANGE: pgettext("clause", "Change it"),
    Stance.STRIKE: _l("Strike it out"),
}

REFUSALS: dict[Refusal, LazyString] = {
    Refusal.EMPTY: _l("There is nothing in it."),
    Refusal.TOO_LARGE: _l("It is larger than %(size)s.", size=f"{LARGEST_FILE // 1024**2} MB"),
    Refusal.WRONG_KIND: _l("We take pictures (JPEG, PNG), documents (PDF) and plain text (TXT)."),
    Refusal.OFFICE: _l(
        "Files of Word, OpenOffice and the like carry the name of who wrote them and what was deleted. Save "
        "it as a PDF and send that."
    ),
    Refusal.ENCRYPTED: _l("It opens only with a password. Save a copy without one."),
    Refusal.TOO_MANY_PAGES: _l("It has more than %(count)s pages.", count=MOST_PAGES),
    Refusal.TOO_MANY_PIXELS: _l("A picture in it is too large. Make it smaller and send that."),
    Refusal.HIDDEN_LAYERS: _l(
        "It has hidden layers, which would become visible. Print it to a new PDF first."
    ),
    Refusal.DAMAGED: _l(
        "We could not read it safely. Open it on your device, save or print it to a new file, and send that."
    ),
    Refusal.TOO_HEAVY: _l("It takes too long to make safe. Send a shorter or smaller one."),
    Refusal.BUSY: _l("Many files are being sent just now. Try this one again in a minute."),
}


def size_in_words(size: int) -> str:
    """How large a file is: 340 kB, 1.2 MB."""
    if size < 1_000_000:
        return str(_("%(size)s kB", size=max(1, round(size / 1000))))
    return str(_("%(size)s MB", size=f"{size / 1_000_000:.1f}"))


def refused(name: str, refusal: Refusal) -> str:
    """Why a file was not taken, with the name that its sender knows it by."""
    return f"“{name}”: {REFUSALS[refusal]}"


def too_many() -> str:
    """More files were chosen than a comment may have."""
    return str(_("A comment can have %(count)s files. The others were not taken.", count=MOST_FILES))
