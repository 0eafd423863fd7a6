internal import JSON
internal import NIOCore
internal import Protocol

/// The query of the audit trail, and the key of the page after this one.
struct AuditPage {
    /// Continuation keys are opaque to callers; ours name the oldest event of the page before.
    private static let keyPrefix = "audit-"

    let parameters: ByteBuffer
    private let size: Int

    private struct Row: Decodable {
        var id: Int64
    }

    init(_ query: QueryItems) throws {
        var faults: [RPCError.Detail] = []
        let size = query["pagesize"].map { Int($0) } ?? PageLimits.defaultSize
        if size.map(PageLimits.sizes.contains) != true {
            faults.append(Self.fault("pagesize", "pagesize is a number from 1 to 1000."))
        }
        let before = query["continuation_key"].map(Self.eventID)
        if before == .some(nil) {
            faults.append(Self.fault("continuation_key", "This key was not given out here."))
        }
        guard faults.isEmpty, let size else { throw RPCError.invalid(faults) }
        self.size = size
        parameters = JSONWriter.buffer { json in
            json.add(["from", "to", "actor", "outcome"], of: query)
            json.optional("before_id", before ?? nil)
            json.member("limit", size)
        }
    }

    /// Nil where the page is the last one.
    func continuationKey(after body: ByteBuffer) throws -> String? {
        let rows = try Decoding.reply([Row].self, body)
        guard rows.count == size, let last = rows.last else { return nil }
        return Self.keyPrefix + String(last.id)
    }

    private static func eventID(_ key: String) -> Int64? {
        guard key.hasPrefix(keyPrefix) else { return nil }
        return Int64(key.dropFirst(keyPrefix.count))
    }

    private static func fault(_ name: String, _ message: String) -> RPCError.Detail {
        RPCError.Detail(field: "/" + name, code: "wrong_type", message: message)
    }
}
