"""Tells the relay at once that a move left work. Losing a nudge costs a second; the rows are what counts."""

import contextlib

import redis

KEY = "jalon:nudge"


class RedisNudge:
    """A nudge through Redis; silent when Redis is away."""

    def __init__(self, url: str) -> None:
        # Longer than any wait below: a quiet second is no broken connection.
        self._redis = redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=1)

    def __call__(self) -> None:
        with contextlib.suppress(redis.RedisError):
            pipeline = self._redis.pipeline()
            pipeline.lpush(KEY, "1")
            pipeline.ltrim(KEY, 0, 0)
            pipeline.execute()

    def wait(self, seconds: int) -> None:
        """Wait for a nudge, for at most this long.

        :raises redis.RedisError: when Redis is away.
        """
        self._redis.blpop([KEY], timeout=seconds)
