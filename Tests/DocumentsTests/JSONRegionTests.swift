import Testing

@testable import Documents

@Suite("Regions of a JSON text")
struct JSONRegionTests {
    @Test("members and elements are those of the whole document, in its order")
    func members() throws {
        let text = #" {"a":[1, {"b":[]} ,"x\"]"],"c":{"d":null},"e":-1.5e3} "#
        let region = try JSONRegion(of: Array(text.utf8))
        let members = try region.members(max: 3)
        let whole = try #require(try JSON(parsing: text).members)
        #expect(members.map(\.name) == whole.map(\.name))
        #expect(try members.map { try $0.value.value(bytesMax: 100) } == whole.map(\.value))
        let elements = try members[0].value.elements(max: 3)
        #expect(try elements.map { try $0.value(bytesMax: 100) } == whole[0].value.elements)
        var one = JSONElements(of: members[0].value, elementBytesMax: 100)
        var found: [JSON] = []
        while let element = try one.next() { found.append(element) }
        #expect(found == whole[0].value.elements)
    }

    @Test(
        "what is no document is no region either",
        arguments: [
            "", " ", "{", "{\"a\"}", "{\"a\":1,}", "[1,]", "[1 2]", "{\"a\":1 \"b\":2}", "{a:1}", "[1]]", "[01]",
            "[\"\\x\"]",
            "[nul]", "{\"a\":[}]", String(repeating: "[", count: 70), "[1],", "{\"a\":1}{}",
        ])
    func refused(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(throws: JSONError.self) { try JSONRegion(of: Array(text.utf8)) }
    }

    @Test("what is larger than the caller allows is refused")
    func bounded() throws {
        let object = try JSONRegion(of: Array(#"{"a":1,"b":[1,2,3]}"#.utf8))
        #expect(throws: JSONError.self) { try object.members(max: 1) }
        #expect(throws: JSONError.self) { try object.elements(max: 9) }
        let array = try object.members(max: 2)[1].value
        #expect(throws: JSONError.self) { try array.elements(max: 2) }
        #expect(throws: JSONError.self) { try array.members(max: 9) }
        #expect(throws: JSONError.self) { try array.value(bytesMax: 6) }
        #expect(try array.value(bytesMax: 7) == [1, 2, 3])
    }

    @Test("a member that is given twice is refused where members are asked for")
    func repeated() throws {
        let region = try JSONRegion(of: Array(#"{"a":1,"a":2}"#.utf8))
        #expect(throws: JSONError.self) { try region.members(max: 9) }
    }
}
