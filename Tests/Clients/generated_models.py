"""Calls every operation of the contract with the models that datamodel-codegen has made of it.

usage: generated_models.py MODULE CONTRACT URL TOKEN VERSION
"""

import importlib
import json
import sys
from pathlib import Path

import httpx
import operations
import pydantic
import same

module, contract, url, token, version = sys.argv[1:]
sys.path.insert(0, str(Path(module).parent))
models = importlib.import_module(Path(module).stem)
document = json.loads(Path(contract).read_text())
described = {
    operation["operationId"]: (method, path, operation)
    for path, methods in document["paths"].items()
    for method, operation in methods.items()
}


def resolved(value):
    """What a reference to a component of the contract stands for."""
    while "$ref" in value:
        place = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        value = place
    return value


def model(schema, operation, suffix):
    """The class of a schema: that of its component, or that of the operation itself; None where any JSON may stand."""
    if "$ref" in schema:
        return getattr(models, schema["$ref"].split("/")[-1])
    name = operation[0].upper() + operation[1:] + suffix
    return getattr(models, name, None) if schema else None


def dumped(value):
    return value.model_dump(mode="json", by_alias=True, exclude_unset=True)


def sent(call, operation):
    """The body, through its model."""
    if call.body is None:
        return {}
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    kind = model(schema, call.operation, "Request")
    try:
        return {"json": dumped(kind.model_validate(call.body)) if kind else call.body}
    except pydantic.ValidationError:
        # What the server refuses the model may refuse already.
        if call.status == 200:
            raise
        return {"json": call.body}


def answer(call, operation, response):
    """What the models make of the answer."""
    type_ = response.headers["Content-Type"].split(";")[0]
    if not type_.endswith("json"):
        return response.text
    contents = resolved(operation["responses"][f"{call.status}"])["content"]
    kind = model(contents[type_]["schema"], call.operation, "Response")
    return dumped(kind.model_validate_json(response.content)) if kind else response.json()


called = set()
with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
    for call in operations.calls(version):
        method, path, operation = described[call.operation]
        place = f"{call.operation} {call.path} {call.query}"
        called.add(call.operation)
        request = client.build_request(method.upper(), path.format(**call.path), params=call.query, **sent(call, operation))
        response = client.send(request, stream=call.operation == "listenToEvents")
        if response.status_code != call.status:
            raise SystemExit(f"{place}: {response.status_code} {response.read().decode()}")
        if call.operation == "listenToEvents":
            same.first_event(place, response.iter_lines())
            response.close()
            continue
        type_ = response.headers["Content-Type"]
        same.hold(place, answer(call, operation, response), response.json() if "json" in type_ else response.text)
if called != set(described):
    raise SystemExit(f"not called: {set(described) - called}")
print(f"datamodel-codegen: {len(described)} operations called")
