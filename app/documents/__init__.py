"""Draws the documents a campaign issues, from their content and nothing else.

``render.render_pdf`` is the one entry. What a document says is decided in ``workflows.campaign.documents``; its words and looks stand in
``templates/documents``. Not for portal pages, and never called inside a web request: drawing takes a job.
"""
