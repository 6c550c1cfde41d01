"""Addresses as people type them: what is none, and what is probably mistyped. Asks no network."""

from __future__ import annotations

from engage.accounts.addresses import canonical

# Where most people here have their mail; a neighbour that is itself in use is never “corrected”.
_KNOWN = (
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "live.com", "msn.com",
    "comcast.net", "att.net", "verizon.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net",
    "protonmail.com", "ymail.com", "rocketmail.com", "hotmail.es", "yahoo.es", "outlook.es", "yahoo.com.mx",
    "hotmail.com.mx", "googlemail.com", "earthlink.net", "centurylink.net", "windstream.net", "frontier.com",
)  # fmt: skip
_ALSO_IN_USE = frozenset(
    {"mail.com", "email.com", "gmx.com", "gmx.net", "me.com", "mac.com", "proton.me", "pm.me", "live.mx"}
)
_SHORTEST_SURE = 8  # in a shorter domain one letter may well make another one


def usable(text: str) -> str | None:
    """The address in one spelling, None where it is none, or none that every mail server takes."""
    address = canonical(text)
    return address if address and address.isascii() and len(address) <= 254 else None


def suggestion(address: str) -> str | None:
    """The address that was probably meant: “ana@gmial.com” for ana@gmail.com; None where nothing is odd."""
    local, _, domain = address.rpartition("@")
    if domain in _KNOWN or domain in _ALSO_IN_USE:
        return None
    near = [known for known in _KNOWN if len(known) >= _SHORTEST_SURE and _is_one_slip(domain, known)]
    return f"{local}@{near[0]}" if near else None


def _is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter was left out, added, mistaken, or two neighbours were swapped."""
    if len(typed) == len(meant):
        wrong = [place for place, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            first, second = wrong
            return typed[first] == meant[second] and typed[second] == meant[first]
        return len(wrong) == 1
    longer, shorter = sorted((typed, meant), key=len, reverse=True)
    if len(longer) != len(shorter) + 1:
        return False
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
