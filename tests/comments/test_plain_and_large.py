"""A period in plain language and in large print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import CommentPeriod
from engage.db.types import Localised
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

PLAIN = Localised(
    en="The sheriff may sign a deal. You can say yes or no. You can also ask. Tell us what you think.",
    es="El alguacil puede firmar un trato. Usted puede decir que sí o que no. Díganos qué piensa.",
)
HARD = (
    "Notwithstanding administrative interpretations, participating organizations continuously reevaluate "
    "their intergovernmental responsibilities and obligations."
)


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    period = makers.comment_period(
        session, slug="jail", plain_summary=PLAIN, instructions=both("Bring a letter to **12 Main Street**.")
    )
    session.commit()
    return period


@pytest.mark.parametrize(
    ("language", "said", "level"),
    [
        ("en", "The sheriff may sign a deal.", "Reading level: about grade"),
        ("es", "El alguacil puede firmar un trato.", "Nivel de lectura: cerca del grado"),
    ],
)
def test_the_period_begins_with_plain_words_and_their_level(
    client: Client, period: CommentPeriod, language: str, said: str, level: str
) -> None:
    text = page(client.get(f"/{language}/periods/jail")).text()

    assert said in text
    assert level in text


def test_without_plain_words_nothing_is_said_of_them(session: Session, client: Client) -> None:
    makers.comment_period(session, slug="jail")
    session.commit()

    assert "In plain language" not in page(client.get("/en/periods/jail")).text()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_large_print_has_all_that_is_needed_to_take_part(
    client: Client, period: CommentPeriod, language: str
) -> None:
    link = f"/{language}/periods/jail/large-print"
    assert link in page(client.get(f"/{language}/periods/jail")).links().values()

    large = page(client.get(link))

    text = large.text()
    assert period.title.best(language)[0] in text
    assert PLAIN.best(language)[0] in text
    assert "12 Main Street" in text
    # On paper nobody can follow a link, so the address stands there.
    assert f"/{language}/periods/jail" in text
    assert {period.opens_at.isoformat(), period.closes_at.isoformat()} <= {
        time.get("datetime") for time in large.all(".//main//time")
    }


def test_the_large_print_of_a_closed_period_asks_for_nothing(session: Session, client: Client) -> None:
    now = datetime.now(UTC)
    makers.comment_period(
        session, slug="jail", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1)
    )
    session.commit()

    text = page(client.get("/en/periods/jail/large-print")).text()

    assert "Closed." in text
    assert "You can comment" not in text


@pytest.mark.parametrize("published_at", [None, datetime.now(UTC) + timedelta(days=3)])
def test_nobody_reads_a_draft_in_large_print(
    session: Session, client: Client, published_at: datetime | None
) -> None:
    makers.comment_period(session, slug="jail", published_at=published_at)
    session.commit()

    assert client.get("/en/periods/jail/large-print").status_code == 404


def test_the_staff_are_told_which_text_is_hard_and_can_keep_it(
    session: Session, period: CommentPeriod, sign_in: Callable[..., Client]
) -> None:
    clerk = sign_in(RoleName.CLERK)
    edit = "/en/staff/periods/jail/edit"
    assert "Harder than grade 8" not in page(clerk.get(edit)).text()

    saved = clerk.send(edit, plain_summary_en=HARD)

    assert saved.status_code == 303
    text = page(clerk.get(edit)).text()
    assert "Harder than grade 8" in text
    assert "Flesch–Kincaid" in text
    assert "Fernández Huerta" in text
    session.refresh(period)
    assert period.plain_summary == Localised(HARD, PLAIN.es)


def test_plain_words_are_needed_in_both_languages_or_in_none(
    period: CommentPeriod, sign_in: Callable[..., Client]
) -> None:
    answer = sign_in(RoleName.CLERK).send("/en/staff/periods/jail/edit", plain_summary_es="")

    assert answer.status_code == 422
    assert "both" in page(answer).text() or "Spanish" in page(answer).text()
