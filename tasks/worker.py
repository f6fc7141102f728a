"""The worker's entry point: imports the application before it forks, carries the relay in a thread, and runs jobs one at a time."""

import logging
import threading
from datetime import datetime

import redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.clock import SharedClock
from app.database import Database
from app.evidence.mailing import mail_head
from app.evidence.notes import Signer
from app.evidence.sealer import seal
from app.execute import Door
from app.files import Files
from app.outbox.nudge import RedisNudge
from app.outbox.relay import QUEUE, Relay
from app.overdue import follow_up
from app.settings import Settings
from tasks import jobs
from tasks.forking import ForkingWorker, share_what_is_loaded

log = logging.getLogger(__name__)


def work(settings: Settings, *, burst: bool = False) -> None:
    """Work until told to stop (SIGTERM, SIGINT), or, in a burst, until the queue is empty."""
    assert settings.redis_url is not None, "a worker needs a queue"
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    Files.from_settings(settings).sweep()
    jobs.get_ready()
    share_what_is_loaded()
    database = Database(settings)
    clock = SharedClock(database.now)
    door, signer = Door(database, clock, RedisNudge(settings.redis_url)), Signer(settings.seal_key)
    chores = (
        lambda: follow_up(database, door, now=clock.now()),
        lambda: _seal(database, signer, now=clock.now()),
        lambda: mail_head(database, settings, now=clock.now()),
    )
    relay = Relay(database, settings.redis_url, every_minute=chores)
    thread = threading.Thread(target=relay.run, name="relay", daemon=True)
    thread.start()
    connection = redis.Redis.from_url(settings.redis_url)
    queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    try:
        ForkingWorker([queue], connection=connection, serializer=JSONSerializer).work(
            burst=burst, with_scheduler=False, logging_level="WARNING"
        )
    finally:
        relay.stop()
        thread.join(timeout=5)


def _seal(database: Database, signer: Signer, *, now: datetime) -> None:
    for fault in seal(database, signer, now=now).faults:
        log.error("not sealed: %s", fault)
