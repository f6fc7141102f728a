"""Which records are one person, one household, one address: candidate pairs, comparisons, weights, groups.

Not for deciding who is kept: that is ``tasks.merge_purge.allocate``.
"""
