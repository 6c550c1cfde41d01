"""Whether a published report is still what was published: made anew from what was kept, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engage.db.types import LANGUAGES
from engage.reports.frozen import codec, freeze, store
from engage.reports.frozen.program import program_digest
from engage.reports.frozen.recount import differences, numbers_from
from engage.reports.inputs import Inputs
from engage.reports.models import ReportVersion
from engage.reports.page import Version


@dataclass(slots=True)
class Verdict:
    """What is wrong with a version, in words; nothing where all is as it was published.

    ``reworded`` names the languages in which this program would write the same inputs otherwise than the one
    that published them: no fault, since what is shown as JSON is what was kept.
    """

    faults: list[str] = field(default_factory=list)
    reworded: list[str] = field(default_factory=list)


def check(session: Session, version: ReportVersion) -> Verdict:
    """Make a version anew from what was kept of it, and compare."""
    verdict = Verdict()
    content = codec.unpack(store.stored_inputs(session, version))
    if codec.digest_of(content) != version.inputs_digest:
        verdict.faults.append("its inputs have another digest")
    inputs = codec.load(content)
    verdict.faults += _faults_of_list(session, version, inputs)
    is_same_program = version.program == program_digest()
    if is_same_program and codec.dump(inputs) != content:
        verdict.faults.append("its inputs are not read as they were written")
    _check_documents(session, version, inputs, verdict, is_same_program=is_same_program)
    return verdict


def _faults_of_list(session: Session, version: ReportVersion, inputs: Inputs) -> Iterator[str]:
    stored = store.StoredList(session, version.list_digest or "")
    if stored.digest() != version.list_digest:
        yield "its list of comments has another digest"
    counted = numbers_from(stored.columns(), stored.sizes(), version.posted or 0)
    for name in differences(inputs.numbers, counted, only_told=True):
        yield f"its list does not make the number {name.measure} {name.key}"


def _check_documents(
    session: Session, version: ReportVersion, inputs: Inputs, verdict: Verdict, *, is_same_program: bool
) -> None:
    if version.published_at is None:
        return
    about = Version(version.number, version.published_at, version.inputs_digest or "", document_digest="")
    rebuilt = freeze.documents(inputs, about)
    for language in LANGUAGES:
        digest, kept = store.document(session, version, language)
        if codec.digest_of(kept) != digest:
            verdict.faults.append(f"its JSON ({language}) has another digest")
        if kept == rebuilt[language]:
            continue
        if is_same_program:
            verdict.faults.append(f"its JSON ({language}) is not what its inputs make")
        else:
            verdict.reworded.append(language)
