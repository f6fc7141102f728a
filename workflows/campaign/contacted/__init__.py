"""What comes back of e-mails, messages and calls, as whoever sent them reports it day by day. Not for what the post brings back."""
