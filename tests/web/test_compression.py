"""Public pages are sent compressed; a page with a secret in it never is."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from tests.support import makers
from tests.support.pages import Client

WANTED = {"Accept-Encoding": "gzip, br"}


def test_a_public_page_is_sent_compressed_to_whoever_can_read_it(client: Client) -> None:
    plain = client.get("/en/privacy")
    packed = client.get("/en/privacy", headers=WANTED)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2
    assert b"</html>" in gzip.decompress(packed.data)


def test_a_page_with_a_form_token_is_not(client: Client, session: Session) -> None:
    period = makers.comment_period(session)
    session.commit()

    assert "Content-Encoding" not in client.get(f"/en/periods/{period.slug}/comment", headers=WANTED).headers


def test_a_page_for_somebody_who_is_signed_in_is_not(sign_in: Callable[..., Client]) -> None:
    assert "Content-Encoding" not in sign_in(RoleName.OFFICIAL).get("/en/privacy", headers=WANTED).headers
