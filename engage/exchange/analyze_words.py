"""What ``report.html`` says, in English and Spanish, without a site: the same catalogue, no Flask."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from babel import Locale
from babel.support import NullTranslations, Translations

from engage import paths
from engage.analysis import UNKNOWN
from engage.marks import N_

LANGUAGES = ("en", "es")
Gettext = Callable[[str], str]


POSITIONS: Mapping[str, str] = {
    "support": N_("Support"),
    "oppose": N_("Oppose"),
    "neutral": N_("Neutral"),
    "mixed": N_("Partly for, partly against"),
    "question_only": N_("Only asking a question"),
    "unclear": N_("Unclear"),
    "not_declared": N_("No position given"),
}
TONES: Mapping[str, str] = {
    "positive": N_("Positive"),
    "neutral": N_("Neutral"),
    "negative": N_("Negative"),
    "not_scored": N_("Not scored"),
}
REASONS: Mapping[str, str] = {
    "empty": N_("there are no words in it"),
    "language": N_("its language is not one that tone can be measured in"),
    "too_short": N_("it is too short"),
}
PERSONAL_DATA: Mapping[str, str] = {
    "phone": N_("Telephone number"),
    "email": N_("E-mail address"),
    "address": N_("Street address"),
    "ssn": N_("Social Security number"),
    "a_number": N_("Alien registration number"),
    "dob": N_("Date of birth"),
    "card": N_("Payment card number"),
    "plate": N_("License plate"),
    "status_disclosure": N_("Somebody’s immigration status"),
    "person_name": N_("A person’s name"),
}
CANNOT_TELL: Mapping[str, str] = {
    "who_did_not_write": N_(
        "What residents think. These are the comments of those who chose to write; nobody drew a "
        "sample, and those who are afraid, busy or unaware are missing."
    ),
    "how_many_people": N_(
        "How many people there are. One person may have sent several comments, and one text may have "
        "been sent by many."
    ),
    "tone_is_not_position": N_(
        "Who is for or against, from tone. An angry comment may support the proposal and a kind one "
        "oppose it; tone says only how a text sounds."
    ),
    "suggestions_are_guesses": N_(
        "The position of those who gave none. A suggested position is a guess from words, made without "
        "a person, and is never added to the declared ones."
    ),
    "cues_miss_meaning": N_(
        "Everything that a comment is about. Concerns are found by words and phrases: some mentions are"
        " missed and some are mistaken, irony above all."
    ),
    "truth_of_claims": N_("Whether what the comments claim is true."),
}


def translations(language: str) -> NullTranslations:
    """The catalogue of a language; the texts themselves are English."""
    return Translations.load(paths.TRANSLATIONS, [language])


def language_name(code: str, language: str, gettext: Gettext) -> str:
    """The name of a language in a language."""
    if code == UNKNOWN:
        return gettext("Language not known")
    name: str = Locale.parse(language).languages.get(code, code)
    return name[:1].upper() + name[1:]
