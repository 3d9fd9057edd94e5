"""Every operation of the contract, and with what it is called: the same for each generated client."""

import time
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One call of an operation: by the names of the contract."""

    operation: str
    path: dict[str, str] = {}
    query: dict[str, Any] = {}
    body: Any = None
    status: int = 200


# The worked example's variables.
ROW = {"length": 87.7, "height": 19.3, "species": "salmon"}
COLUMNS = {"length": [87.7, 90.4], "height": [19.3, 19.9], "species": ["salmon", "salmon"]}


def observations(count: int) -> list[dict[str, Any]]:
    now = int(time.time() * 1000)
    return [
        {
            "Fish_Id": f"{number}",
            "Species": "salmon",
            "Length": 80 + number % 13,
            "Height": 18 + number % 7 / 4,
            "ActualWeight": 3 + number % 13 / 10 + number % 7 / 20,
            "Timestamp": now - 1000 * number,
        }
        for number in range(count)
    ]


def tensors() -> dict[str, Any]:
    return {
        "id": "7",
        "parameters": {"interval": 0.95},
        "inputs": [
            {"name": name, "datatype": "BYTES" if name == "species" else "FP64", "shape": [2], "data": column}
            for name, column in COLUMNS.items()
        ],
    }


def calls(version: str) -> list[Call]:
    """Each operation once and more, in an order in which each succeeds.

    version -- of the model that serves at first
    """
    name, named = {"name": "fish"}, {"name": "fish", "version": version}
    return [
        Call("getHealth"),
        Call("getReadiness"),
        Call("ping"),
        Call("getInferenceLive"),
        Call("getInferenceReady"),
        Call("showPage"),
        Call("getDocumentation"),
        Call("getContract"),
        Call("getContractAsJSON"),
        Call("getSpecification"),
        Call("getModel"),
        Call("getMetrics"),
        Call("getPrediction", query=ROW),
        Call("getPrediction", query={**ROW, "interval": 0.95, "explain": True}),
        Call("getPrediction", query={**ROW, "length": -1.0}, status=400),
        Call("postPrediction", body=ROW),
        Call("postPrediction", body=[ROW, {"Length": 90.4, "Height": 19.9, "Species": "salmon", "Fish_Id": "9"}]),
        Call("getInferenceServer"),
        Call("getInferenceModel", path=name),
        Call("getInferenceModelReady", path=name),
        Call("infer", path=name, body=tensors()),
        Call("getInferenceModelVersion", path=named),
        Call("getInferenceModelReadyVersion", path=named),
        Call("inferVersion", path=named, body=tensors()),
        Call("invoke", body={"inputs": COLUMNS}),
        Call("invoke", body={"dataframe_records": [ROW], "params": {"interval": 0.95}}),
        Call("observe", body=observations(1)[0]),
        Call("observe", body=observations(60)),
        Call("observe", body=[{**observations(1)[0], "ActualWeight": 0.0}], status=422),
        Call("listObservations", query={"limit": 5}),
        Call("train", body={"Species": ["salmon"]}, query={"force": True}),
        Call("listModels", query={"limit": 1}),
        Call("getVersion", path={"version": version}),
        Call("getVersion", path={"version": "20210602T074852000Z-00000000"}, status=404),
        Call("activateVersion", path={"version": version}),
        Call("getCoverage"),
        Call("reportCompanion", body={"name": "generated", "events": 7, "threshold": None}),
        Call("getCompanion"),
        Call("listenToEvents", query={"format": "ndjson"}),
    ]
