internal import Identity
internal import Protocol

/// The 90/10 report, as data or as a page to print.
struct ReportEndpoints {
    let posting: any Upstream

    private static let parameters = ["campus_id", "fiscal_year", "format"]
    private static let page = "text/html"
    /// The page brings its own style and nothing else: no script, no frame, no address is loaded.
    private static let pagePolicy = (
        name: "content-security-policy",
        value: "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'"
    )

    var all: [Endpoint] {
        [
            Endpoint(.get, "/api/reports/90-10", access: .scope(.reportsRead)) { call in
                var writer = JSONWriter()
                writer.open("{")
                for name in Self.parameters {
                    if let value = call.query[name] { writer.field(name, value) }
                }
                writer.close("}")
                let download = try await posting.download(
                    UpstreamCall(LedgerPaymentMethods.report, body: writer.buffer, for: call)
                )
                guard let type = download.metadata.text("content_type") else {
                    throw RPCError.internal
                }
                return try await Download.reply(
                    download,
                    contentType: type,
                    headers: type.hasPrefix(Self.page) ? [Self.pagePolicy] : []
                )
            }
        ]
    }
}
