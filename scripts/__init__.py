"""What the executables beside this file run, a package an area. Run from the root: `python -m scripts.AREA.MODULE`."""
