"""What goes out and by whom: proofs, files handed over, deposits lot by lot, lots that are not mailed."""
