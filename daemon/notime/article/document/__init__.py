"""Document: bytes → text → a tree. `encoding.decode`, then `tree.parse`, then `preformatted.unfold`.

The first stage of a page's way. Nothing is imported here: plain text is tidied in the parent process, where lxml must
not be.
"""
