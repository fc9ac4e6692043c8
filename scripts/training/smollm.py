"""The rewriter whose base weights the yardsticks and the first trainings use: what it is called in the catalog.

Comes in: nothing. Goes out: an id. Must not know: which model is the default.
"""

from __future__ import annotations

SMOLLM = "smollm2-135m-rewriter"
"""One GGUF in one wheel, which every peer can run: llama.cpp, onnxruntime-genai, transformers."""
