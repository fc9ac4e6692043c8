"""An ONNX graph while it is written: nodes in order, weights streamed to a data file.

Comes in: nodes and arrays. Goes out: what a `GraphProto` is made of. Must not know: which network it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    import numpy.typing as npt

PAGE = 4096
"""Bytes; the system maps files by these."""


class Nodes:
    """Nodes and initializers.

    Args:
        data: a file that is open for writing bytes; large initializers go there.
        location: its name as the graph tells it.
    """

    def __init__(self, data: Any, location: str) -> None:
        self._data = data
        self._location = location
        self.nodes: list[NodeProto] = []
        self.initializers: list[TensorProto] = []

    def node(self, kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> None:
        """Append one."""
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=f"{outputs[0]}/{kind}", **attributes))

    def constant(self, name: str, values: npt.NDArray[Any]) -> None:
        """A small initializer, within the graph."""
        self.initializers.append(numpy_helper.from_array(values, name))

    def store(self, name: str, values: npt.NDArray[Any]) -> None:
        """An initializer whose bytes go to the data file, aligned to a page so that they can be mapped."""
        self._data.write(b"\0" * (-self._data.tell() % PAGE))
        tensor = TensorProto(name=name, dims=values.shape, data_location=TensorProto.EXTERNAL)
        tensor.data_type = helper.np_dtype_to_tensor_dtype(values.dtype)
        entries = {"location": self._location, "offset": self._data.tell(), "length": values.nbytes}
        for key, value in entries.items():
            tensor.external_data.add(key=key, value=str(value))
        self._data.write(np.ascontiguousarray(values).data)
        self.initializers.append(tensor)
