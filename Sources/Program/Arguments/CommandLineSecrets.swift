import Glibc

extension Secrets {
    /// Writes `x` over the secrets in this process's own command line, which every user of the machine can list.
    package static func eraseFromListOfProcesses() {
        // Read once before it is changed: the standard library keeps its own copy.
        let arguments = CommandLine.arguments
        for (index, argument) in arguments.enumerated() {
            guard let start = unsafe CommandLine.unsafeArgv[index] else { continue }
            let bytes = argument.utf8
            for range in ranges(in: argument) {
                let offset = bytes.distance(from: bytes.startIndex, to: range.lowerBound)
                let count = bytes.distance(from: range.lowerBound, to: range.upperBound)
                // An argument that is not UTF-8 was repaired, and may have grown.
                guard unsafe offset + count <= strlen(start) else { continue }
                unsafe memset(start + offset, CInt(UInt8(ascii: "x")), count)
            }
        }
    }
}
