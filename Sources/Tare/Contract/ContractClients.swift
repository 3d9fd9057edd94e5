import Documents
import ModelService
import Specification

/// What the contract says of the protocols of other model servers: names of tensors, and examples of requests.
struct ContractClients {
    let specification: ModelSpecification
    let rows: [TypicalRow]
    let served: ServedModel?
    /// What the model says of the rows, with the interval of 95 %; empty where it cannot say.
    let answers: [JSON]

    var values: [String: JSON?] {
        let outputs = [specification.response.field] + InferenceAnswer.Extra.allCases.map(\.rawValue)
        return [
            "subject": .string(specification.subject),
            "outputNames": .array(distinct(outputs)),
            "exampleInference": [
                "summary": "Two rows, with the interval",
                "value": ["id": "1", "parameters": ["interval": 0.95], "inputs": .array(tensors)],
            ],
            "exampleSplit": [
                "value": ["dataframe_split": ["columns": .array(names), "data": .array(cells.map { .array($0) })]]
            ],
            "exampleRecords": [
                "summary": "With the interval",
                "value": ["dataframe_records": .array(documents), "params": ["interval": 0.95]],
            ],
            "exampleInstances": ["value": ["instances": .array(documents)]],
            "exampleColumns": [
                "value": ["inputs": .object(zip(names, columns).map { .init($0.text ?? "", .array($1)) })]
            ],
            "exampleCSV": ["value": .string(csv)],
            "exampleTensors": served.map { ["value": InferenceRoute.metadata(of: $0)] },
            "exampleInferred": inferred.map { ["value": $0] },
            "exampleInvoked": answers.isEmpty ? nil : ["value": ["predictions": .array(estimates)]],
            "exampleWrongName": [
                "value": ["error": .string("there is no model 'other'; this server has '\(specification.subject)'")]
            ],
        ]
    }

    private func distinct(_ names: [String]) -> [JSON] {
        var known: Set<String> = []
        return names.filter { known.insert($0).inserted }.map { .string($0) }
    }

    private var names: [JSON] { specification.variables.map { .string($0.name) } }

    /// A list for each row.
    private var cells: [[JSON]] {
        rows.map { row in row.numbers.map { JSON(short: $0) } + row.levels.map { .string($0) } }
    }

    private var columns: [[JSON]] { names.indices.map { place in cells.map { $0[place] } } }

    private var documents: [JSON] {
        cells.map { cells in .object(zip(names, cells).map { .init($0.text ?? "", $1) }) }
    }

    private var tensors: [JSON] {
        zip(names, columns).enumerated().map { place, column in
            [
                "name": column.0, "datatype": place < specification.predictors.count ? "FP64" : .string(Tensor.text),
                "shape": [JSON(rows.count)], "data": .array(column.1),
            ]
        }
    }

    private var estimates: [JSON] { answers.compactMap { $0[specification.response.field] } }

    /// The answer to `exampleInference`.
    private var inferred: JSON? {
        guard let served, !answers.isEmpty else { return nil }
        let outputs = [specification.response.field, "Lower", "Upper"].map { name -> JSON in
            [
                "name": .string(name), "datatype": "FP64", "shape": [JSON(rows.count)],
                "data": .array(answers.compactMap { $0[name] }),
            ]
        }
        return [
            "model_name": .string(specification.subject), "model_version": .string(served.version), "id": "1",
            "outputs": .array(outputs),
        ]
    }

    private var csv: String {
        ([names] + cells).map { cells in
            cells.map { cell in cell.text.map { "\"\($0.replacingBytes("\"", with: "\"\""))\"" } ?? cell.compact }
                .joined(separator: ",") + "\n"
        }.joined()
    }
}
