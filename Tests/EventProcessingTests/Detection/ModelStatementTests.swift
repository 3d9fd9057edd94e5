import Documents
import Testing

@testable import EventProcessing

@Suite("What a model says of itself")
struct ModelStatementTests {
    private static let document = """
        {"version":"v1","time":"2021-06-02T07:48:52.000Z","levels":["salmon","walleye"],"rows":100,"sigma":0.1036,
         "coefficients":{"(Intercept)":-0.3,"length":0.05,"height":0.009,"specieswalleye":null}}
        """

    @Test("it is read from the model's document; an aliased coefficient is none")
    func document() throws {
        let statement = try #require(ModelStatement(try JSON(parsing: Self.document)))
        #expect(
            statement
                == ModelStatement(
                    modelTime: "2021-06-02 07:48:52", sigma: 0.1036, rows: 100, coefficients: 3, levels: 2,
                    version: "v1"))
    }

    @Test(
        "another document says nothing", arguments: ["null", "[]", #"{"rows":1}"#, #"{"time":"now","rows":1}"#])
    func others(_ text: String) throws {
        #expect(ModelStatement(try JSON(parsing: text)) == nil)
    }
}
