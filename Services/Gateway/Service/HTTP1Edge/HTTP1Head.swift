internal import NIOHTTP1

/// Reads what the parser made of a request's head, stricter than the parser is.
enum HTTP1Head {
    /// The fields that the edge uses; a framing that two readers could take differently is a fault.
    static func fields(of head: HTTPRequestHead, limit: Int) -> RequestFields {
        var fields = RequestFields()
        for (name, value) in head.headers { fields.add(name: name, value: value, limit: limit) }
        return fields
    }

    /// Whether the body's length can be read in one way only (RFC 9112 §6.1 and §6.3; faults H-10).
    ///
    /// The parser has refused most of this already; the rule here does not depend on its leniency.
    static func isFramedClearly(_ head: HTTPRequestHead) -> Bool {
        let encodings = head.headers["transfer-encoding"]
        let lengths = head.headers["content-length"]
        if lengths.count > 1 || encodings.count > 1 { return false }
        if let encoding = encodings.first {
            guard lengths.isEmpty, head.version == .http1_1 else { return false }
            return encoding.lowercased() == "chunked"
        }
        if let length = lengths.first {
            return !length.isEmpty && length.utf8.count <= 18
                && length.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        return true
    }

    /// Whether the connection may carry another request after this one.
    static func keepsAlive(_ head: HTTPRequestHead) -> Bool {
        head.version == .http1_1 && head.isKeepAlive && !head.headers.contains(name: "upgrade")
            && head.method != .CONNECT
    }
}
