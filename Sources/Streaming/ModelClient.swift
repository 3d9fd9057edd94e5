package import Documents
package import EventProcessing
import Specification

/// The model server as the stream sees it. Calls block; each is one HTTP request.
package protocol ModelClient {
    /// `GET /prediction`. Both are in the order of the specification, the grouping factor's level first.
    func predict(predictors: [Double], levels: [String]) throws(ModelClientError) -> Prediction
    /// `POST /prediction`: the same of many measurements that miss nothing, in their order. Nil where the server cannot, or
    /// not of all of them; they can still be asked for one by one.
    func predict(many measurements: [Measurement]) throws(ModelClientError) -> [Prediction]?
    /// `POST /observations` with one row or more, each an object of JSON. Repeating it is harmless.
    func record(_ rows: [[UInt8]]) throws(ModelClientError)
    /// `POST /train`; answers with the body that the server gave.
    func train(_ trigger: JSON) throws(ModelClientError) -> JSON
    /// `GET /model`: the document of the model that answers now.
    func model() throws(ModelClientError) -> JSON
    /// The name under which the last request went out; nil where requests have none.
    var lastRequest: String? { get }
}

extension ModelClient {
    package var lastRequest: String? { nil }

    package func predict(many measurements: [Measurement]) throws(ModelClientError) -> [Prediction]? { nil }
}

/// Why the server did not do what it was asked.
package enum ModelClientError: Error, Equatable {
    /// It is away, slow or overloaded; the same request may succeed later.
    case unavailable(String)
    /// It understood the request and refused it; asking again changes nothing.
    case refused(status: Int, String)
}
