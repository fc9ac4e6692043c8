"""Graph: a network's weights → an ONNX graph that a CPU runs well. `write_decoder` and `write_reader` write them."""
