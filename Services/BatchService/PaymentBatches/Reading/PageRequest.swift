internal import BatchRules
internal import Protocol
internal import ServiceStore

/// Which page of a list is asked for, and by whom.
struct PageRequest: Sendable {
    let size: Int
    /// The last number of the page before; nil for the first page.
    let last: Int64?
    /// Those given beside the key, or the key's own.
    let filters: [String: [String]]
    private let list: String
    private let account: String
    private let parts: PaymentParts

    /// What a continuation key of these lists says.
    private struct Place: Codable {
        var last: Int64
        var filters: [String: [String]]
    }

    /// Reads size and key; a key goes with no filters or with its own.
    ///
    /// - Throws: `invalid` with each fault.
    init(
        _ list: String,
        of account: String,
        filters given: [String: [String]] = [:],
        pagesize: String?,
        key: String?,
        _ parts: PaymentParts
    ) async throws {
        var faults: [RPCError.Detail] = []
        do throws(FilterFault) {
            size = try PageRules.size(pagesize) ?? PageRules.defaultSize
        } catch {
            size = 0
            faults.append(.init(field: "/pagesize", code: "malformed", message: error.message))
        }
        var place: Place?
        if let key {
            place = try await Self.place(key, list, account, parts)
            if place.map({ !given.isEmpty && given != $0.filters }) ?? true {
                faults.append(Self.foreignKey)
            }
        }
        guard faults.isEmpty else { throw RPCError.invalid(faults) }
        last = place?.last
        filters = place?.filters ?? given
        self.list = list
        self.account = account
        self.parts = parts
    }

    /// The key of the page after the one that ends with a number; nil after an empty page.
    func next(after last: Int64?) async throws -> String? {
        guard let last else { return nil }
        return try await parts.continuations.seal(
            Array(try StrictJSON.encode(Place(last: last, filters: filters))),
            of: list,
            for: account,
            expiresAt: parts.environment.now() + ContinuationKeys.lifetimeMilliseconds
        )
    }

    private static func place(
        _ key: String,
        _ list: String,
        _ account: String,
        _ parts: PaymentParts
    ) async throws -> Place? {
        let reading = try await parts.continuations.open(
            key,
            of: list,
            for: account,
            at: parts.environment.now()
        )
        guard case .payload(let bytes, _) = reading else { return nil }
        return try bytes.withUnsafeBytes { try StrictJSON.decodeReply(Place.self, from: $0) }
    }

    private static let foreignKey = RPCError.Detail(
        field: "/continuation_key",
        code: "malformed",
        message: "The key is not one of this list with these filters. Start again without it."
    )
}
