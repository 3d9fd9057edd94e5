import Documents
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "ISO 8601 is read as machines write it",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2021-06-09T13:39:27.971Z", 1_623_245_967_971),
            ("2021-06-09T13:39:27Z", 1_623_245_967_000), ("2021-06-09 13:39:27", 1_623_245_967_000),
            ("2021-06-09T13:39Z", 1_623_245_940_000), ("2021-06-09T15:39:27.971+02:00", 1_623_245_967_971),
            ("2021-06-09T08:09:27.9719-0530", 1_623_245_967_971), ("2021-06-09T13:39:27.9Z", 1_623_245_967_900),
            ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("2021-06-09t13:39:27z", 1_623_245_967_000),
        ])
    func read(_ text: String, _ milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(
        "a text that is no time is refused",
        arguments: [
            "", "2021-06-09", "2021-13-09T00:00:00Z", "2021-02-29T00:00:00Z", "2021-06-09T24:00:00Z",
            "2021-06-09T13:60:00Z", "2021-06-09T13:39:60Z", "2021-06-09T13:39:27.Z", "2021-06-09T13:39:27Zx",
            "21-06-09T13:39:27Z", "2021-06-09T13:39:27+2", "yesterday", " 2021-06-09T13:39:27Z",
        ])
    func refused(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("texts have a fixed width, so that their order is the order of the times")
    func written() {
        let time = Timestamp(milliseconds: 1_622_620_132_137)
        #expect(time.description == "2021-06-02T07:48:52.137Z")
        #expect(time.modelTimeText == "2021-06-02 07:48:52")
        #expect(time.compactText == "20210602T074852137Z")
        #expect(Timestamp(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
    }

    @Test(
        "a number beyond the years 0 to 9999 is no time, or the nearest in them",
        arguments: [
            (Int64.max, "9999-12-31T23:59:59.999Z"), (253_402_300_800_000, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_001, "0000-01-01T00:00:00.000Z"), (.min, "0000-01-01T00:00:00.000Z"),
        ])
    func beyond(_ milliseconds: Int64, _ nearest: String) {
        #expect(Timestamp(exactly: milliseconds) == nil)
        #expect(Timestamp(milliseconds: milliseconds).description == nearest)
        let time = Timestamp(milliseconds: milliseconds)
        #expect(time.advanced(byMilliseconds: milliseconds > 0 ? 1 : -1) == time)
    }

    @Test("no offset leads out of the years 0 to 9999")
    func offset() {
        #expect(Timestamp("0000-01-01T00:00:00+00:01") == nil)
        #expect(Timestamp("9999-12-31T23:59:59-00:01") == nil)
    }

    @Test(
        "every day is read back as it was written",
        arguments: Array(stride(from: -719_000, through: 2_900_000, by: 9_973)))
    func roundTrip(_ day: Int) {
        let time = Timestamp(milliseconds: Int64(day) * 86_400_000 + 12_345_678)
        #expect(Timestamp(time.description) == time)
    }
}
