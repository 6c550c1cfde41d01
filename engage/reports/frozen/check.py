"""Whether a published report is still what was published: made anew from what was kept, and compared."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from engage.db.types import LANGUAGES
from engage.reports.frozen import codec, freeze, store
from engage.reports.frozen.recount import differences, numbers_from
from engage.reports.inputs import Inputs
from engage.reports.models import ReportVersion
from engage.reports.page import Version


def faults(session: Session, version: ReportVersion) -> Iterator[str]:
    """What is wrong with a version, in words; nothing where all is as it was published."""
    content = codec.unpack(store.stored_inputs(session, version))
    if codec.digest_of(content) != version.inputs_digest:
        yield "its inputs have another digest"
    inputs = codec.load(content)
    if codec.dump(inputs) != content:
        yield "its inputs are not read as they were written"
    stored = store.StoredList(session, version.list_digest or "")
    if stored.digest() != version.list_digest:
        yield "its list of comments has another digest"
    counted = numbers_from(stored.columns(), stored.sizes(), version.posted or 0)
    for name in differences(inputs.numbers, counted, only_told=True):
        yield f"its list does not make the number {name.measure} {name.key}"
    yield from _faults_of_documents(session, version, inputs)


def _faults_of_documents(session: Session, version: ReportVersion, inputs: Inputs) -> Iterator[str]:
    if version.published_at is None:
        return
    about = Version(version.number, version.published_at, version.inputs_digest or "", document_digest="")
    rebuilt = freeze.documents(inputs, about)
    for language in LANGUAGES:
        digest, kept = store.document(session, version, language)
        if codec.digest_of(kept) != digest:
            yield f"its JSON ({language}) has another digest"
        if kept != rebuilt[language]:
            yield f"its JSON ({language}) is not what its inputs make"
