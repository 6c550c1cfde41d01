"""The phases of a docket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket, DocketPhase, PhaseKind
from engage.dockets.service.docket import Incomplete, need_both
from engage.errors import RuleBroken

NOT_WRITTEN = Localised()


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """One phase as it is to be. Both days belong to it; an empty first is to come, an empty last lasts."""

    kind: PhaseKind
    title: Localised
    summary: Localised = NOT_WRITTEN
    starts_on: date | None = None
    ends_on: date | None = None


# The five steps of a county that considers a 287(g) agreement, as a clerk would begin to write them.
STANDARD_PHASES = (
    PhaseDraft(
        PhaseKind.ASSESS_READINESS,
        Localised("Assess readiness", "Evaluar la preparación"),
        Localised(
            "The county studies what an agreement would cost, what the law asks, and what is not known yet.",
            "El condado estudia cuánto costaría un acuerdo, qué exige la ley y qué falta por saber.",
        ),
    ),
    PhaseDraft(
        PhaseKind.ENGAGE_STAKEHOLDERS,
        Localised("Engage stakeholders", "Consultar a la comunidad"),
        Localised(
            "Residents read the documents, ask questions and comment.",
            "Los residentes leen los documentos, hacen preguntas y dan su opinión.",
        ),
    ),
    PhaseDraft(
        PhaseKind.APPLY,
        Localised("Decide and apply", "Decidir y solicitar"),
        Localised(
            "Officials answer what they heard and decide. Only a yes leads to an application.",
            "Las autoridades responden a lo que escucharon y deciden. Solo un sí lleva a una solicitud.",
        ),
    ),
    PhaseDraft(
        PhaseKind.TRAIN_AND_IMPLEMENT,
        Localised("Train and implement", "Capacitar y poner en marcha"),
        Localised(
            "After a yes: officers are trained, and the start is announced in public.",
            "Después de un sí: se capacita a los oficiales y se anuncia públicamente el inicio.",
        ),
    ),
    PhaseDraft(
        PhaseKind.MONITOR_AND_EVALUATE,
        Localised("Monitor and evaluate", "Dar seguimiento y evaluar"),
        Localised(
            "Figures are published, public meetings are held, and the agreement is looked at again.",
            "Se publican cifras, se celebran reuniones públicas y el acuerdo se vuelve a revisar.",
        ),
    ),
)


def set_phases(session: Session, docket: Docket, phases: Sequence[PhaseDraft]) -> None:
    """Make these the phases of a docket, in this order.

    Raises Incomplete; RuleBroken where a phase ends before it starts.
    """
    for phase in phases:
        _check(phase)
    while len(docket.phases) > len(phases):
        docket.phases.pop()
    for position, phase in enumerate(phases):
        if position == len(docket.phases):
            docket.phases.append(DocketPhase(position=position))
        row = docket.phases[position]
        row.position, row.kind, row.title, row.summary = position, phase.kind, phase.title, phase.summary
        row.starts_on, row.ends_on = phase.starts_on, phase.ends_on
    session.flush()


def add_standard_phases(session: Session, docket: Docket) -> None:
    """Give a docket the five phases of a 287(g) agreement, undated. Raises RuleBroken where it has some."""
    if docket.phases:
        raise RuleBroken(_l("This docket already has phases."))
    set_phases(session, docket, STANDARD_PHASES)


def _check(phase: PhaseDraft) -> None:
    need_both(phase.title)
    if phase.summary and not phase.summary.is_complete:
        raise Incomplete(_l("Write the summary of a phase in English and in Spanish, or leave both empty."))
    if phase.ends_on and (phase.starts_on is None or phase.ends_on < phase.starts_on):
        raise RuleBroken(_l("A phase needs a first day, and its last day may not come before it."))
