"""What a comment may carry besides its words, as fields of its form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField

from engage.comments.attached import MOST_FILES
from engage.comments.file_words import ACCEPT
from engage.files import LARGEST_FILE
from engage.web.forms import Form


class WithFiles(Form):
    """A form that takes files. They are read before it is: see views.additions."""

    files = MultipleFileField(
        _l("Choose files"),
        description=_l(
            "Up to %(count)s files: pictures (JPEG, PNG), documents (PDF) or plain text (TXT). "
            "Each at most %(size)s.",
            count=MOST_FILES,
            size=f"{LARGEST_FILE // 1024**2} MB",
        ),
        render_kw={"accept": ACCEPT},
    )
