"""The command line: one file a command group. Only this layer prints, and only it builds Settings."""
