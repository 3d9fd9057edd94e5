import Documents
import FoundationEssentials

@testable import Regression

/// A fit as R gives it: rows, formula and results, in the form of the golden files beside the project, which the
/// project's own fixtures share.
struct ReferenceCase {
    let document: JSON
    let formula: Formula
    /// The rows that R uses: those without a missing value.
    let table: Table

    /// The documents of a folder that are such cases.
    static func names(in folder: URL, beginningWith letters: String? = nil) -> [String] {
        TestFiles.names(in: folder, beginningWith: letters).filter {
            (try? TestFiles.document($0, in: folder))?["formula"] != nil
        }
    }

    init(_ name: String, in folder: URL) throws {
        document = try TestFiles.document(name, in: folder)
        let rows = (document["data"]?.elements ?? []).filter { !$0.members!.contains { $0.value == .null } }
        formula = try Formula(
            document["formula"]!.text!, columns: rows.first?.members!.map(\.name) ?? [], factors: Self.factors(rows))
        let rowNumbers = { (name: String) in rows.map { Self.number($0[name]!)! } }
        let rowLevels = { (name: String) in rows.map { $0[name]!.text! } }
        let variables = Set(formula.numbers + [formula.response.column])
        table = Table(
            numbers: Dictionary(uniqueKeysWithValues: variables.map { ($0, rowNumbers($0)) }),
            levels: Dictionary(uniqueKeysWithValues: formula.factors.map { ($0, rowLevels($0)) }))
    }

    /// R's error where it refuses the fit.
    var refusal: String? { document["fit_error"]?.text }
    var rank: Int { Int(document["rank"]!.integer!) }
    var aliased: [String] { document["aliased"]!.elements!.map { $0.text! } }

    /// A number of the document; nil for null, which is R's NA, and for a name that is missing.
    func number(_ path: String...) -> Double? {
        path.reduce(Optional(document)) { $0?[$1] }.flatMap(Self.number)
    }

    /// A number, or R's text for one that JSON cannot hold.
    static func number(_ value: JSON) -> Double? {
        switch value.text {
        case "Infinity": .infinity
        case "NaN": .nan
        case let text?: Double(text)
        case nil: value.double
        }
    }

    struct Probe {
        let numbers: [Double]
        let levels: [String]
        let result: JSON

        func number(_ name: String) -> Double? { result[name].flatMap(ReferenceCase.number) }
    }

    var probes: [Probe] {
        document["probes"]!.elements!.map { probe in
            Probe(
                numbers: formula.numbers.map { Self.number(probe[$0]!)! },
                levels: formula.factors.map { probe[$0]!.text! }, result: probe)
        }
    }

    /// Columns of text whose value is no number.
    private static func factors(_ rows: [JSON]) -> Set<String> {
        Set(rows.flatMap { $0.members!.filter { $0.value.text != nil && number($0.value) == nil }.map(\.name) })
    }
}
