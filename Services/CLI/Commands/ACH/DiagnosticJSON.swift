internal import JSON
internal import Protocol
internal import Nacha

/// Diagnostics as a program reads them (names and shape fixed in design 1.8).
enum DiagnosticJSON {
    static func document(_ report: FileReport, file: String?, reveal: Bool) -> JSONNode {
        var members: [JSONNode.Member] = []
        if let file { members.append(member("file", .string(file))) }
        members.append(member("valid", .boolean(report.isValid)))
        members.append(
            member("diagnostics", .array(report.diagnostics.map { node($0, reveal: reveal) }))
        )
        if !report.dropped.isEmpty {
            let dropped = report.dropped.sorted { $0.key.rawValue < $1.key.rawValue }
            members.append(
                member(
                    "more",
                    .object(dropped.map { member($0.key.rawValue, .number("\($0.value)")) })
                )
            )
        }
        return .object(members)
    }

    private static func node(_ diagnostic: Diagnostic, reveal: Bool) -> JSONNode {
        .object([
            member("rule", .string(diagnostic.rule.rawValue)),
            member("severity", .string(diagnostic.severity.rawValue)),
            member("line", .number("\(diagnostic.line)")),
            member("from", .number("\(diagnostic.from)")),
            member("to", .number("\(diagnostic.to)")),
            member("value", .string(reveal ? diagnostic.value : diagnostic.maskedValue)),
            member("message", .string(diagnostic.message)),
            member("return_code", diagnostic.returnCode.map { .string($0) } ?? .null),
        ])
    }

    private static func member(_ key: String, _ value: JSONNode) -> JSONNode.Member {
        JSONNode.Member(key: key, value: value)
    }
}
