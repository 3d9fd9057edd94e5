import ArgumentParser
import Foundation
import ModelService
import Program

/// `tare contract`: the OpenAPI document of a server, without one.
struct ContractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contract",
        abstract: "Print the OpenAPI document of a server on a model.",
        discussion: """
            As a server answers it at /openapi.yaml when it starts with this model: with its parameters, units, accepted ranges, \
            names of fields, and examples.
            """)

    @Argument(help: "A model file, as tare fit writes it. Default: the worked example's.", completion: .file())
    var model: String?

    func run() throws {
        let model = try ModelVersion.read(model)
        try FileHandle.standardOutput.write(contentsOf: Data(Contract(of: model.specification, model: model).yaml()))
    }
}
