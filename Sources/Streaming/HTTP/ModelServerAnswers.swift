import Documents
import EventProcessing
import Regression
import Specification

/// What the model server's answers mean: pure decisions, apart from the connection.
///
/// `.unavailable` makes the stream wait and ask again, `.refused` makes it set the record aside. Where the answer does
/// not come from a model server at all (not JSON, a redirect), waiting loses nothing, while setting aside would lose
/// every record for the time that a proxy shows its own page. JSON without a usable number does come from the model
/// server, for this one record (the seed's R answers 200 `null` to a level that it has not seen): set aside.
struct ModelServerAnswers {
    let specification: ModelSpecification

    func prediction(_ answer: HTTPAnswer, to call: String) throws(ModelClientError) -> Prediction {
        guard let prediction = prediction(try success(answer, to: call)) else {
            let (valueField, timeField) = (specification.response.field, specification.fields.modelTime)
            throw .refused(
                status: answer.status,
                "\(call): the answer has no number '\(valueField)' and text '\(timeField)': \(excerpt(of: answer.body))"
            )
        }
        return prediction
    }

    /// Nil where what answers does not answer each of so many.
    func predictions(_ answer: HTTPAnswer, of count: Int, to call: String) throws(ModelClientError) -> [Prediction]? {
        if (200...299).contains(answer.status), let predictions = plainPredictions(answer.body),
            predictions.count == count
        {
            return predictions
        }
        let predictions = try success(answer, to: call).elements?.compactMap(prediction)
        return predictions?.count == count ? predictions : nil
    }

    /// Read without a tree; nil where one of them takes a closer look.
    private func plainPredictions(_ body: [UInt8]) -> [Prediction]? {
        let names = [
            specification.response.field, specification.fields.modelTime, "Unseen", ModelSpecification.medianField,
            ModelSpecification.sigmaField,
        ]
        guard Set(names).count == names.count else { return nil }
        var row = PlainRow(names + [specification.fields.unseenLevel].compactMap(\.self).filter { !names.contains($0) })
        var elements = JSONElements(of: body, elementBytesMax: body.count)
        var predictions: [Prediction] = []
        // Mostly that of the one before.
        var (time, modelTime): (ArraySlice<UInt8>, String) = ([], "")
        while elements.nextPlain(&row) != nil {
            guard let value = row[0].double, row[1].isText, row[2].isMissing, row[3].isMissing, row[4].isMissing,
                specification.fields.unseenLevel == nil || row[5].isMissing
            else { return nil }
            if body[row[1].range] != time {
                time = body[row[1].range]
                modelTime = String(decoding: time, as: UTF8.self)
            }
            predictions.append(Prediction(value: value, modelTime: modelTime))
        }
        do throws(JSONError) { return try elements.next() == nil ? predictions : nil } catch { return nil }
    }

    private func prediction(_ document: JSON) -> Prediction? {
        let (valueField, timeField) = (specification.response.field, specification.fields.modelTime)
        guard let value = document[valueField]?.double, let modelTime = document[timeField]?.text else { return nil }
        let isLevelSeen =
            document["Unseen"] == nil && (specification.fields.unseenLevel.map { document[$0] == nil } ?? true)
        return Prediction(
            value: value, modelTime: modelTime, isLevelSeen: isLevelSeen, statement: PredictionStatement(document))
    }

    /// The rows that were good are kept by the server even where others are refused.
    func recorded(_ answer: HTTPAnswer, of count: Int, to call: String) throws(ModelClientError) {
        if let refused = refusedRows(in: answer) {
            throw .refused(
                status: answer.status, "\(call): \(refused.count) of \(count) rows refused\(firstProblem(of: refused))")
        }
        _ = try success(answer, to: call)
    }

    /// Any JSON: what came of the training is the server's to say.
    func trained(_ answer: HTTPAnswer, to call: String) throws(ModelClientError) -> JSON {
        try success(answer, to: call)
    }

    /// The document of an answer that says yes.
    func success(_ answer: HTTPAnswer, to call: String) throws(ModelClientError) -> JSON {
        switch answer.status {
        case 200...299: break
        case 400...499 where !Self.statusesWorthRepeating.contains(answer.status):
            throw .refused(status: answer.status, "\(call): \(detail(of: answer))")
        case 300...399:
            throw .unavailable("\(call) answered \(answer.status): redirects are not followed, give the final address")
        default:
            throw .unavailable("\(call) answered \(answer.status): \(detail(of: answer))")
        }
        do {
            return try JSON(parsing: answer.body)
        } catch {
            throw .unavailable("\(call) answered \(answer.status) with something that is not JSON: \(error)")
        }
    }

    /// Unauthorized, Forbidden, Proxy Authentication Required: about who asks, which is mended without a record lost.
    /// Request Timeout, Too Early, Too Many Requests: about the moment. None is about what was asked.
    private static let statusesWorthRepeating: Set<Int> = [401, 403, 407, 408, 425, 429]
}

// MARK: - Reasons

extension ModelServerAnswers {
    /// The `detail` of a problem document (RFC 9457), else its `title`, else the beginning of the body.
    private func detail(of answer: HTTPAnswer) -> String {
        let problem = try? JSON(parsing: answer.body, repeatedNames: .lastWins)
        return problem?["detail"]?.text ?? problem?["title"]?.text ?? excerpt(of: answer.body)
    }

    private func refusedRows(in answer: HTTPAnswer) -> [JSON]? {
        guard (200...299).contains(answer.status) || (400...499).contains(answer.status),
            let rows = (try? JSON(parsing: answer.body))?["refused"]?.elements, !rows.isEmpty
        else { return nil }
        return rows
    }

    private func firstProblem(of rows: [JSON]) -> String {
        guard let row = rows[0]["row"]?.integer, let problem = rows[0]["problem"] else { return "" }
        return ", row \(row): \(problem["detail"]?.text ?? problem["title"]?.text ?? problem.compact)"
    }

    private func excerpt(of body: [UInt8]) -> String {
        let characters = 200
        let text = String(decoding: body.prefix(4 * characters), as: UTF8.self)
        let line = text.prefix(characters).map { $0.isNewline ? " " : $0 }
        return line.isEmpty ? "without a body" : String(line)
    }
}
