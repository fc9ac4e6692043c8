"""Runtime: how ONNX Runtime is opened on this machine: sessions, cores, memory, the embedding read from disk."""
