"""What is quoted on the first page says enough by itself, and the page's links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engage.reports.front import _stands_alone
from tests.reports.places import busy_period
from tests.support.pages import Client

TEMPLATES = Path("templates")


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("I don't call that safety.", False),
        ("That would cost the county far more than it has ever paid for this.", False),
        ("¿Eso no va a costar mucho más de lo que el condado paga hoy?", False),
        ("Que lo publiquen cada año, y si el acuerdo no lo baja, que lo cancelen.", False),
        ("Que las víctimas no tengan miedo de llamar de noche a la policía del valle.", True),
        ("Families in our valley will be afraid to call the police at night.", True),
    ],
)
def test_a_fragment_speaks_for_nobody(text: str, alone: bool) -> None:
    assert _stands_alone(text) is alone


def test_every_link_within_the_report_leads_somewhere(session: Session, client: Client) -> None:
    html = client.get(f"/en/reports/{busy_period(session).slug}").text

    ids = re.findall(r'\sid="([^"]+)"', html)
    assert {one for one in ids if ids.count(one) > 1} == set()
    assert set(re.findall(r'href="#([^"]+)"', html)) - set(ids) == set()


def test_every_part_of_the_report_is_shown_somewhere() -> None:
    told = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    told += "".join(path.read_text() for path in Path("engage").rglob("*.py"))

    parts = {path.name for path in (TEMPLATES / "reports").glob("_*.html")}
    assert {name for name in parts if f"reports/{name}" not in told.replace(f"# reports/{name}", "")} == set()
