"""How the model that reads a page is taught: its network in torch, and the run."""
