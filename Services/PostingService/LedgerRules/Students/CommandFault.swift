/// One thing that a command's caller is told: what is wrong with which property, or worth knowing.
///
/// `property` is the request's, in camelCase whatever its case was (contract A2-1); empty where the
/// fault is of the request as a whole.
package struct CommandFault: Error, Sendable, Hashable {
    package enum Severity: String, Sendable {
        case error = "Error"
        case warning = "Warning"
    }

    package var severity: Severity
    /// Stable word for programs.
    package var code: String
    package var property: String
    /// What is wrong and how to mend it, for people.
    package var message: String

    package init(
        _ property: String,
        _ code: String,
        _ message: String,
        severity: Severity = .error
    ) {
        self.severity = severity
        self.code = code
        self.property = property
        self.message = message
    }
}
