"""The schedule is public; its numbers are an administrator's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.retention import queries
from engage.retention.models import Purge
from engage.retention.schedule import BY_CODE, SCHEDULE
from tests.support.pages import Client, page

STAFF = "/en/staff/retention"


@pytest.mark.parametrize(("language", "words"), [("en", "30 days"), ("es", "30 días")])
def test_everybody_reads_how_long_each_thing_is_kept(
    session: Session, client: Client, language: str, words: str
) -> None:
    shown = page(client.get(f"/{language}/privacy/retention"))
    assert words in shown.text()
    assert len(shown.all(".//tbody/tr")) >= len(SCHEDULE)


@pytest.mark.parametrize(
    ("language", "column", "words"),
    [
        ("en", "Counted from", "The day on which it was written"),
        ("es", "Contado desde", "El día en que se escribió"),
    ],
)
def test_what_days_are_counted_from_is_said_once(
    sign_in: Callable[..., Client], language: str, column: str, words: str
) -> None:
    administrator = sign_in(RoleName.ADMINISTRATOR)

    shown = page(administrator.get(f"/{language}/staff/retention")).all(f".//td[@data-label='{column}']")
    changed = page(administrator.get(f"/{language}/staff/retention/messages"))

    assert words in {cell.text for cell in shown}
    assert changed.text(".//main//dl//dt") == column
    assert changed.text(".//main//dl//dd") == words
    assert "ptional" not in changed.text()
    assert "pcional" not in changed.text()


def test_the_log_is_at_the_bottom_of_every_page(client: Client) -> None:
    shown = page(client.get("/en"))

    assert "Moderation log" in shown.text(".//footer")
    assert "og of moderation" not in shown.text(".//body")


def test_everybody_reads_what_was_erased(session: Session, client: Client) -> None:
    session.add(Purge(data_class="contacts", purged_on=utcnow().date(), days=0, erased=1234))
    session.add(Purge(data_class="messages", purged_on=utcnow().date(), days=90, erased=0))
    session.commit()

    assert "1,234" in page(client.get("/en/privacy/retention")).text()


def test_an_administrator_changes_a_number(session: Session, sign_in: Callable[..., Client]) -> None:
    administrator = sign_in(RoleName.ADMINISTRATOR)

    answer = administrator.send(f"{STAFF}/form_keys", days="7")

    assert answer.status_code == 303
    assert queries.days_of(session, BY_CODE["form_keys"]) == 7
    assert "7 days" in page(administrator.get(STAFF)).text()


@pytest.mark.parametrize("days", ["", "0", "400", "many"])
def test_a_number_out_of_bounds_comes_back_with_what_to_do(
    session: Session, sign_in: Callable[..., Client], days: str
) -> None:
    answer = sign_in(RoleName.ADMINISTRATOR).send(f"{STAFF}/form_keys", days=days)

    assert answer.status_code == 422
    assert queries.days_of(session, BY_CODE["form_keys"]) == 30


def test_a_fixed_class_has_no_page(session: Session, sign_in: Callable[..., Client]) -> None:
    administrator = sign_in(RoleName.ADMINISTRATOR)

    assert administrator.get(f"{STAFF}/comments").status_code == 404
    assert administrator.get(f"{STAFF}/nothing").status_code == 404


def test_a_stopped_purge_is_told_to_administrators_and_in_public(
    session: Session, client: Client, sign_in: Callable[..., Client]
) -> None:
    session.add(Purge(data_class="contacts", purged_on=utcnow().date() - timedelta(days=5), days=0, erased=0))
    session.commit()

    administrator, host = sign_in(RoleName.ADMINISTRATOR), sign_in(RoleName.HOST)
    assert "The daily purge has stopped" in page(administrator.get("/en/staff")).text()
    assert "has stopped" not in page(host.get("/en/staff")).text()
    assert "has not run since" in page(client.get("/en/privacy/retention")).text()
