"""A resident without JavaScript who fills in a feedback form, for the tests of this room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.feedback.codes import Boxed, unseal
from engage.feedback.models import BoxedAnswer
from tests.support.pages import Client, Page


class Visitor:
    """Fills in a form as a browser without JavaScript does."""

    def __init__(self, client: Client, slug: str, language: str = "en") -> None:
        self.client = client
        self.slug = slug
        self.url = f"/{language}/forms/{slug}"
        self.answer: TestResponse = client.get(self.url)

    @property
    def page(self) -> Page:
        return Page(self.answer.get_data(as_text=True))

    @property
    def text(self) -> str:
        return self.page.text()

    def fields(self) -> list[tuple[str, str]]:
        """All that the page's form would send, fields of the same name and what is not disabled only."""
        form = self.page.one(".//main//form")
        disabled = {
            id(control)
            for group in form.iter("fieldset")
            if group.get("disabled") is not None
            for control in group.iter()
        }
        pairs = []
        for control in form.iter():
            if id(control) in disabled or control.get("name") is None or control.tag == "button":
                continue
            if control.get("type") in ("radio", "checkbox") and control.get("checked") is None:
                continue
            pairs.append((control.get("name", ""), _value(control)))
        return pairs

    def press(self, go: str = "next", *, to: str | None = None, **typed: Any) -> Visitor:
        """Type and press a button; names are given without their dashes: q_why is q-why."""
        named = {name.replace("_", "-", 1) if name.startswith("q_") else name: v for name, v in typed.items()}
        named["go"] = go
        fields = [pair for pair in self.fields() if pair[0] not in named]
        for name, value in named.items():
            fields += [(name, one) for one in (value if isinstance(value, list) else [value])]
        action = to or self.page.one(".//main//form").get("action") or self.url
        self.answer = self.client.post(action, data=multi(fields))
        return self

    def name(self, name: str) -> str:
        return self.page.field(name).get("value", "")


def _value(control: Any) -> str:
    if control.tag == "textarea":
        return (control.text or "").removeprefix("\n")
    if control.tag == "select":
        options = control.findall(".//option")
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        return str(chosen[0].get("value", ""))
    return str(control.get("value", ""))


def multi(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def boxed(session: Session) -> list[Boxed]:
    session.rollback()
    return [unseal(one.sealed, version_id=one.version_id) for one in session.scalars(sa.select(BoxedAnswer))]


def to_the_end(visitor: Visitor, **typed: str) -> Visitor:
    return visitor.press("start", **typed).press(q_trust="yes").press(q_area="north")


def send(visitor: Visitor, **typed: Any) -> Visitor:
    return visitor.press("send", **typed)
