"""Holds a contract to the rules of OpenAPI 3.1, and each of its examples to its schema.

usage: lint_contract.py CONTRACT
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

document = json.loads(Path(sys.argv[1]).read_text())
validate(document)
tried = 0


def check(place, media):
    """Each example of a parameter or of a form of a body."""
    global tried
    examples = [example["value"] for example in media.get("examples", {}).values()]
    examples += [media["example"]] if "example" in media else []
    schema = {"components": document["components"], "allOf": [media["schema"]]}
    for example in examples:
        faults = list(Draft202012Validator(schema).iter_errors(example))
        if faults:
            raise SystemExit(f"{place}: {faults[0].message} in {faults[0].json_path}")
        tried += 1


def walk(place, value):
    if isinstance(value, list):
        for number, element in enumerate(value):
            walk(f"{place}/{number}", element)
    if isinstance(value, dict):
        if "schema" in value:
            check(place, value)
        for name, member in value.items():
            if name not in ("example", "examples", "schema"):
                walk(f"{place}/{name}", member)


walk("#/paths", document["paths"])
walk("#/components/responses", document["components"]["responses"])
walk("#/components/parameters", document["components"]["parameters"])
if tried < 50:
    raise SystemExit(f"only {tried} examples were found")
print(f"the contract is valid, and {tried} examples fit their schemas")
