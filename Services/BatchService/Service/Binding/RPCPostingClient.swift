internal import Foundation
internal import JSON
internal import NIOCore
package import Protocol
package import ServiceRuntime
package import Transport

/// posting-service over RPC, in this service's own name.
package struct RPCPostingClient: PostingClient {
    /// Sets of at most 64 KiB are posted in milliseconds; the wait covers a busy writer.
    private static let smallTimeout = TimeAmount.seconds(30)
    private static let shortTimeout = TimeAmount.seconds(5)

    private let client: RPCClient
    private let token: ServiceToken

    package init(client: RPCClient, token: ServiceToken) {
        self.client = client
        self.token = token
    }

    package func post(
        _ parameters: PostSetParameters,
        body: HeldBody
    ) async throws -> PostSetResult {
        let reply: IncomingReply
        switch body {
        case .small(let buffer):
            reply = try await authorized {
                try await client.call(
                    PostingMethods.postSet,
                    body: buffer,
                    options: CallOptions(
                        token: $0,
                        params: Self.document(parameters),
                        timeout: Self.smallTimeout
                    )
                )
            }
        case .large(let loan):
            reply = try await authorized {
                try await client.open(
                    PostingMethods.postSet,
                    bodyStream: ArenaPieces(loan: loan),
                    expectedBytes: loan.arena.count,
                    options: CallOptions(token: $0, params: Self.document(parameters))
                )
            }
        }
        return try PostSetResultReader.read(reply.body)
    }

    package func withdraw(setID: Int64, digest: String) async throws -> PostSetResult? {
        let request = WithdrawSetRequest(setID: setID, digest: digest)
        let body = ByteBuffer(bytes: try StrictJSON.encode(request))
        let reply = try await authorized {
            try await client.call(
                PostingMethods.withdrawSet,
                body: body,
                options: CallOptions(token: $0, timeout: Self.smallTimeout)
            )
        }
        return try reply.decode(WithdrawSetReply.self).result
    }

    package func progress(of setIDs: [Int64]) async throws -> [SetCounts] {
        let request = SetProgressRequest(setIDs: setIDs)
        let body = ByteBuffer(bytes: try StrictJSON.encode(request))
        let reply = try await authorized {
            try await client.call(
                PostingMethods.setProgress,
                body: body,
                options: CallOptions(token: $0, timeout: Self.shortTimeout)
            )
        }
        return try reply.decode([SetCounts].self)
    }

    package func anchor() async throws -> LedgerAnchor {
        let reply = try await authorized {
            try await client.call(
                PostingMethods.anchor,
                body: ByteBuffer(string: "{}"),
                options: CallOptions(token: $0, timeout: Self.shortTimeout)
            )
        }
        return try reply.decode(LedgerAnchor.self)
    }

    /// Calls with this service's token; one that is refused is not used again.
    private func authorized(
        _ call: (String) async throws -> IncomingReply
    ) async throws -> IncomingReply {
        let token = try await token.token()
        do {
            return try await call(token)
        } catch let error as RPCError {
            if error.status == .unauthenticated { await self.token.invalidate(token) }
            throw error
        }
    }

    private static func document(_ parameters: PostSetParameters) -> ByteBuffer {
        ByteBuffer(
            bytes: JSONWriter.object { json in
                json.member("set_id", parameters.setID)
                json.member("commit_policy", parameters.commitPolicy.rawValue)
                json.member("digest", parameters.digest)
                json.member("attempt", parameters.attempt)
            }
        )
    }
}

/// A body in an arena as pieces for the wire.
struct ArenaPieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    static let pieceBytes = 256 << 10
    let loan: ArenaPool.Loan

    struct AsyncIterator: AsyncIteratorProtocol {
        let loan: ArenaPool.Loan
        var position = 0

        mutating func next() async throws -> ByteBuffer? {
            let end = Swift.min(position + ArenaPieces.pieceBytes, loan.arena.count)
            guard end > position else { return nil }
            defer { position = end }
            return ByteBuffer(bytes: loan.arena.slice(position..<end))
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(loan: loan) }
}
