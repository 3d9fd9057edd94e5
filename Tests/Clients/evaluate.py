"""Evaluates PMML with pypmml: reads [{"pmml": text, "rows": [object], "output": name}], writes an array of numbers for each."""

import json
import sys

from pypmml import Model

answers = []
for case in json.load(sys.stdin):
    model = Model.fromString(case["pmml"])
    answers.append([model.predict(row)[case["output"]] for row in case["rows"]])
json.dump([[None if value != value else value for value in values] for values in answers], sys.stdout)
Model.close()
