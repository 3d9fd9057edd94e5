import ArgumentParser
import Documents
import ModelService
import Regression

/// `tare export`: a model in a form that other programs run.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a model in a form that other programs run.",
        discussion: """
            pmml is PMML 4.4; sql an expression over the columns of a table, for SQLite and PostgreSQL; r an expression over \
            the columns of a data frame; json the coefficients with what each is multiplied by. Numbers have all their \
            digits. Each gives the estimate on the response's own scale, for levels that the model has not seen by the \
            same fallbacks as the server.
            """)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case pmml, sql, r, json
    }

    @Argument(help: "A model file; - is standard input.", completion: .file())
    var model: String

    @Option(help: "The form: pmml, sql, r or json.")
    var to: Form

    @Option(help: "Where it goes. Default: standard output.", completion: .file())
    var out: String?

    func run() throws {
        let bytes = try FitCommand.read(model)
        let document: JSON
        do throws(JSONError) {
            document = try JSON(parsing: bytes)
        } catch {
            throw RowsFileError("\(model) is no model file: it is not JSON: \(error)")
        }
        let text = try ModelExport(of: try ModelVersion(document: document)).text(to)
        guard let out, out != "-" else { return print(text, terminator: "") }
        try FitCommand.write(Array(text.utf8), to: out)
    }
}
