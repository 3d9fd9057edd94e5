import Documents
import Specification

/// What the contract says of the protocols of other model servers: names of tensors, and examples of requests.
struct ContractClients {
    let specification: ModelSpecification
    let rows: [TypicalRow]

    var values: [String: JSON?] {
        let variables = specification.variables.map { [$0.name, $0.field] }
        let outputs = [specification.response.field] + InferenceAnswer.Extra.allCases.map(\.rawValue)
        return [
            "subject": .string(specification.subject),
            "inputNames": .array(distinct(variables.flatMap { $0 })), "outputNames": .array(distinct(outputs)),
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

    private var csv: String {
        ([names] + cells).map { cells in
            cells.map { cell in cell.text.map { "\"\($0.replacing("\"", with: "\"\""))\"" } ?? cell.compact }
                .joined(separator: ",") + "\n"
        }.joined()
    }
}
