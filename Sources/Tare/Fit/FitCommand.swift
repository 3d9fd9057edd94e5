import ArgumentParser
import CAllocator
import Documents
import Foundation
import ModelService
import Program
import Regression
import Specification

/// `tare fit`: a file of rows to a model file and a summary that a statistician can read.
struct FitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fit a model to the rows of a file.",
        discussion: """
            Reads CSV with a header, NDJSON, or a JSON array. With --formula any columns will do: 'log(price) ~ log(area) \
            + rooms * district', by R's rules; columns of texts are factors. Without it the columns are those of the \
            built-in model, whatever the case of their names; rows that a server stored are read too. Rows with a value missing, or of which the formula makes no number, are left out, \
            counted, and told on standard error with their lines; where more are left out than used, nothing is fitted. The summary goes to standard output, or to standard error where the model does.
            """)

    @Argument(help: "The file of rows; - is standard input.", completion: .file())
    var file: String

    @Option(
        help: "Where the model goes; - is standard output. Without it only the summary is printed.", completion: .file()
    )
    var out: String?

    @Flag(help: "Draw the residuals below the summary: against the fitted values, and against normal quantiles.")
    var residuals = false

    @OptionGroup(title: "Specification") var specification: SpecificationOptions

    @Option(help: "A column is aliased when less than this part of it is left after the columns before it.")
    var tolerance = LinearModel.defaultTolerance

    @Option(
        help: ArgumentHelp(
            "The time that the model carries, ISO 8601, so that the same rows give the same bytes. Default: now.",
            valueName: "time"),
        transform: readTimestamp)
    var time: Timestamp?

    func validate() throws {
        guard tolerance >= LinearModel.toleranceMin, tolerance < 1 else {
            throw ValidationError(
                "--tolerance must be from \(LinearModel.toleranceMin) up to 1, given \(tolerance)")
        }
    }

    func run() throws {
        tare_keep_blocks()
        let progress = ProgressLine()
        defer { progress.end() }
        progress.tell("reading \(self.file)")
        let bytes = try Self.read(self.file)
        progress.tell("cutting \(self.file) into rows", Shares.read)
        let file = try RowsFile(name: file, bytes: bytes)
        progress.tell("reading the numbers of \(file.rowCount) rows", Shares.cut)
        let specification = try specification.specification(of: file)
        let columns = try file.rows(specification)
        let rows = TrainingRows(columns, specification: specification)
        let remarks = try FitRemarks(on: file, specification, columns)
        guard rows.count > rows.leftOut || file.rowCount == 0 else {
            progress.end()
            remarks.tell()
            throw RowsFileError(
                "\(rows.leftOut) of the \(file.rowCount) rows of \(file.name) cannot be used, and no fit is made of so"
                    + " few; mend them, or leave them out of the file")
        }
        progress.tell("fitting \(file.rowCount) rows", Shares.numbers)
        let version = try out.map { _ in
            try ModelVersion(
                fitting: rows, tolerance: tolerance, time: time ?? .now, parent: nil,
                trigger: ["command": "fit", "file": .string(file.name)])
        }
        let model = try version?.model ?? rows.fit(tolerance: tolerance)
        progress.tell("summing up", Shares.fit)
        var summary = FitSummary(of: model, fittedTo: rows.table, rowsLeftOut: rows.leftOut).description
        if residuals { summary += "\n" + ResidualPlots(of: model, fittedTo: rows.table).description }
        progress.end()
        remarks.tell()
        guard let out, let version else { return print(summary) }
        if out == "-" {
            try FileHandle.standardError.write(contentsOf: Data("\(summary)\n".utf8))
            try FileHandle.standardOutput.write(contentsOf: Data(version.document.indented))
        } else {
            try Self.write(version.document.indented, to: out)
            print(summary)
        }
    }

    /// How much of the time is over after each step: estimated for many rows of CSV.
    private enum Shares {
        static let (read, cut, numbers, fit) = (0.02, 0.5, 0.7, 0.95)
    }

    static func read(_ file: String) throws -> [UInt8] {
        if let bytes = RegularFile.bytes(of: file) { return bytes }
        do {
            let data =
                file == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data()
                : try Data(contentsOf: URL(filePath: file), options: .mappedIfSafe)
            return Array(data)
        } catch {
            throw RowsFileError("cannot read \(file): \(error.plainText)")
        }
    }

    /// A file is replaced as a whole or not at all, where a link leads to one, that. What is no file, such as a pipe or
    /// /dev/null, is written to: to replace it would break it for all others.
    static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            let url = URL(filePath: path)
            var status = stat()
            if unsafe stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG {
                try Data(bytes).write(to: url.resolvingSymlinksInPath(), options: .atomic)
            } else {
                try FileHandle(forWritingTo: url).write(contentsOf: Data(bytes))
            }
        } catch {
            throw RowsFileError("cannot write \(path): \(error.plainText)")
        }
    }
}
