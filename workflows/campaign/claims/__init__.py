"""Refund claims: mail that came back beyond what the owner of a list stood for is claimed from its supplier, who accepts or contests it."""
