"""What every audience's portal is made of: words, form fields, static files. Not for a page of any one audience."""
