"""RQ's own worker on a function that does nothing."""

import os

import redis
from rq import Queue, Worker

from bench.workers._spent import tell_what_work_takes

QUEUE = "bare"

if __name__ == "__main__":
    tell_what_work_takes()
    connection = redis.Redis.from_url(os.environ["REDIS_URL"])
    Worker([Queue(QUEUE, connection=connection)], connection=connection).work(burst=True, logging_level="WARNING")
