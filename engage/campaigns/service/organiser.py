"""State who wrote a letter."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engage.comments.models import Campaign


def state_organiser(session: Session, campaign: Campaign, organiser: str | None) -> None:
    """Say who is known to have written the letter of a campaign; None: nobody knows."""
    campaign.organiser = organiser
    session.flush()
