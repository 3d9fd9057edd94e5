/// What `tare check` found in one place.
package struct CheckReport: Sendable, Equatable {
    package struct Finding: Sendable, Equatable {
        /// What is wrong, and where.
        package let damage: String
        /// Where it was put, so that it is in nobody's way; nil where it was left alone.
        package let aside: String?

        package init(_ damage: String, aside: String? = nil) {
            self.damage = damage
            self.aside = aside
        }
    }

    /// Such as `the models in var/models`.
    package let subject: String
    /// What was read and found whole, such as `12 models`.
    package var contents: String
    package var findings: [Finding] = []
    /// What is no damage, and yet worth to know.
    package var remarks: [String] = []

    package init(_ subject: String, contents: String = "nothing yet") {
        self.subject = subject
        self.contents = contents
    }

    /// Whether all is as it was written, or nothing that is not is in the way any more.
    package var isWhole: Bool { findings.allSatisfy { $0.aside != nil } }
}
