"""The floor: a Flask page that trusts its session and renders the rows of one query, as the owner of the tables."""

import os

import psycopg
from flask import Flask, render_template, session
from jinja2 import DictLoader
from psycopg.rows import dict_row

from bench._turns import serve
from bench.pages._asking import ROWS, asker

MINE = """
    select task.id, task.name, task.label, task.stage, task.due_at, campaign.code, campaign.title
      from user_task task
      join campaign on campaign.id = task.campaign_id
      join membership on membership.advertiser_id = task.advertiser_id and membership.role = task.candidate_role
     where membership.person_id = %s and task.state = 'open'
     order by task.due_at, campaign.code, task.name, task.label
     limit %s
"""
PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Inbox</title></head>
<body><h1>Inbox</h1><ul>
{% for task in tasks %}
<li><a class="task-verb" href="/campaigns/{{ task.code }}/{{ task.stage }}">{{ task.name }} {{ task.label }}</a>
  <span><a href="/campaigns/{{ task.code }}">{{ task.code }} · {{ task.title }}</a></span>
  <time datetime="{{ task.due_at.date().isoformat() }}">{{ task.due_at.strftime("%d/%m/%Y") }}</time>
  <a class="button" href="/campaigns/{{ task.code }}/{{ task.stage }}#{{ task.id }}">Open</a></li>
{% endfor %}
</ul></body></html>
"""


def main() -> None:
    """Serve rounds of the page."""
    app = Flask(__name__)
    app.secret_key = os.urandom(32)
    app.jinja_loader = DictLoader({"inbox.html": PAGE})
    connection = psycopg.connect(os.environ["DATABASE_URL"].replace("+psycopg", ""), row_factory=dict_row)

    @app.get("/")
    def inbox() -> str:
        with connection.transaction():
            tasks = connection.execute(MINE, (session["person"], ROWS)).fetchall()
        return render_template("inbox.html", tasks=tasks)

    ask = asker(app, "/", {"person": os.environ["BENCH_PERSON"]}, row="task-verb")
    serve(lambda count: [None] * count, ask, backend_pid=connection.info.backend_pid)
