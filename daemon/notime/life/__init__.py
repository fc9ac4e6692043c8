"""How the daemon lives on this machine: one a user, started and watched by the platform, its ends written down."""
