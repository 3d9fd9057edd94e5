package import Documents

/// The model server as the stream sees it. Calls block; each is one HTTP request.
package protocol ModelClient {
    /// `GET /prediction`. Both are in the order of the specification, the grouping factor's level first.
    func predict(predictors: [Double], levels: [String]) throws(ModelClientError) -> Prediction
    /// `POST /observations` with one document or more. Repeating it is harmless.
    func record(_ observations: [JSON]) throws(ModelClientError)
    /// `POST /train`; answers with the body that the server gave.
    func train(_ trigger: JSON) throws(ModelClientError) -> JSON
    /// `GET /model`: the document of the model that answers now.
    func model() throws(ModelClientError) -> JSON
}

package struct Prediction: Sendable, Equatable {
    package let value: Double
    /// As the server prints it: `2021-06-02 07:48:52`.
    package let modelTime: String
    /// False where the model has not seen the level, which the answer says in one more field.
    package let isLevelSeen: Bool

    package init(value: Double, modelTime: String, isLevelSeen: Bool = true) {
        self.value = value
        self.modelTime = modelTime
        self.isLevelSeen = isLevelSeen
    }
}

/// Why the server did not do what it was asked.
package enum ModelClientError: Error, Equatable {
    /// It is away, slow or overloaded; the same request may succeed later.
    case unavailable(String)
    /// It understood the request and refused it; asking again changes nothing.
    case refused(status: Int, String)
}
