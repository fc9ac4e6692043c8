"""Pages that the program writes about itself: the catalog as docs/models.md, the commands as a manual page."""
