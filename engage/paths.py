"""Where the site's files stand: at the top of the tree in a checkout, inside the package when installed."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = PACKAGE.parent

IS_CHECKOUT = (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "migrations").is_dir()
SITE = _CHECKOUT if IS_CHECKOUT else PACKAGE / "site"

TEMPLATES = SITE / "templates"
STATIC = SITE / "static"
FONTS = STATIC / "dist" / "fonts"
MIGRATIONS = SITE / "migrations"
TRANSLATIONS = PACKAGE / "translations"
INSTANCE = (_CHECKOUT if IS_CHECKOUT else Path.cwd()) / "instance"
