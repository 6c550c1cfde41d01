"""``engage import comments``."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage import cli
from engage.comments.models import BatchKind, Comment, CommentBatch
from engage.jobs.queue import run_once
from engage.worker import HANDLERS
from tests.support import makers
from tests.support.pages import Client, page

Run = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture
def run(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Call ``engage import comments …`` on a site with the period “plan”; gives status, output, errors."""
    monkeypatch.setattr("engage.exchange.cli.create_app", lambda: app)
    makers.comment_period(session, slug="plan")
    session.commit()

    def run(file: Path, *options: str, period: str = "plan") -> tuple[int, list[str], list[str]]:
        monkeypatch.setattr(
            sys, "argv", ["engage", "import", "comments", str(file), "--period", period, *options]
        )
        status = 0
        try:
            cli.main()
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = capsys.readouterr()
        return status, out.splitlines(), err.splitlines()

    return run


def stored(session: Session) -> int:
    """How many comments there are."""
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(Comment)) or 0


def written(where: Path, content: str, name: str = "letters.csv") -> Path:
    """A file with this content."""
    (where / name).write_text(content)
    return where / name


def test_ends_with_a_summary(run: Run, session: Session, tmp_path: Path) -> None:
    file = written(tmp_path, "id,comment\n1,one\n2,two\n,,\n")

    assert run(file) == (
        1,
        ["Reading letters.csv as csv, utf-8.", "Done: 2 new, 0 changed, 0 unchanged, 1 bad, 0 skipped."],
        ["Row 3: The row has 3 cells, but the header has 2."],
    )
    assert stored(session) == 2


def test_of_the_same_file_again_changes_nothing_and_succeeds(
    run: Run, session: Session, tmp_path: Path
) -> None:
    file = written(tmp_path, "id,comment\n1,one\n2,two\n")
    run(file)

    status, out, err = run(file)

    assert (status, out[-1], err) == (0, "Done: 0 new, 0 changed, 2 unchanged, 0 bad, 0 skipped.", [])
    assert stored(session) == 2


def test_rehearses_without_writing(run: Run, session: Session, tmp_path: Path) -> None:
    status, out, _err = run(written(tmp_path, "id,comment\n1,one\n"), "--dry-run")

    assert (status, out[-1]) == (0, "Would be: 1 new, 0 changed, 0 unchanged, 0 bad, 0 skipped.")
    assert stored(session) == 0


def test_takes_a_mapping_of_columns(run: Run, session: Session, tmp_path: Path) -> None:
    file = written(tmp_path, "Nr;What = said;Side\n1;one;For\n")

    status, _out, err = run(file, "--map", "Nr=id", "--map", "What = said=text", "--map", "Side=position")

    assert (status, err) == (0, [])
    comment = session.scalars(sa.select(Comment)).one()
    assert (comment.source_id, comment.body, comment.position) == ("1", "one", "support")


def test_keeps_two_conversations_apart(run: Run, session: Session, tmp_path: Path) -> None:
    one = written(tmp_path, "comment-id,comment-body\n0,one\n", "one.csv")
    other = written(tmp_path, "comment-id,comment-body\n0,other\n", "other.csv")

    assert run(one, "--source", "one")[1][-1].startswith("Done: 1 new")
    assert run(other, "--source", "other")[1][-1].startswith("Done: 1 new")
    assert stored(session) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--map", "text"], "“text” is not COLUMN=FIELD."),
        (["--map", "comment=words"], "letters.csv: “words” is no field"),
        (["--map", "none=text"], "letters.csv: there is no column “none”. The file has: id, comment."),
        (["--format", "polis"], "for the format polis the file lacks comment-body, comment-id."),
        (["--format", "excel"], "'excel' is not one of"),
    ],
)
def test_says_in_one_line_what_cannot_be(
    run: Run, session: Session, tmp_path: Path, options: list[str], message: str
) -> None:
    status, _out, err = run(written(tmp_path, "id,comment\n1,one\n"), *options)

    assert status in (1, 2)
    assert message in err[-1]
    assert stored(session) == 0


def test_of_a_missing_file_or_period_says_so(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, "id,comment\n1,one\n")

    assert run(tmp_path / "none.csv") == (1, [], ["Error: none.csv: there is no such file."])
    assert run(file, period="none")[2] == ["Error: There is no such comment period."]


def test_imports_nothing_of_a_file_that_breaks_off(run: Run, session: Session, tmp_path: Path) -> None:
    rows = "".join(f"{number},words\n" for number in range(1200))

    status, _out, err = run(written(tmp_path, f'id,comment\n{rows}1200,"never closed\n'))

    assert status == 1
    assert err == [
        "Error: letters.csv, row 1201: line 1202: a quotation mark that opens a cell is never closed."
    ]
    assert stored(session) == 0


