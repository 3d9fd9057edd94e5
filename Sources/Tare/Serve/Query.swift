import Documents
import HTTPServer
import Program

extension [HTTPField] {
    /// The value of a parameter that may be given once; nil where it is not given.
    func single(_ name: String) throws(Problem) -> String? {
        let given = filter { $0.name == name }
        guard given.count < 2 else {
            throw Problem(
                400, parameter: name, given: .array(given.map { .string($0.value) }), accepted: "given once")
        }
        return given.first?.value
    }

    /// A whole number that may be given once; nil where it is not given.
    func wholeNumber(_ name: String, in accepted: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let given = try single(name) else { return nil }
        guard let number = Int(given), accepted.contains(number), given == String(number) else {
            throw Problem(
                400, parameter: name, given: .string(given),
                accepted: "a whole number from \(accepted.lowerBound) to \(accepted.upperBound)")
        }
        return number
    }
}
