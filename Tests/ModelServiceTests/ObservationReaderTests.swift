import Documents
import ModelService
import Regression
import Specification
import Testing

private let fish = ObservationFixture.fish
private let complete = ObservationFixture.complete

@Suite struct ObservationReaderTests {
    @Test("a text that is longer than any that this program writes is missing", arguments: [1024, 1025, 1_000_000])
    func longTexts(bytes: Int) {
        let long = String(repeating: "x", count: bytes)
        let row = Observation(
            row: ["Fish_Id": .string(long), "Species": .string(long), "ModelTime": .string(long)],
            specification: fish)
        let expected = bytes <= 1024 ? long : nil
        #expect(row.identifier == expected && row.level == expected && row.modelTime == expected)
    }

    private func read(_ text: String) throws -> Observation {
        Observation(row: try JSON(parsing: text, repeatedNames: .lastWins), specification: fish)
    }

    @Test("the sink connector's row is read: no identifier, whole numbers, nulls, any order, foreign fields")
    func connector() throws {
        let row = try read(
            """
            {"_id":{"$oid":"60c0c6a0e1382300134f5e11"},"Length":90,"ActualWeight":4.6587,"Diff":0.5,"Error":null,
             "Height":20.51,"ModelTime":"2021-06-02 07:48:52","Species":"salmon","PredictedWeight":null,
             "Timestamp":"2021-06-09T13:39:27.971Z","Key":"Key"}
            """)
        #expect(
            row
                == Observation(
                    level: "salmon", predictors: [90, 20.51], actual: 4.6587, modelTime: "2021-06-02 07:48:52",
                    timestamp: complete.timestamp))
    }

    @Test("the tutorial's upper-case row is read, its aliases included")
    func tutorial() throws {
        let row = try read(
            #"{"KEY":"key","SPECIES":"Bass","LENGTH":10.5,"HEIGHT":2,"PREDICTION":1.5,"ACTUAL":2.5,"ERROR":0.4}"#)
        #expect(
            row
                == Observation(
                    level: "Bass", predictors: [10.5, 2], predicted: 1.5, actual: 2.5, error: 0.4, timestamp: nil))
    }

    @Test(
        "the exact name counts before another case, that before an alias, and the last of equals",
        arguments: [
            (#"{"ActualWeight":1,"ACTUALWEIGHT":2,"ACTUAL":3}"#, 1),
            (#"{"ACTUAL":3,"ACTUALWEIGHT":2,"ActualWeight":1}"#, 1),
            (#"{"ACTUAL":3,"actualweight":2}"#, 2),
            (#"{"actual":3}"#, 3),
            (#"{"actualweight":1,"ACTUALWEIGHT":2}"#, 2),
            (#"{"ActualWeight":null,"ACTUAL":3}"#, nil),
        ] as [(String, Double?)])
    func precedence(text: String, expected: Double?) throws {
        #expect(try read(text).actual == expected)
    }

    @Test("one row leaves nothing behind for the next")
    func reuse() throws {
        var reader = ObservationReader(fish)
        #expect(reader.read(complete.document(fish)) == complete)
        #expect(reader.read([:]) == Observation(level: nil, predictors: [nil, nil], actual: nil, timestamp: nil))
    }

    @Test(
        "a value that is no usable number is nil",
        arguments: [JSON.null, "4.5", true, [], .number(.nan), .number(.infinity), ["$oid": "60c0"]])
    func unusable(value: JSON) throws {
        let row = Observation(row: try ObservationFixture.document("Length", value), specification: fish)
        #expect(row.predictors == [nil, 20.51])
    }

    @Test(
        "numbers of extended JSON are numbers",
        arguments: [["$numberLong": "5"], ["$numberInt": "5"], ["$numberDouble": "5.0"], ["$numberDecimal": "5.0"]]
            as [JSON])
    func extendedNumber(value: JSON) throws {
        #expect(
            Observation(row: try ObservationFixture.document("Length", value), specification: fish).predictors == [
                5, 20.51,
            ])
    }

    @Test(
        "a time is read from text, milliseconds and extended JSON",
        arguments: [
            "2021-06-09T13:39:27.971Z", 1_623_245_967_971, 1_623_245_967_971.0, ["$date": "2021-06-09T13:39:27.971Z"],
            ["$date": 1_623_245_967_971], ["$date": ["$numberLong": "1623245967971"]],
        ] as [JSON])
    func times(value: JSON) throws {
        #expect(Observation(row: try ObservationFixture.document("Timestamp", value), specification: fish) == complete)
    }

    @Test("what is no time is nil", arguments: ["soon", .null, 1.5, ["$date": "soon"], [1]] as [JSON])
    func noTimes(value: JSON) throws {
        #expect(
            Observation(row: try ObservationFixture.document("Timestamp", value), specification: fish).timestamp == nil)
    }

    @Test("an identifier may be a number, an empty level is none, a model's time may be a date")
    func oddKinds() throws {
        let row = try read(#"{"Fish_Id":101.0,"Species":"","ModelTime":{"$date":"2021-06-02T07:48:52.100Z"}}"#)
        #expect(row.identifier == "101")
        #expect(row.level == nil)
        #expect(row.modelTime == "2021-06-02 07:48:52")
    }

    @Test("a specification's other names of predictors and factors are read too, after their own, whatever their case")
    func aliases() throws {
        let row = try JSON(parsing: #"{"M2":70,"quarter":"north","FUEL":"gas","Sold_For":9,"area":null}"#)
        let read = Observation(row: row, specification: .aliased)
        #expect(read.level == "north" && read.otherLevels == ["gas"] && read.actual == 9 && read.predictors == [nil])
        let size = try JSON(parsing: #"{"size":71}"#)
        #expect(Observation(row: size, specification: .aliased).predictors == [71])
    }

    @Test("a row that is no object is an empty row")
    func notAnObject() {
        #expect(
            Observation(row: [1, 2], specification: fish)
                == Observation(level: nil, predictors: [nil, nil], actual: nil, timestamp: nil))
    }
}
