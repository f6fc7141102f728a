"""The purchase order: issued to a supplier for an approved list or service, as a small machine of its own."""
