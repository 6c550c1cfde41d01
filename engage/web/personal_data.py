"""Before a text is sent: personal data in it is pointed at, and the person who wrote it decides.

Any public form takes part by marking a control, ``render_kw={"data-personal-data": True}``; with PRIVATE in
place of True it says that the field is not posted. With JavaScript the browser looks, before anything is sent
(`static/js/personal-data.js`). Without, the view asks::

    if not form.validate() or personal_data.is_to_be_changed():
        return _page(form), form.status
    if look := personal_data.second_look(form):
        return look

What the person decides is not stored, and nothing that was found is. In a field of one line a name is meant,
so names are pointed at in longer texts only.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import Form, TextAreaField
from wtforms.fields import Field

from engage.analysis import PersonalDataKind
from engage.analysis.personal_pieces import Piece, cut_at_personal_data

MARK = "data-personal-data"
PRIVATE = "private"
FORM = "form"
"""The mark of an answer to a feedback form: staff decide which of those the public may read."""

ANSWER = "personal_data"
KEEP, CHANGE = "keep", "change"

KINDS: dict[str, LazyString] = {
    PersonalDataKind.PHONE: _l("telephone number"),
    PersonalDataKind.EMAIL: _l("e-mail address"),
    PersonalDataKind.ADDRESS: _l("street address"),
    PersonalDataKind.SSN: _l("Social Security number"),
    PersonalDataKind.A_NUMBER: _l("alien registration number"),
    PersonalDataKind.DOB: _l("date of birth"),
    PersonalDataKind.CARD: _l("card number"),
    PersonalDataKind.PLATE: _l("license plate"),
    PersonalDataKind.STATUS_DISCLOSURE: _l("immigration status"),
    PersonalDataKind.PERSON_NAME: _l("name of a person"),
}

_NOT_SENT_AGAIN = frozenset({"csrf_token", ANSWER})


@dataclass(frozen=True, slots=True)
class Look:
    """One field in which something was found: its label, and its text in pieces."""

    label: str
    pieces: list[Piece]
    is_private: bool = False


def is_to_be_changed() -> bool:
    """Whether the person has looked again and goes back to change the text."""
    return request.form.get(ANSWER) == CHANGE


def is_kept() -> bool:
    """Whether the person has looked again and leaves the text as it is."""
    return request.form.get(ANSWER) == KEEP


def second_look(form: Form, *, kept: Sequence[tuple[str, str]] = ()) -> ResponseReturnValue | None:
    """A page that shows what was found and asks; None where nothing was, or the person has decided already.

    For a form that is valid. Answered as 422, so that nothing of the request is kept. ``kept`` is what the
    form would send of its files, names and values: a page cannot give files back, so they wait on the site.
    """
    if is_kept():
        return None
    marked = [field for field in form if (field.render_kw or {}).get(MARK)]
    looks = [
        Look(str(field.label.text), _pieces(field), field.render_kw[MARK] == PRIVATE) for field in marked
    ]
    return _shown(looks, is_private=all(look.is_private for look in looks), kept=kept)


def second_look_at(answers: Sequence[tuple[str, str, bool]]) -> ResponseReturnValue | None:
    """The same for answers to a feedback form: what was asked, what was written, and whether at length."""
    if is_kept():
        return None
    looks = [Look(label, _cut(text, is_long=is_long)) for label, text, is_long in answers]
    return _shown(looks, is_private=FORM)


def _shown(
    looks: Sequence[Look], *, is_private: bool | str, kept: Sequence[tuple[str, str]] = ()
) -> ResponseReturnValue | None:
    looks = [look for look in looks if any(piece.kind for piece in look.pieces)]
    if not looks:
        return None
    page = render_template(
        "web/look_again.html",
        looks=looks,
        is_private=is_private,
        kinds=KINDS,
        typed=[*_typed(but=_NOT_SENT_AGAIN | {name for name, _value in kept}), *kept],
    )
    return page, 422


def _pieces(field: Field) -> list[Piece]:
    return _cut(field.data or "", is_long=isinstance(field, TextAreaField))


def _cut(text: str, *, is_long: bool) -> list[Piece]:
    return cut_at_personal_data(text, but=() if is_long else (PersonalDataKind.PERSON_NAME,))


def _typed(*, but: AbstractSet[str]) -> list[tuple[str, str]]:
    return [pair for pair in request.form.items(multi=True) if pair[0] not in but]
