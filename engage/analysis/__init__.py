"""Pure text analysis: text in, frozen dataclasses out. No Flask, no SQLAlchemy, no clock, no network."""

from engage.analysis.analyser import METHOD_VERSION, Analyser, Analysis
from engage.analysis.campaigns import CampaignGroup, CampaignIndex
from engage.analysis.concerns import Concern
from engage.analysis.fingerprint import fingerprint
from engage.analysis.folding import MAX_ANALYSED_CHARACTERS
from engage.analysis.language import UNKNOWN, Language
from engage.analysis.personal_data import PersonalData, PersonalDataKind
from engage.analysis.phrases import Span
from engage.analysis.position import PositionLabel, PositionSuggestion
from engage.analysis.taxonomy import (
    OTHER,
    BadTaxonomy,
    ConcernDefinition,
    Taxonomy,
    default_taxonomy,
    load_taxonomy,
    parse_taxonomy,
)
from engage.analysis.tone import NotScoredReason, Tone, ToneLabel

__all__ = [
    "MAX_ANALYSED_CHARACTERS",
    "METHOD_VERSION",
    "OTHER",
    "UNKNOWN",
    "Analyser",
    "Analysis",
    "BadTaxonomy",
    "CampaignGroup",
    "CampaignIndex",
    "Concern",
    "ConcernDefinition",
    "Language",
    "NotScoredReason",
    "PersonalData",
    "PersonalDataKind",
    "PositionLabel",
    "PositionSuggestion",
    "Span",
    "Taxonomy",
    "Tone",
    "ToneLabel",
    "default_taxonomy",
    "fingerprint",
    "load_taxonomy",
    "parse_taxonomy",
]
