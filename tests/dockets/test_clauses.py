"""The clauses of a document: found by their numbers, known by their words."""

from __future__ import annotations

import pytest

from engage.clock import utcnow
from engage.db.types import Localised
from engage.dockets.clauses import clauses, find_clause, number_of, pieces
from engage.dockets.models import Document, DocumentVersion

ENGLISH = """Draft.

## 1. Purpose

**1.1** Officers would check people
in the jail.

1.2 Patrol takes no part.

- a list
- of things

**1.1** The same number again.

| 1 | 2 |
| - | - |"""
SPANISH = "Borrador.\n\n## 1. Propósito\n\n**1.1** Los oficiales revisarían.\n\n**1.3** Solo en español."


def version(en: str = ENGLISH, es: str = SPANISH, number: int = 1) -> DocumentVersion:
    document = Document(docket_id=1, slug="agreement", title=Localised("Agreement", "Acuerdo"))
    return DocumentVersion(document=document, number=number, body=Localised(en, es), published_at=utcnow())


@pytest.mark.parametrize(
    ("block", "number"),
    [
        ("### 3. What an officer may do", "3"),
        ("## **3** What an officer may do", "3"),
        ("### 3.2 What", "3.2"),
        ("**3.2** Serve a warrant", "3.2"),
        ("**3.** Serve a warrant", "3"),
        ("3.2.1. Serve a warrant", "3.2.1"),
        ("3. an item of a list", None),
        ("287(g) is a section", None),
        ("24 hours", None),
        ("3.5 percent is no clause, and cannot be told from one", "3.5"),
        ("## Part A", None),
        ("**Note** 3.2", None),
        ("٣.٢ Arabic digits", None),
    ],
)
def test_a_heading_or_paragraph_that_begins_with_its_number_is_a_clause(
    block: str, number: str | None
) -> None:
    assert number_of(block) == number


def test_pieces_are_the_whole_text_in_order() -> None:
    found = pieces(ENGLISH)

    assert [piece.number for piece in found] == [None, "1", "1.1", "1.2", None]
    assert "\n\n".join(piece.text for piece in found) == ENGLISH


def test_both_languages_make_one_clause_and_one_may_lack_it() -> None:
    found = {clause.number: clause for clause in clauses(version())}

    assert list(found) == ["1", "1.1", "1.2", "1.3"]
    assert found["1.1"].begins("en") == "Officers would check people in the jail."
    assert found["1.1"].begins("es") == "Los oficiales revisarían."
    assert found["1.3"].begins("en") == "Solo en español."
    assert found["1"].is_heading
    assert found["1.1"].anchor == "clause-1.1"


def test_the_key_stays_while_the_words_stay_and_changes_with_them() -> None:
    first = {clause.number: clause.key for clause in clauses(version())}
    moved = {clause.number: clause.key for clause in clauses(version(f"New.\n\n{ENGLISH}", number=2))}
    wrapped = {
        clause.number: clause.key for clause in clauses(version(ENGLISH.replace("people\nin", "people in")))
    }
    changed = {
        clause.number: clause.key for clause in clauses(version(es=SPANISH.replace("revisarían", "verían")))
    }

    assert first == moved == wrapped
    assert {number for number in first if first[number] != changed[number]} == {"1.1"}


def test_a_clause_is_found_in_the_first_version_that_has_its_words() -> None:
    old, new = version(), version(ENGLISH.replace("Patrol", "The patrol"), number=2)
    keys = {clause.number: clause.key for clause in clauses(old)}

    for number, wanted in (("1.1", new), ("1.2", old)):
        found = find_clause([new, old], keys[number])
        assert found is not None
        assert (found[0], found[1].number) == (wanted, number)
    assert find_clause([new, old], "9.9-000000000000") is None


def test_a_long_clause_is_cut_at_a_word() -> None:
    long = version(f"**1.1** {'word ' * 50}")

    assert clauses(long)[0].begins("en", 20) == "word word word word…"
