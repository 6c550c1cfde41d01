"""The addresses of this room."""

from __future__ import annotations

from flask import Blueprint

from engage.web.locale import localised_blueprint

bp = localised_blueprint("follows", __name__)
feeds = Blueprint("feeds", __name__, url_prefix="/feeds")
machines = Blueprint("mail", __name__)
