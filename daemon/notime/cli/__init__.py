"""The command line. Only this layer prints, and only it builds Settings.

`main` has the parser, `commands` a module for each group; `serving` is the daemon's life, `client` speaks to one that
runs.
"""
