"""Reading what suppliers deliver: encoding, kind, header or layout, and the repairs that are safe.

``examine`` tells what a file is and what is wrong with it; ``read`` gives its records under canonical names, or refuses. Not for
normalising addresses (``tasks.merge_purge.normalise``): a value read here is still the supplier's, only clean.
"""

from tasks.merge_purge.reading.defects import Defect
from tasks.merge_purge.reading.errors import UnreadableFile
from tasks.merge_purge.reading.examination import Examination, examine
from tasks.merge_purge.reading.headers import ADDRESS
from tasks.merge_purge.reading.records import CANONICAL, Taken, read, take

__all__ = ["ADDRESS", "CANONICAL", "Defect", "Examination", "Taken", "UnreadableFile", "examine", "read", "take"]
