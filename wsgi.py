"""The WSGI entry point: settings come from the environment."""

from engage.app import create_app

app = create_app()
