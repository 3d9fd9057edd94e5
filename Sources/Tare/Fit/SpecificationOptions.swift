import ArgumentParser
import Documents
import Foundation
import ModelService
import Program
import Regression
import Specification
import Yams

/// What a model is about, as far as the rows of a file do not say it.
struct SpecificationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            What is predicted from what, as R writes it: + - : * / ^ %in% ( ) . 0 1, I() with arithmetic, log log2 log10 \
            log1p exp sqrt abs, poly(x, k), factor(x).
            """, valueName: "formula"))
    var formula: String?

    @Option(help: ArgumentHelp("The column that names a row. Default: id, where there is one.", valueName: "column"))
    var identifier: String?

    @Option(
        help: ArgumentHelp(
            "The column with the time of a row. Default: Timestamp, time or date, where there is one.",
            valueName: "column"))
    var timestamp: String?

    @Option(
        help: ArgumentHelp(
            "The factor whose levels are watched and judged separately, or none. Default: the formula's first.",
            valueName: "column"))
    var group: String?

    @Option(
        help: ArgumentHelp(
            """
            How errors are measured: relative, as a part of the truth, absolute, in the response's unit, or sigma, in standard \
            deviations of the model's residuals. Default: relative where all responses are above 0.
            """, valueName: "measure"))
    var errorMeasure: ModelSpecification.ErrorMeasure?

    @Option(
        help: ArgumentHelp(
            """
            Of a transformed response: median, the fit transformed back, or mean, Duan's smearing estimate. Default: median.
            """, valueName: "kind"))
    var estimate: ModelSpecification.EstimateKind?

    @Option(help: ArgumentHelp("What a row is, in messages. Default: rows.", valueName: "name"))
    var subject: String?

    @Option(
        name: .customLong("specification"),
        help: ArgumentHelp(
            "A YAML file that states or overrides any of it, as tare specification prints it.", valueName: "file"),
        completion: .file())
    var file: String?

    func specification(of rows: RowsFile) throws -> ModelSpecification {
        let stated = try file.map { try YAMLFile.document($0) }
        guard let formula = formula ?? stated?["formula"]?.text else {
            guard stated == nil, identifier == nil, timestamp == nil, group == nil, errorMeasure == nil,
                estimate == nil,
                subject == nil
            else {
                throw ValidationError(
                    "--formula is missing: what is predicted from what, as --formula 'price ~ area + rooms'")
            }
            return .builtIn
        }
        var derived = DerivedSpecification(file: rows, formula: formula)
        derived.identifier = identifier
        derived.timestamp = timestamp
        derived.group = group
        derived.errorMeasure = errorMeasure
        derived.estimate = estimate ?? .median
        if let subject { derived.subject = subject }
        let specification = try derived.specification()
        guard let stated else { return specification }
        return try ModelSpecification(document: specification.document.merged(with: stated))
    }
}

extension ModelSpecification.ErrorMeasure: ExpressibleByArgument {}
extension ModelSpecification.EstimateKind: ExpressibleByArgument {}

extension JSON {
    /// With the members of another in place of its own: objects member by member, lists of objects by their `name`.
    fileprivate func merged(with other: JSON) -> JSON {
        if let members, let others = other.members {
            // Two ways to say where a range begins: what is stated stands for the other too.
            let replaced = others.compactMap { ["above": "minimum", "minimum": "above"][$0.name] }
            let kept = members.filter { !replaced.contains($0.name) || other[$0.name] != nil }.map { member in
                JSON.Member(member.name, other[member.name].map { member.value.merged(with: $0) } ?? member.value)
            }
            return .object(kept + others.filter { self[$0.name] == nil })
        }
        if let elements, let others = other.elements, others.allSatisfy({ $0["name"] != nil }), !others.isEmpty {
            return .array(
                elements.map { element in
                    others.first { $0["name"] == element["name"] }.map { element.merged(with: $0) } ?? element
                })
        }
        return other
    }
}

/// A file of YAML, as JSON.
enum YAMLFile {
    static func document(_ path: String) throws -> JSON {
        let text: String
        do {
            text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        } catch {
            throw RowsFileError("cannot read \(path): \(error.plainText)")
        }
        do {
            guard let node = try Yams.compose(yaml: text) else { throw RowsFileError("\(path) is empty") }
            let document = JSON(yaml: node)
            guard document.members != nil else {
                throw RowsFileError(
                    "\(path) holds \(document.kind); accepted is a mapping, as tare specification prints it")
            }
            return document
        } catch let error as YamlError {
            throw RowsFileError("\(path) is not YAML: \(error)")
        }
    }
}
