"""Calls every operation of the contract with the client that openapi-python-client has made of it.

usage: generated_client.py PACKAGE CONTRACT URL TOKEN VERSION
"""

import importlib
import inspect
import json
import re
import sys
import types
import typing
from pathlib import Path

import operations
import same

package, contract, url, token, version = sys.argv[1:]
sys.path.insert(0, str(Path(package).parent))
name = Path(package).name
client = importlib.import_module(name).AuthenticatedClient(base_url=url, token=token)


def snake(text):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower()


def modules():
    """The module of each operation, by its name."""
    for path, methods in json.loads(Path(contract).read_text())["paths"].items():
        for operation in methods.values():
            place = f"{name}.api.{operation['tags'][0]}.{snake(operation['operationId'])}"
            yield operation["operationId"], importlib.import_module(place)


def typed(value, hint):
    """A value as the client takes it: an object of one of its classes where it has one."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        for part in typing.get_args(hint):
            made = typed(value, part)
            if made is not None:
                return made
        return None
    if typing.get_origin(hint) is list:
        return [typed(element, typing.get_args(hint)[0]) for element in value] if isinstance(value, list) else None
    if hasattr(hint, "from_dict") and isinstance(value, dict):
        try:
            return hint.from_dict(value)
        except KeyError:
            return None
    if inspect.isclass(hint) and issubclass(hint, str) and hint is not str:
        return hint(value)
    return None if hasattr(hint, "from_dict") else value


def arguments(module, call):
    hints = typing.get_type_hints(module.sync_detailed)
    given = {snake(key): value for key, value in {**call.path, **call.query}.items()}
    if call.body is not None:
        given["body"] = call.body
    return {hint: typed(given[hint.rstrip("_")], kind) for hint, kind in hints.items() if hint.rstrip("_") in given}


def document(parsed):
    if isinstance(parsed, list):
        return [document(element) for element in parsed]
    return parsed.to_dict() if hasattr(parsed, "to_dict") else parsed


def call_all():
    """The operations that were called, each of them with the answer that was due."""
    for call in operations.calls(version):
        module, place = made[call.operation], f"{call.operation} {call.path} {call.query}"
        yield call.operation
        if call.operation == "listenToEvents":
            request = module._get_kwargs(**arguments(module, call))
            with client.get_httpx_client().stream(**request) as stream:
                same.first_event(place, stream.iter_lines())
            continue
        response = module.sync_detailed(client=client, **arguments(module, call))
        if response.status_code != call.status:
            raise SystemExit(f"{place}: {response.status_code} {response.content.decode()}")
        type_ = response.headers["Content-Type"].split(";")[0]
        text = response.content.decode()
        same.hold(place, document(response.parsed), json.loads(text) if type_.endswith("json") else text)


made = dict(modules())
with client:
    missing = set(made) - set(call_all())
if missing:
    raise SystemExit(f"not called: {missing}")
print(f"openapi-python-client: {len(made)} operations called")
