"""Suppliers' invoices: what each may bill, what came, its control against order and net statement, what a person decides."""
