"""What may be done in any stage: hold, cancel, go back, pass a control over, move the drop, move to a newer policy or process."""
