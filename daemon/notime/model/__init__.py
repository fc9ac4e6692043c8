"""Models: the catalog, what is on disk, and the engines that run them on ONNX Runtime.

`catalog` says which there are, `store` what is on disk. A model's files come from `source`; `graph` and `seq2seq.build`
make of them what the engines run: `ranking`, `decoding` and `seq2seq`, all on `runtime`.

The only importer of onnxruntime, onnx, gguf and tokenizers.
"""

from notime.model.catalog import DEFAULT_MODEL, OWN, Catalog, ModelSpec
from notime.model.store import ModelStore, Part

__all__ = ["DEFAULT_MODEL", "OWN", "Catalog", "ModelSpec", "ModelStore", "Part"]
