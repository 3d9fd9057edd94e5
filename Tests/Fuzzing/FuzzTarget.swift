/// A reader of bytes from outside, and what must hold of it whatever the bytes are.
struct FuzzTarget: Sendable {
    let name: String
    /// What holds, as docs/testing.md says it.
    let promise: String
    /// Examples from which the fuzzer starts.
    let seeds: @Sendable () throws -> [[UInt8]]
    /// What the format is made of, so that the fuzzer need not guess it byte by byte.
    let words: [String]
    /// Throws where the promise is broken. A trap breaks it too.
    let check: @Sendable ([UInt8]) throws -> Void

    static let all: [FuzzTarget] = [
        .request, .target, .json, .rows, .javaMap, .csv, .model, .state, .journal, .damage, .records, .changes,
        .streamState, .bson, .values, .formula, .regions, .inference, .invocations,
    ]
}

/// A promise that was broken.
struct BrokenPromise: Error, CustomStringConvertible {
    let description: String
}

func hold(_ isTrue: Bool, _ words: @autoclosure () -> String) throws(BrokenPromise) {
    if !isTrue { throw BrokenPromise(description: words()) }
}

func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }
