/// One fault of a file: its root cause, where it is, and what to do.
///
/// A fault that follows from another is not reported (design 3.9, item 3): an amount that is no
/// number is one diagnostic, not three more for the totals it spoils.
package struct Diagnostic: Sendable, Hashable {
    package let rule: RuleID
    /// Never `off`: what is off is not reported.
    package let severity: Severity
    /// The line in the file, from 1; for what is missing, the line where it should stand.
    package let line: Int
    /// First and last position at fault, from 1; 1 to 94 for a whole record.
    package let from: Int
    package let to: Int
    /// What stands there, as it is: mask it with `privacy` before showing it.
    package let value: String
    package let privacy: Field.Privacy
    /// What is wrong, with the value that was expected; holds no account number and no name.
    package let message: String
    /// The whole record, if there is one.
    package let record: Record?
    package let kind: RecordKind

    package var remedy: String { RuleCatalogue.rule(rule).remedy }

    /// The return reason that the entry would earn, such as `R28`.
    package var returnCode: String? {
        RuleCatalogue.rule(rule).returnCode.map { $0 < 10 ? "R0\($0)" : "R\($0)" }
    }
}
