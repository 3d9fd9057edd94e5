import Testing

@testable import EventProcessing

@Suite("Where a record stands")
struct RecordPlaceTests {
    @Test(
        "a place is written as it is read, and two of them behind each other", arguments: [0, 7, 10, 123_456_789_012])
    func texts(_ offset: Int64) {
        let place = RecordPlace(topic: "weight-prediction", partition: 12, offset: offset)
        #expect(place.description == "weight-prediction/12/\(offset)")
        #expect(RecordPlace(place.description) == place)
        let other = RecordPlace(topic: "maße", partition: 0, offset: -1)
        #expect(RecordPlace.pair(place, other) == "weight-prediction/12/\(offset) maße/0/-1")
    }
}
