"""The keys of the log, all made of ENGAGE_LOG_KEY: to sign heads, to seal codes, to make withdrawal codes.

Who loses the setting can open no code any more and signs with another key; the heads that were signed before
and every receipt stay valid under the key that they name.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app

from engage.config import Settings
from engage.receipts.codes import CodeKind, to_code
from engage.receipts.notes import ED25519, Signer
from engage.sealing import Sealer, derive

_KEY = "log_keys"


@dataclass(frozen=True, slots=True)
class LogKeys:
    """``signer`` signs heads, promises and manifests; ``sealer`` keeps the codes of receipts."""

    signer: Signer
    sealer: Sealer
    withdrawal: bytes

    @property
    def origin(self) -> str:
        """The name of this log in all that it signs."""
        return self.signer.name

    def withdrawal_code(self, receipt_code: bytes) -> str:
        """The code with which the comment of this receipt is withdrawn: only the site can make it."""
        return to_code(hmac.digest(self.withdrawal, receipt_code, hashlib.sha256), CodeKind.WITHDRAWAL)


def log_keys() -> LogKeys:
    """The keys of the site that is asked."""
    keys: LogKeys | None = current_app.extensions.get(_KEY)
    if keys is None:
        keys = current_app.extensions[_KEY] = _keys_of(current_app.config["ENGAGE_SETTINGS"])
    return keys


def _keys_of(settings: Settings) -> LogKeys:
    return LogKeys(
        signer=Signer.of(
            f"{urlsplit(settings.base_url).netloc}/log", ED25519, derive(settings.log_key, "log signing")
        ),
        sealer=Sealer(settings.log_key, "receipt code"),
        withdrawal=derive(settings.log_key, "withdrawal code"),
    )
