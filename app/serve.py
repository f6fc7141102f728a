"""Serves the web application from this process, with waitress: for the demonstration and small installations.

Others run gunicorn on wsgi.py.
"""

from waitress import serve as waitress

from app.factory import create_app
from app.settings import Settings


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve until interrupted."""
    waitress(create_app(settings), host=host, port=port, threads=8, ident="jalon", _quiet=True)
