"""Models: the catalog, what is on disk, and the engines that run them on ONNX Runtime.

The only importer of onnxruntime, onnx, gguf and tokenizers.
"""

from notime.model.catalog import DEFAULT_MODEL, OWN, Catalog, ModelSpec
from notime.model.store import ModelStore, Part

__all__ = ["DEFAULT_MODEL", "OWN", "Catalog", "ModelSpec", "ModelStore", "Part"]
