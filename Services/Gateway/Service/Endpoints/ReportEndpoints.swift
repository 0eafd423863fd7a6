internal import Console
internal import HTTP2
internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol

/// The 90/10 report, as data or as a page to print.
struct ReportEndpoints {
    let posting: any Upstream

    private static let parameters = ["campus_id", "fiscal_year", "format"]
    /// Most bytes of a report that is made a page: about 60,000 findings.
    private static let maximumPageBytes = 8 << 20
    private static let pageType = "text/html; charset=utf-8"
    /// The page brings its own style and nothing else: no script, no frame, no address is loaded.
    private static let pagePolicy = (
        name: "content-security-policy",
        value: "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'"
    )

    var all: [Endpoint] {
        [
            Endpoint(.get, "/api/reports/90-10", access: .scope(.reportsRead)) { call in
                let isPage = call.query["format"] == "html"
                let body = JSONWriter.buffer { json in
                    for name in Self.parameters {
                        guard let value = call.query[name] else { continue }
                        json.member(named: name, isPage && name == "format" ? "json" : value)
                    }
                }
                let download = try await posting.download(
                    UpstreamCall(LedgerPaymentMethods.report, body: body, for: call)
                )
                return isPage ? try await Self.page(download) : try await Self.file(download)
            }
        ]
    }

    private static func file(_ download: UpstreamDownload) async throws -> EdgeReply {
        guard let type = download.metadata.text("content_type") else { throw RPCError.internal }
        return try await Download.reply(download, contentType: type)
    }

    /// Renders away from the event loop, which other connections need.
    private static func page(_ download: UpstreamDownload) async throws -> EdgeReply {
        var json: [UInt8] = []
        for try await piece in download.pieces {
            json.append(contentsOf: piece.readableBytesView)
            guard json.count <= maximumPageBytes else { throw tooLarge }
        }
        let text = try await Task.detached { [json] in try NinetyTenPage(json: json).text }.value
        return EdgeReply(
            200,
            body: .bytes(ByteBuffer(string: text)),
            contentType: pageType,
            headers: [pagePolicy]
        )
    }

    private static let tooLarge = RPCError(
        .outOfRange,
        reason: "report_too_large",
        message: "The report is too large for a page: ask for format=csv."
    )
}
