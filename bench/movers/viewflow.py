"""Peer: viewflow on Django. Runs in the peers' environment; the flow itself is in `viewflow_flow`, which needs Django ready."""

import os
from importlib import import_module
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench._turns import serve


def main() -> None:
    """Configure Django, migrate, and serve."""
    where = urlsplit(os.environ["DATABASE_URL"])
    (socket_folder,) = parse_qs(where.query)["host"]
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": where.path.lstrip("/"),
                "USER": where.username,
                "HOST": socket_folder,
                "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow", "bench.movers"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    flow = import_module("bench.movers.viewflow_flow")
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (pid,) = cursor.fetchone()
    serve(flow.prepare, flow.move, backend_pid=pid)
