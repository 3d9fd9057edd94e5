import ArgumentParser
import Documents
import Foundation
import ModelService
import Regression
import Specification
import Yams

/// `tare specification`: what a model is about, or could be, as YAML to be edited.
struct SpecificationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "specification",
        abstract: "Print what a model is about, to be edited.",
        discussion: """
            Of a model file what it carries; of a file of rows what 'tare fit' would derive of it with the same options. The \
            output is what --specification reads: units, accepted ranges, names of fields and their aliases, the measure of \
            errors and the formula may be changed in it.
            """)

    @Argument(help: "A model file, or a file of rows; - is standard input.", completion: .file())
    var file: String

    @OptionGroup var options: SpecificationOptions

    func run() throws {
        let bytes = try FitCommand.read(file)
        let specification =
            if let document = try? JSON(parsing: bytes), document["format"]?.text?.hasPrefix("tare-model/") == true {
                try ModelVersion(document: document).specification
            } else {
                try options.specification(of: RowsFile(name: file, bytes: bytes))
            }
        print(try Yams.serialize(node: specification.document.yaml, width: -1, allowUnicode: true), terminator: "")
    }
}
