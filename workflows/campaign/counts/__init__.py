"""Counts: what suppliers of lists are asked to count before anything is ordered, what they counted, and what falls short."""
