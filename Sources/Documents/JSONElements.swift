/// The elements of an array in a text, read one after the other, so that no more than one is held.
package struct JSONElements {
    private var reader: JSONReader
    private let bytesMax: Int
    private var isFirst = true
    private var isEnded = false

    /// - Parameters:
    ///   - bytes: nothing but one array.
    ///   - bytesMax: of the text of one element; it bounds the memory that an element takes, which is many times its text.
    package init(of bytes: [UInt8], elementBytesMax bytesMax: Int) {
        reader = JSONReader(bytes: bytes, repeatedNames: .refused)
        self.bytesMax = bytesMax
    }

    /// - Parameter region: of one array.
    package init(of region: JSONRegion, elementBytesMax bytesMax: Int) {
        reader = region.reader
        self.bytesMax = bytesMax
    }

    /// Nil behind the last element, once it is sure that nothing follows the array.
    package mutating func next() throws(JSONError) -> JSON? {
        guard !isEnded else { return nil }
        let element = try isFirst ? reader.firstElement(bytesMax: bytesMax) : reader.nextElement(bytesMax: bytesMax)
        isFirst = false
        isEnded = element == nil
        return element
    }
}
