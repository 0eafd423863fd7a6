/// Why a process does not start: every fault of its environment and its key files at once.
package struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One fault, in words for an operator.
    package struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The variable, or the path of the file, at fault.
        package let variable: String
        package let value: String
        /// What to do about it.
        package let remedy: String

        package init(variable: String, value: String, remedy: String) {
            self.variable = variable
            self.value = value
            self.remedy = remedy
        }

        package var description: String { "\(variable)=\(value): \(remedy)" }
    }

    package let problems: [Problem]

    package init(problems: [Problem]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
