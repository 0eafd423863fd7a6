package import JSON

/// The header document of a REQUEST: all that a dispatcher reads of it (PROTOCOL.md section 5).
package struct RequestDocument: Sendable, Equatable {
    /// The method's name, where the header's index is 0.
    package var method: String?
    package var token: String?
    package var idempotencyKey: String?
    package var requestID: String?
    /// The address of the edge's client.
    package var client: String?
    /// Bytes of the whole body, where the caller knows them before it sends.
    package var bodyBytes: Int?

    package init(
        method: String? = nil,
        token: String? = nil,
        idempotencyKey: String? = nil,
        requestID: String? = nil,
        client: String? = nil,
        bodyBytes: Int? = nil
    ) {
        self.method = method
        self.token = token
        self.idempotencyKey = idempotencyKey
        self.requestID = requestID
        self.client = client
        self.bodyBytes = bodyBytes
    }

    /// Reads a document; also returns where the bytes of `params` stand in it.
    ///
    /// Unknown members are ignored; a member that stands twice is a fault.
    package static func read(
        _ bytes: UnsafeRawBufferPointer
    ) throws(JSONScanner.Fault) -> (document: RequestDocument, params: Range<Int>?) {
        var document = RequestDocument()
        var params: Range<Int>?
        var scanner = JSONScanner(bytes)
        try scanner.object { (key, scanner) throws(JSONScanner.Fault) in
            switch key {
            case "method": try scanner.once(key, &document.method)
            case "token": try scanner.once(key, &document.token)
            case "key": try scanner.once(key, &document.idempotencyKey)
            case "request_id": try scanner.once(key, &document.requestID)
            case "client": try scanner.once(key, &document.client)
            case "length":
                guard document.bodyBytes == nil else {
                    throw scanner.fault(.duplicateKey).inside(key)
                }
                let length = try scanner.integer()
                guard length >= 0 else { throw scanner.fault(.wrongType).inside(key) }
                document.bodyBytes = Int(length)
            case "params":
                guard params == nil else { throw scanner.fault(.duplicateKey).inside(key) }
                guard scanner.peek() == UInt8(ascii: "{") else {
                    throw scanner.fault(.wrongType).inside(key)
                }
                params = try scanner.skipValue(depth: 1)
            default: _ = try scanner.skipValue(depth: 1)
            }
        }
        guard scanner.isAtEnd() else { throw scanner.malformed }
        return (document, params)
    }

    package var isEmpty: Bool { self == RequestDocument() }

    /// Appends the document; `params` is a JSON object's bytes, taken as they are.
    package func append(to out: inout [UInt8], params: UnsafeRawBufferPointer? = nil) {
        JSONWriter.append(to: &out) { json in
            json.object { json in
                json.optional("method", method)
                json.optional("token", token)
                json.optional("key", idempotencyKey)
                json.optional("request_id", requestID)
                json.optional("client", client)
                if let bodyBytes { json.member("length", bodyBytes) }
                guard let params else { return }
                json.key("params")
                json.value(json: params)
            }
        }
    }
}

extension JSONScanner {
    fileprivate mutating func once(_ key: String, _ field: inout String?) throws(Fault) {
        guard field == nil else { throw fault(.duplicateKey).inside(key) }
        guard peek() == UInt8(ascii: "\"") else { throw fault(.wrongType).inside(key) }
        field = try string()
    }
}
