"""Comments with campaigns in them, made by chance from a seed, with the truth of who sent which letter.

Made to be hard: members add up to a letter's length of their own, at the front, in the middle or at the end;
change greeting, signature and town; lose accents, capitals and punctuation; are scanned badly or wrapped.
Letters share sentences, and one pair shares half. Around them stand comments on the same subject that nobody
sent together, many of a few equal words.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engage.evaluation.campaign_words import (
    CLAUSES,
    CLOSINGS,
    FORMS,
    GREETINGS,
    LETTER_SENTENCES,
    LINKS,
    NAMES,
    SHORT,
    TOWNS,
    WORDS,
)

LANGUAGES = ("en", "es")
_MISREAD = {
    "l": "1",
    "o": "0",
    "e": "c",
    "m": "rn",
    "rn": "m",
    "i": "l",
    "s": "5",
    "u": "v",
    "a": "o",
    "t": "f",
}
_OCR_SHARE, _OCR_MOST = 0.08, 0.03
_OTHER_SIZES = (2, 3, 5, 10, 25, 60, 150)


@dataclass(frozen=True, slots=True)
class SentComment:
    """A comment, and the number of the campaign that it was sent for; None for one that nobody else sent."""

    text: str
    campaign: int | None


@dataclass(frozen=True, slots=True)
class _Campaign:
    number: int
    language: str
    sentences: tuple[str, ...]
    is_form: bool = False


def campaign_set(
    *,
    sizes: Sequence[int] = (2000, 400, 400, *_OTHER_SIZES),
    unrelated: int = 3000,
    others: Sequence[str] = (),
    seed: int = 287,
) -> list[SentComment]:
    """Comments in the order of arrival: a campaign of each size in each language, and comments of their own.

    The second and third campaign share half of their sentences. ``others`` are real comments, each of its
    own, that are mixed in.
    """
    chance = random.Random(seed)  # noqa: S311 - the same set from the same seed, nothing secret
    sent = [SentComment(text, None) for text in others]
    for language in LANGUAGES:
        for campaign, size in zip(_campaigns(chance, language, len(sizes)), sizes, strict=True):
            sent += [SentComment(_version(chance, campaign), campaign.number) for _ in range(size)]
        sent += [SentComment(_own_comment(chance, language), None) for _ in range(unrelated)]
    chance.shuffle(sent)
    return sent


def _campaigns(chance: random.Random, language: str, count: int) -> Iterator[_Campaign]:
    pool = LETTER_SENTENCES[language]
    number = LANGUAGES.index(language) * 1000
    sentences: list[str] = []
    letters: list[set[str]] = []
    for place in range(count):
        number += 1
        forms_left = count - place - 1
        if count > 2 + len(FORMS[language]) and forms_left < len(FORMS[language]):
            yield _Campaign(number, language, (FORMS[language][forms_left],), is_form=True)
            continue
        sentences = _half_of(chance, sentences, pool) if place == 2 else _letter(chance, letters, pool)
        letters.append(set(sentences))
        yield _Campaign(number, language, tuple(sentences))


def _letter(chance: random.Random, letters: Sequence[set[str]], pool: Sequence[str]) -> list[str]:
    """Some sentences in some order, at most half of which stand together in another letter."""
    while True:
        sentences = chance.sample(pool, chance.randint(4, 10))
        if all(2 * len(other & set(sentences)) <= min(len(other), len(sentences)) for other in letters):
            return sentences


def _half_of(chance: random.Random, sentences: list[str], pool: Sequence[str]) -> list[str]:
    """A letter that has half of another's sentences and as many of its own."""
    shared = chance.sample(sentences, len(sentences) // 2)
    fresh = [sentence for sentence in pool if sentence not in sentences]
    mixed = shared + chance.sample(fresh, len(sentences) - len(shared))
    return chance.sample(mixed, len(mixed))


def _version(chance: random.Random, campaign: _Campaign) -> str:
    """What one person sends of a letter."""
    language = campaign.language
    if campaign.is_form:
        body = campaign.sentences[0].format(chance.choice(WORDS[language][0]), chance.choice(TOWNS))
        own_most = 1
    else:
        body = " ".join(campaign.sentences)
        own_most = len(campaign.sentences)
        if chance.random() < 0.03 and own_most > 4:
            left_out = chance.randrange(own_most)
            body = " ".join(one for at, one in enumerate(campaign.sentences) if at != left_out)
    if chance.random() < 0.25:
        return body
    body = _with_additions(chance, body, campaign, own_most)
    if not campaign.is_form or chance.random() < 0.3:
        body = f"{chance.choice(GREETINGS[language])}\n\n{body}\n\n{_signature(chance, language)}"
    return _as_typed(chance, body).strip()


def _with_additions(chance: random.Random, body: str, campaign: _Campaign, most: int) -> str:
    kind = chance.random()
    if kind < 0.35:
        return body
    count = 1 if kind < 0.75 else chance.randint(1, most)
    own = " ".join(own_sentence(chance, campaign.language) for _ in range(count))
    place = chance.choice(("front", "middle", "end"))
    if place == "front":
        return f"{own} {body}"
    if place == "end" or len(campaign.sentences) < 2:
        return f"{body}\n{own}"
    at = chance.randrange(1, len(campaign.sentences))
    cut = body.find(campaign.sentences[at])
    return f"{body[:cut]}{own} {body[cut:]}" if cut > 0 else f"{own} {body}"


def own_sentence(chance: random.Random, language: str) -> str:
    """A sentence that hardly anybody else writes."""
    sentence = ""
    for clause in chance.sample(CLAUSES[language], chance.randint(2, 3)):
        words = [chance.choice(choices) for choices in WORDS[language]]
        sentence += (chance.choice(LINKS[language]) if sentence else "") + clause.format(*words)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _signature(chance: random.Random, language: str) -> str:
    parts = [chance.choice(CLOSINGS[language]), chance.choice(NAMES), chance.choice(TOWNS)]
    return "\n".join(parts[: chance.randint(0, 3)])


def _own_comment(chance: random.Random, language: str) -> str:
    """A comment on the same subject that nobody sent together with others; often only a few words."""
    kind = chance.random()
    if kind < 0.3:
        return chance.choice(SHORT[language])
    sentences = [own_sentence(chance, language) for _ in range(chance.randint(1, 7))]
    if kind < 0.6:
        # People repeat a sentence or two of what they have heard, without sending a letter.
        heard = chance.sample(LETTER_SENTENCES[language], 1)
        sentences = chance.sample(sentences + heard, len(sentences) + 1)
        if len(sentences) < 4:
            sentences += [own_sentence(chance, language) for _ in range(3)]
    return _as_typed(chance, " ".join(sentences))


def _as_typed(chance: random.Random, text: str) -> str:
    """The text as it was typed, pasted or scanned."""
    if chance.random() < 0.08:
        text = text.upper() if chance.random() < 0.5 else text.lower()
    if chance.random() < 0.1:
        text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    if chance.random() < 0.1:
        text = text.translate(dict.fromkeys(map(ord, ".,;:!¿?¡'’")))
    if chance.random() < 0.1:
        text = _wrapped(chance, text)
    if chance.random() < _OCR_SHARE:
        share = chance.uniform(0.002, _OCR_MOST)
        text = "".join(_MISREAD.get(one, "") if chance.random() < share else one for one in text)
    return text


def _wrapped(chance: random.Random, text: str) -> str:
    """Lines of one width, some of them with a word that is cut by a hyphen."""
    lines, line = [], ""
    width = chance.randint(45, 75)
    for word in text.split():
        if len(line) + len(word) > width:
            if len(word) > 7 and chance.random() < 0.2:
                lines.append(f"{line} {word[:4]}-")
                word = word[4:]
            else:
                lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "\n".join([*lines, line])
