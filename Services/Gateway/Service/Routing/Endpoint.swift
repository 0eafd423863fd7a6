package import Identity
package import NIOCore
internal import Protocol

/// One method of one path: what it needs and what answers it.
package struct Endpoint: Sendable {
    /// What the caller must bring.
    package enum Access: Sendable {
        /// Nothing: a raw key is judged by auth-service, a public document is for everyone.
        case open
        case token
        case scope(Scope)
        /// Any of these; an audit record of a refusal names the first.
        case anyScope([Scope])
    }

    /// What body the request may have.
    package enum BodyRule: Sendable {
        /// Bytes that come are dropped.
        case none
        /// `application/json`, at most so many bytes.
        case json(maximumBytes: Int)
        /// As `json`, or no body at all, whatever type is named for it.
        case optionalJSON(maximumBytes: Int)
        /// As `json`, and a form too.
        case jsonOrForm(maximumBytes: Int)
    }

    /// In which shape refusals are answered.
    package enum Refusals: Sendable {
        /// Design 1.7.
        case general
        /// The command API's response envelope (contract A2-12).
        case envelope
    }

    package typealias Handler = @Sendable (EdgeCall) async throws -> EdgeReply

    package let method: EdgeMethod
    /// For example `/api/tasks/{id}`.
    package let path: String
    package let access: Access
    package let body: BodyRule
    package let refusals: Refusals
    /// Takes API keys beside tokens; nil where a key is no credential.
    package let applicationKeys: ApplicationKeys?
    /// The last segment of the path is found in any case (contract A2-1).
    package let ignoresCaseAtEnd: Bool
    package let handle: Handler

    package init(
        _ method: EdgeMethod,
        _ path: String,
        access: Access,
        body: BodyRule = .none,
        refusals: Refusals = .general,
        applicationKeys: ApplicationKeys? = nil,
        ignoresCaseAtEnd: Bool = false,
        _ handle: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.body = body
        self.refusals = refusals
        self.applicationKeys = applicationKeys
        self.ignoresCaseAtEnd = ignoresCaseAtEnd
        self.handle = handle
    }
}

/// A request that has passed the edge's checks, as an endpoint gets it.
package struct EdgeCall: Sendable {
    package let request: EdgeRequest
    package let query: QueryItems
    /// The parameters of the path, from left to right.
    package let parameters: [String]
    /// The token that was judged, without `Bearer`; passed on, because services judge for themselves.
    package let token: String?
    package let maximumBodyBytes: Int

    package init(
        request: EdgeRequest,
        query: QueryItems,
        parameters: [String],
        token: String?,
        maximumBodyBytes: Int
    ) {
        self.request = request
        self.query = query
        self.parameters = parameters
        self.token = token
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// The whole body; throws `BodyTooLarge` or `BodyFault`.
    package func collectBody() async throws -> ByteBuffer {
        try await request.body.collect(upTo: maximumBodyBytes)
    }
}
