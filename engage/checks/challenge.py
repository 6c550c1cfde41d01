"""A proof of work in the format of ALTCHA (https://altcha.org/docs/v2/): a sum that costs a browser a moment.

PBKDF2 of a random nonce and a counter; the browser tries counters until the key begins as the challenge says.
The counter is drawn below MOST_TRIES, so that nobody has bad luck: the longest search takes twice the mean.
PBKDF2 because browsers do it natively: what a flood's machines gain over a cheap telephone is least.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import altcha

from engage.sealing import derive

ITERATIONS = 2_000
MOST_TRIES = 400
LIFETIME = timedelta(hours=24)
LONGEST_PROOF = 4_000  # characters; a true one has about 900

_ALGORITHM = "PBKDF2/SHA-256"
_FORM = "form"


@dataclass(frozen=True, slots=True)
class Solved:
    """A challenge that was solved: what it is known by when spent, and the last day (UTC) of its use."""

    digest: str
    last_day: date


class Challenger:
    """Gives challenges out and checks their proofs, under keys of its own made of the site's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._key = derive(secret_key, "challenge")
        self._answer_key = derive(secret_key, "challenge answer")

    def issue(self, form: str, now: datetime) -> str:
        """A new challenge for one form, as JSON. It expires on a full hour, so that it tells no instant."""
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        challenge = altcha.create_challenge(
            _ALGORITHM,
            ITERATIONS,
            counter=secrets.randbelow(MOST_TRIES),
            expires_at=hour + timedelta(hours=1) + LIFETIME,
            data={_FORM: form},
            hmac_secret=self._key,
            hmac_key_secret=self._answer_key,
        )
        return json.dumps(challenge.to_dict(), separators=(",", ":"))

    def check(self, proof: str, form: str) -> Solved | None:
        """What was solved, or None: garbage, wrong, expired, changed, or of another form."""
        if not proof or len(proof) > LONGEST_PROOF:
            return None
        # The result is an object, true whatever it says.
        if not altcha.verify_solution(proof, self._key, hmac_key_secret=self._answer_key).verified:
            return None
        challenge = altcha.Payload.from_base64(proof).challenge
        expires_at = challenge.parameters.expires_at
        if challenge.parameters.data != {_FORM: form} or expires_at is None:
            return None
        digest = hashlib.sha256(str(challenge.signature).encode()).hexdigest()
        return Solved(digest, datetime.fromtimestamp(expires_at, UTC).date())
