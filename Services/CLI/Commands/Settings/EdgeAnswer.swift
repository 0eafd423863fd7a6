internal import JSON
internal import Protocol
/// What the edge answered.
package struct EdgeAnswer: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(status: Int, headers: [(String, String)], body: [UInt8]) {
        self.status = status
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        self.body = body
    }

    /// The first value of a field; `name` in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The refusal or trouble that this answer means, in an operator's words.
    package func failure(_ action: String) -> CommandFailure {
        let node = JSONNode(body)
        let message = CommandFailure.words((node?["message"] ?? node?["detail"])?.cell ?? "")
        let request = header("x-request-id").map { ", request \($0)" } ?? ""
        let details = (node?["errors"]?.elements ?? []).map { fault in
            "\(fault["field"]?.cell ?? ""): \(fault["message"]?.cell ?? "")"
        }
        let remedy = Self.remedies[status].map { " " + $0 } ?? ""
        return CommandFailure(
            isRefusal ? .refused : .trouble,
            "\(action): \(message.isEmpty ? "no words" : message) (\(status)\(request)).\(remedy)",
            details: details
        )
    }

    /// What `RPCStatus.retry` says, by the HTTP status alone.
    private var isRefusal: Bool { (400..<500).contains(status) && status != 408 && status != 429 }

    private static let remedies: [Int: String] = [
        401: "The API key is unknown, expired or revoked: see BURSAR_API_KEY.",
        403: "The account lacks the scope, is not approved for this source_name, or its role does "
            + "not allow it.",
        413: "Split it: BURSAR_MAX_BODY_BYTES limits a request.",
        503: "See `bursar health`.",
    ]
}
