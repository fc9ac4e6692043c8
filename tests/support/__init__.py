"""What several tests need: pages and entries that are made up, a running daemon and clients of it, free ports."""
