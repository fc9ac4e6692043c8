"""A real Chromium or Firefox, what it is shown, and what is asked of the extension in it."""
