"""A form of very many fields is refused before it costs anything."""

from __future__ import annotations

from typing import Any

import pytest
import werkzeug.formparser
from sqlalchemy.orm import Session

from engage.web.fields import MOST_FIELDS
from tests.support.makers import feedback_form
from tests.support.pages import Client, page

PLAIN = "application/x-www-form-urlencoded"


def fields(number: int, kind: str) -> tuple[bytes, str]:
    if kind == "multipart":
        parts = (f'--b\r\nContent-Disposition: form-data; name="a{n}"\r\n\r\n1\r\n' for n in range(number))
        return "".join(parts).encode() + b"--b--\r\n", "multipart/form-data; boundary=b"
    return "&".join(f"a{n}=1" for n in range(number)).encode(), PLAIN


@pytest.mark.parametrize("kind", ["plain", "multipart"])
@pytest.mark.parametrize(
    "path",
    ["/en/forms/jail", "/en/forms/jail/received", "/en/staff/forms/jail/preview", "/en/entry/forms/jail"],
)
def test_more_fields_than_a_form_has_are_refused_unread(
    session: Session, client: Client, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    feedback_form(session, slug="jail")
    session.commit()
    read: list[str] = []

    def note(text: str, **_options: Any) -> list[tuple[str, str]]:
        read.append(text)
        return []

    monkeypatch.setattr(werkzeug.formparser, "parse_qsl", note)
    body, mimetype = fields(100_000, kind)

    answer = client.post(path, data=body, content_type=mimetype)

    assert answer.status_code == 413
    assert page(answer).text(".//h1")
    assert not any(read)


def test_as_many_as_the_largest_form_has_are_taken(session: Session, client: Client) -> None:
    feedback_form(session, slug="jail")
    session.commit()
    client.get("/en/forms/jail")
    body, mimetype = fields(MOST_FIELDS - 1, "plain")
    body += b"&csrf_token=" + client.csrf_token().encode()

    assert client.post("/en/forms/jail", data=body, content_type=mimetype).status_code == 200
