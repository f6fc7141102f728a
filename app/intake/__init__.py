"""Reads what people bring as files (a kit, a plan, a history) into the brief's rows, and says of each bad row where and why.

Shape only: whether a list exists or a plan may change, the workflows decide.
"""
