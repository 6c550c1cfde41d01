"""Signing in as a person does: by the pages, with a password and an authenticator app."""

from __future__ import annotations

import re

import pyotp
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from engage.clock import utcnow
from engage.db.session import db
from engage.mail.models import OutboxMessage
from engage.mail.sealed import Content, read
from tests.support.makers import PASSWORD
from tests.support.pages import Client, page

SIGN_IN = "/en/staff/sign-in"
HOME = "/en/staff"


class App:
    """An authenticator app on somebody's phone, whose clock can be put forward."""

    def __init__(self, key: str) -> None:
        self.key = key.replace("-", "").replace(" ", "")
        self.used = ""
        self._totp = pyotp.TOTP(self.key)

    def code(self, steps: int = 0) -> str:
        """The code now, or so many steps of 30 seconds later."""
        return self._totp.at(utcnow(), counter_offset=steps)


def give_password(client: Client, email: str, password: str = PASSWORD, url: str = SIGN_IN) -> TestResponse:
    """Fill the sign-in in."""
    return client.send(url, email=email, password=password)


def set_up_app(client: Client) -> App:
    """Set an authenticator app up on the page that the client has been sent to; the present code is used."""
    shown = client.send("/en/staff/second-factor", setup="authenticator")
    app = App(page(shown).text(".//main//code"))
    form = page(shown).one(".//main//form")
    app.used = app.code()
    done = client.post(form.get("action") or "", data=page(shown).fields() | {"code": app.used})
    assert done.status_code == 302, page(done).text()
    return app


def is_signed_in(client: Client) -> bool:
    """Whether the staff's home opens."""
    return client.get(HOME).status_code == 200


def outbox(app: Flask) -> list[Content]:
    """What waits to be sent, oldest first."""
    with app.app_context(), db.sessionmaker() as session:
        messages = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
        return [content for message in messages if (content := read(message)) is not None]


def link_in(message: Content) -> str:
    """The first address in a mail, as a path on the site."""
    found = re.search(r"http://localhost(/\S+)", message.body)
    assert found, message.body
    return found.group(1)
