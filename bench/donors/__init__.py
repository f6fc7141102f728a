"""French donor files with the truth about them: who is who, who lives with whom. Seeded; a million records in about a minute.

For benches and calibration. Nobody in here exists: names are drawn from the demonstration kit's, places are real communes, and what
is wrong with a record is drawn record by record. Not for tests, which write their few records by hand.
"""
