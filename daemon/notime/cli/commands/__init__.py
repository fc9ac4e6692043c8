"""The command groups, a module each: it declares its commands and runs them."""
