/// The elements of an array in a text, read one after the other, so that no more than one is held.
package struct JSONElements {
    private var reader: JSONReader
    private var count = 0

    /// - Parameter bytes: nothing but one array.
    package init(of bytes: [UInt8]) { reader = JSONReader(bytes: bytes, repeatedNames: .refused) }

    /// Nil behind the last element, once it is sure that nothing follows the array.
    package mutating func next() throws(JSONError) -> JSON? {
        let element = count == 0 ? try reader.firstElement() : try reader.nextElement()
        count += 1
        return element
    }
}
