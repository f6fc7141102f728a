"""Serves the web application from this process, with waitress: for the demonstration and small installations.

Others run gunicorn on wsgi.py.
"""

from waitress import serve as waitress

from app.factory import create_app
from app.security.uploads import spool_in
from app.settings import Settings


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve until interrupted."""
    spool_in(settings.work_dir)
    waitress(create_app(settings), host=host, port=port, threads=8, ident="jalon", _quiet=True)
