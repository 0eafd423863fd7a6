internal import JSON
internal import NIOCore

/// The parameters of calls and the bodies of answers, as the buffers that are sent.
extension JSONWriter {
    static func buffer(
        _ members: (inout JSONWriter) throws -> Void
    ) rethrows -> ByteBuffer {
        ByteBuffer(bytes: try object(reserving: 128, members))
    }

    /// An object of strings, in the order given.
    static func buffer(_ members: [(String, String)]) -> ByteBuffer {
        buffer { json in
            for (name, value) in members { json.member(named: name, value) }
        }
    }

    /// The parameters of these names that the query has, as they were given.
    mutating func add(_ names: [String], of query: QueryItems) {
        for name in names {
            if let value = query[name] { member(named: name, value) }
        }
    }
}
