"""The comparison and the groups on Spark, for what no longer fits one machine. When to change engines: ``docs/scale.md``.

The declaration of the comparison, the keys, the thresholds and the table of weights are those of ``match`` and ``levels``: here they are
only said in Spark's words. Nothing of a default run imports this room, and nothing outside it knows PySpark.
"""
