import Documents
import ModelService
import Program
import Threading

/// Reads the good rows of bodies, one body after the other. What it learns from the rows of one, such as the order of their
/// members, serves the next.
struct ObservationBodies {
    /// What the body at hand is read into.
    var row: PlainRow {
        _read { yield plain.row }
        _modify { yield &plain.row }
    }
    private var plain: PlainObservations
    private let rule: RowRule

    /// - Parameter rule: of the same specification as `plain`.
    init(_ plain: PlainObservations, by rule: RowRule) {
        self.plain = plain.by(rule)
        self.rule = rule
    }

    /// The next good rows; nil where there are none.
    /// - Throws: where the text goes on as none that rows can be read from, or its only row is refused.
    mutating func read(
        _ rows: inout RowsBody.Rows, of body: RowsBody, count: Int, into answer: inout ObservationsAnswer
    ) throws(Problem) -> NumberedRows? {
        var (block, pieces) = (NumberedRows(), Piecework(steps: 64))
        while block.rows.count < count {
            pieces.step()
            let place = rows.nextPlain(&plain.row)
            if place != nil, let row = plain.observation(body.bytes) {
                block.append(row, number: answer.rowCount)
                answer.noteRow()
                continue
            }
            guard let document = try rows.next(at: place) else { break }
            do throws(Problem) {
                block.append(try observation(document.get()), number: answer.rowCount)
                answer.noteRow()
            } catch {
                answer.noteRefused(error)
                guard body.form != .one else { throw error }
            }
        }
        return block.rows.isEmpty ? nil : block
    }

    private func observation(_ document: JSON) throws(Problem) -> Observation {
        do throws(ObservationProblem) {
            return rule.folded(try Observation(document: document, rule: rule))
        } catch {
            throw Problem(422, parameter: error.field, given: document[error.field], accepted: error.accepted)
        }
    }
}
