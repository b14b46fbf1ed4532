"""Make `src/fifthfloor/redact/writing.onnx` out of the detector in the `rapidocr` package (PP-OCRv6 small, Apache 2.0).

Run it by hand, once, in a throw-away environment: `pip download --no-deps rapidocr==3.10.0`, unzip, `pip install onnx`,
`python tools/weights/writing.py rapidocr/models/PP-OCRv6_det_small.onnx src/fifthfloor/redact/writing.onnx`.

One change: large weights are stored as whole numbers of 8 bits, each output channel with its own factor, and widened
when the model is loaded (a quarter of the size on the road). Activations stay float32, so that nothing is asked of the
processor. `docs/performance/people.md` says what that changes in what is found.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SOURCE_SHA256 = "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"
SMALL = 1024  # biases and the like stay float32: they cost nothing
LARGEST = 127  # of 8 bits with a sign


def main(source: Path, target: Path) -> None:
    raw = source.read_bytes()
    if hashlib.sha256(raw).hexdigest() != SOURCE_SHA256:
        sys.exit("not the model of rapidocr 3.10.0")
    model = onnx.load_model_from_string(raw)
    graph = model.graph
    transposed = {node.input[1] for node in graph.node if node.op_type == "ConvTranspose"}
    weights, widening = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.size < SMALL or values.ndim != 4:
            weights.append(tensor)
            continue
        # A convolution has its output channels first, a transposed one second.
        axes = (0, 2, 3) if tensor.name in transposed else (1, 2, 3)
        factor = np.maximum(np.abs(values).max(axis=axes, keepdims=True) / LARGEST, 1e-12).astype(np.float32)
        whole = np.round(values / factor).astype(np.int8)
        name = tensor.name
        weights += [numpy_helper.from_array(whole, f"{name}.whole"), numpy_helper.from_array(factor, f"{name}.factor")]
        widening.append(helper.make_node("Cast", [f"{name}.whole"], [f"{name}.wide"], to=TensorProto.FLOAT))
        widening.append(helper.make_node("Mul", [f"{name}.wide", f"{name}.factor"], [name]))
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, "h", "w"])
    answer = helper.make_tensor_value_info("writing", TensorProto.FLOAT, ["n", 1, "h", "w"])
    ends = [
        helper.make_node("Identity", ["pixels"], [graph.input[0].name]),
        *widening,
        *graph.node,
        helper.make_node("Identity", [graph.output[0].name], ["writing"]),
    ]
    small = helper.make_graph(ends, "writing", [pixels], [answer], weights)
    made = helper.make_model(small, opset_imports=model.opset_import, ir_version=model.ir_version)
    onnx.checker.check_model(made)
    target.write_bytes(made.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