def test_shows_the_first_bad_rows_and_writes_all_to_a_file(
    run: Run, session: Session, tmp_path: Path
) -> None:
    file = written(tmp_path, "id,comment\n" + "=1+1,\n" * 25 + "ok,fine\n")

    status, out, err = run(file, "--problems", str(tmp_path / "bad.csv"))

    assert status == 1
    assert out[-1] == "Done: 1 new, 0 changed, 0 unchanged, 25 bad, 0 skipped."
    assert err[0] == "Row 1, id =1+1: The row has no text."
    assert len(err) == 21
    assert err[-1] == f"… and 5 more bad rows; all are in {tmp_path / 'bad.csv'}."
    with (tmp_path / "bad.csv").open(newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[:2] == [["row", "id", "problem"], ["1", "'=1+1", "The row has no text."]]
    assert len(rows) == 26


def test_says_how_to_see_all_bad_rows(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, "id,comment\n" + "1,\n" * 25 + "ok,fine\n")

    assert run(file)[2][-1] == "… and 5 more bad rows; --problems FILE writes them all."


def test_shows_no_character_that_steers_the_terminal(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, "id,comment,position\n\x1b[31m1,hello,\x1b]0;x\x07\nok,fine,\n")

    (line,) = run(file)[2]

    assert line.isprintable()
    assert "?[31m1" in line


def test_keeps_nothing_where_the_problems_cannot_be_written(
    run: Run, session: Session, tmp_path: Path
) -> None:
    file = written(tmp_path, "id,comment\n1,one\n")

    status, _out, err = run(file, "--problems", str(tmp_path / "no" / "bad.csv"))

    assert status == 1
    assert "cannot be written (No such file or directory); nothing was imported." in err[-1]
    assert stored(session) == 0


def test_keeps_nothing_where_the_database_fails(
    run: Run, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engage.exchange.importing.BATCH", 1)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("CREATE TRIGGER full BEFORE INSERT ON comment WHEN NEW.source_id = '3' "
                                "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"))  # fmt: skip
        session.commit()
    else:
        pytest.skip("the fault is made with a trigger of SQLite")

    status, _out, err = run(written(tmp_path, "id,comment\n1,one\n2,two\n3,three\n"))
    session.execute(sa.text("DROP TRIGGER full"))
    session.commit()

    assert status == 1
    assert err == ["Error: The database failed (database or disk is full); nothing was imported."]
    assert stored(session) == 0


def test_says_how_many_wait_for_a_moderator(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, "id,comment,disposition\n1,one,restricted\n")

    assert run(file)[1][1] == "1 restricted in the source without a reason that we know: moderators decide."


def test_what_is_passed_over_is_explained(run: Run, session: Session, tmp_path: Path) -> None:
    header = (
        "Document ID,Agency ID,Docket ID,Tracking Number,Document Type,Posted Date,"
        "Restrict Reason Type,Comment\n"
    )
    row = "CMS-1-0002,CMS,CMS-1,abc,Public Submission,2026-01-02T05:00Z,Copyright,\n"
    file = written(tmp_path, header + row, "bulk.csv")

    status, out, _ = run(file)

    assert (status, out[-1]) == (0, "Done: 0 new, 0 changed, 0 unchanged, 0 bad, 1 skipped.")
    assert out[-2].startswith("1 skipped: no comment of a person")


class TestOfAnOrganiser:
    """Bulk filers: real persons, lawful means, and a name."""

    def test_is_refused_before_anybody_vouches_for_it(
        self, run: Run, session: Session, tmp_path: Path
    ) -> None:
        file = written(tmp_path, "id,comment\n1,one\n")

        for options in (("--organiser", "PAC"), ("--organiser", "PAC", "--dry-run")):
            status, _, err = run(file, *options)
            assert status == 1
            assert "real persons" in " ".join(err)
        assert stored(session) == 0
        assert session.scalars(sa.select(CommentBatch)).all() == []

    def test_names_it_on_every_new_comment_and_once_for_all_its_files(
        self, run: Run, session: Session, tmp_path: Path
    ) -> None:
        vouched = ("--organiser", " PAC ", "--certified")
        run(written(tmp_path, "id,comment\n1,one\n"), *vouched, "--dry-run")
        assert stored(session) == 0

        run(written(tmp_path, "id,comment\n1,one\n2,two\n"), *vouched)
        run(written(tmp_path, "id,comment\n3,three\n", "more.csv"), *vouched)
        run(written(tmp_path, "id,comment\n4,four\n", "other.csv"))

        assert stored(session) == 4
        (batch,) = session.scalars(sa.select(CommentBatch))
        assert (batch.name, batch.kind, batch.is_certified) == ("PAC", BatchKind.FILE, True)
        batched = sa.select(Comment.source_id).where(Comment.batch_id == batch.id)
        assert set(session.scalars(batched)) == {"1", "2", "3"}

    def test_is_named_in_the_report_where_its_texts_are_and_with_each_comment(
        self, run: Run, session: Session, client: Client, tmp_path: Path
    ) -> None:
        file = written(tmp_path, "id,comment\n1,Say no\n2,Say no\n")
        run(file, "--organiser", "PAC <b>", "--certified")
        run_once(HANDLERS)

        assert "PAC <b>" in page(client.get("/en/reports/plan")).text()
        assert "PAC <b>" in page(client.get("/en/reports/plan/texts")).text()
        (comment, _) = session.scalars(sa.select(Comment)).all()
        assert "PAC <b>" in page(client.get(f"/en/comments/{comment.tracking_number}")).text()
