import Documents
import ModelService
import Regression
import Specification

extension ModelSpecification {
    /// Not the fish: what holds for the service holds for any subject.
    static let flats = ModelSpecification(
        subject: "flats",
        response: Response(name: "price", field: "Price", actualField: "SoldPrice", predictedField: "AskedPrice"),
        predictors: [
            Predictor(name: "area", field: "Area", maximum: 10_000),
            Predictor(name: "rooms", field: "Rooms", maximum: 100),
            Predictor(name: "floor", field: "Floor", maximum: 200),
        ],
        factor: Factor(name: "district", field: "District", charactersMax: 40),
        fields: Fields(
            identifier: "Flat_Id", timestamp: "Sold", error: "Miss", modelTime: "ModelTime",
            unseenLevel: "UnseenDistrict",
            similarLevel: "SimilarDistrict"))
}

extension ModelSpecification {
    /// Rows of others have other names.
    static let aliased = ModelSpecification(
        subject: "houses",
        response: .init(
            name: "price", field: "price", actualField: "price", predictedField: "Predicted",
            actualAliases: ["sold_for"]),
        predictors: [.init(name: "area", field: "area", aliases: ["m2", "Size"], bounds: .from(0, upTo: 1000))],
        factor: .init(name: "district", field: "district", aliases: ["Quarter"], charactersMax: 20),
        otherFactors: [.init(name: "heating", field: "heating", aliases: ["fuel"], charactersMax: 20)],
        formula: {
            do {
                return try Formula("price ~ area + district", factors: ["district", "heating"])
            } catch {
                preconditionFailure("\(error)")
            }
        }(), errorMeasure: .relative,
        fields: .init(identifier: "id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))
}

extension Observation {
    /// Flats whose price follows a plane exactly, but for a small wave that leaves residuals.
    static func flats(_ count: Int, districts: [String] = ["north", "south"]) -> [Observation] {
        (0..<count).map { index in
            let area = 40 + Double(index * 7 % 53)
            let rooms = Double(1 + index * 3 % 5)
            let floor = Double(1 + index * 5 % 11)
            let district = index % districts.count
            let wave = Double(index % 3) - 1
            return Observation(
                identifier: "\(index)", level: districts[district], predictors: [area, rooms, floor],
                actual: 1000 + 30 * area + 5 * rooms - 2 * floor + 100 * Double(district) + wave,
                timestamp: Timestamp(milliseconds: Int64(index) * 1000))
        }
    }
}
