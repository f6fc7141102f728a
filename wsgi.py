"""The door for web servers: ``gunicorn wsgi:application``."""

from app.factory import create_app
from app.logging import configure_logging
from app.settings import Settings

_settings = Settings.from_env()
configure_logging(level=_settings.log_level)
application = create_app(_settings)
