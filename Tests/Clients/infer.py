"""Speaks to a running server with Triton's client, and holds its answers to those of /prediction.

usage: infer.py HOST:PORT ROWS, where ROWS is a JSON array of objects by the names of the model's variables.
"""

import json
import sys
import urllib.parse
import urllib.request

import numpy
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

address, rows = sys.argv[1], json.loads(sys.argv[2])


def ask(path):
    with urllib.request.urlopen(f"http://{address}{path}") as answer:
        return json.load(answer)


def tensor(name, values, shape, datatype):
    made = triton.InferInput(name, shape, datatype)
    kind = {"BYTES": object, "FP64": numpy.float64, "FP32": numpy.float32, "INT64": numpy.int64}[datatype]
    made.set_data_from_numpy(numpy.array(values, dtype=kind).reshape(shape), binary_data=False)
    return made


def refused(words, *arguments, **options):
    try:
        client.infer(*arguments, **options)
    except InferenceServerException as error:
        assert error.status() == "400", error
        assert all(word in error.message() for word in words), error
    else:
        raise AssertionError(f"not refused: {words}")


name = ask("/specification")["subject"]
client = triton.InferenceServerClient(address)
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(name)
assert client.get_server_metadata()["name"] == "tare"
metadata = client.get_model_metadata(name)
version = metadata["versions"][0]
assert client.is_model_ready(name, version) and not client.is_model_ready(name, "1")
assert not client.is_model_ready("no" + name)
datatypes = {each["name"]: each["datatype"] for each in metadata["inputs"]}
estimate = metadata["outputs"][0]["name"]

for shape in ([len(rows)], [len(rows), 1]):
    inputs = [tensor(each, [row[each] for row in rows], shape, kind) for each, kind in datatypes.items()]
    asked = [triton.InferRequestedOutput(each, binary_data=False) for each in ("Upper", estimate, "Unseen", "Lower")]
    answer = client.infer(
        name, inputs, model_version=version, outputs=asked, request_id="r-7", parameters={"interval": 0.9}
    )
    response = answer.get_response()
    assert response["id"] == "r-7" and response["model_version"] == version
    assert [each["name"] for each in response["outputs"]] == ["Upper", estimate, "Unseen", "Lower"]
    for place, row in enumerate(rows):
        expected = ask("/prediction?" + urllib.parse.urlencode({**row, "interval": 0.9}))
        for each in (estimate, "Lower", "Upper"):
            assert answer.as_numpy(each)[place] == expected[each], (each, row)
        unseen = answer.as_numpy("Unseen")[place]
        assert unseen == ",".join(expected.get("Unseen", {})), (unseen, expected)

plain = client.infer(name, inputs)
assert plain.as_numpy(estimate).tolist() == answer.as_numpy(estimate).tolist()
assert plain.as_numpy("Lower") is None

number = next(each for each, kind in datatypes.items() if kind == "FP64")
others = [each for each in inputs if each.name() != number]
whole = tensor(number, [int(row[number]) for row in rows], [len(rows)], "INT64")
assert client.infer(name, others + [whole]).as_numpy(estimate).shape == (len(rows),)
refused([f"'{number}' is missing"], name, others)
refused(["as many rows"], name, others + [tensor(number, [1, 2, 3, 4, 5, 6, 7], [7], "FP64")])
refused(["shape [n]", "[1,7]"], name, others + [tensor(number, [1, 2, 3, 4, 5, 6, 7], [1, 7], "FP64")])
refused(["no input 'x'"], name, inputs + [tensor("x", [1], [1], "FP64")])
refused(["given twice"], name, inputs + inputs[:1])
refused(["datatype FP64", "BYTES"], name, others + [tensor(number, ["1"] * len(rows), [len(rows)], "BYTES")])
far = [1e9 if place == 1 else row[number] for place, row in enumerate(rows)]
refused(["row 1", number], name, others + [tensor(number, far, [len(rows)], "FP64")])
for asked, words in (("y", "no output 'y'"), ("Lower", "needs the parameter interval")):
    refused([words], name, inputs, outputs=[triton.InferRequestedOutput(asked, binary_data=False)])
refused(["between 0 and 1"], name, inputs, parameters={"interval": 2})
binary = triton.InferInput(number, [len(rows)], "FP64")
binary.set_data_from_numpy(numpy.array([row[number] for row in rows], dtype=numpy.float64))
refused(["binary"], name, others + [binary])
print(f"{name}: {len(rows)} rows as /prediction answers them, and 11 refusals")
