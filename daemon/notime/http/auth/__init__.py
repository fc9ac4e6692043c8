"""Who may use the daemon: `pairings` on disk, `paired` for the event loop, and the `handshake` that proves one."""
