"""An address as a picture that a telephone reads."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A square of ``size`` units a side, and the ``path`` of its dark modules for an SVG."""

    size: int
    path: str


def qr_picture(text: str) -> QrPicture:
    """The QR code of a text, with its quiet border."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    modules = code.get_matrix()
    dark = (
        f"M{column} {row}h1v1h-1z"
        for row, line in enumerate(modules)
        for column, is_dark in enumerate(line)
        if is_dark
    )
    return QrPicture(len(modules), "".join(dark))
