/// The header fields that the edge uses; every other field is counted and dropped.
///
/// A field that may stand only once and stands twice is a fault: two readers of the same request could
/// disagree about it.
package struct RequestFields: Sendable, Equatable {
    package enum Fault: Sendable, Equatable {
        case repeated(String)
        case unreadable(String)
        case listTooLarge
    }

    package private(set) var authorization: String?
    package private(set) var contentType: String?
    package private(set) var contentEncoding: String?
    package private(set) var contentLength: Int?
    package private(set) var idempotencyKey: String?
    package private(set) var host: String?
    package private(set) var expectsContinue = false
    /// `:authority` of HTTP/2; `host`, where given beside it, must say the same.
    package var authority: String?
    /// Bytes of all fields so far, 32 added for each.
    package private(set) var listBytes = 0
    package private(set) var fault: Fault?

    package init() {}

    /// Adds a field; `name` is in lower case.
    ///
    /// Beyond `limit` fields are only counted.
    package mutating func add(
        name: UnsafeBufferPointer<UInt8>,
        value: UnsafeBufferPointer<UInt8>,
        limit: Int
    ) {
        listBytes += name.count + value.count + 32
        guard listBytes <= limit else {
            fault = .listTooLarge
            return
        }
        switch name.count {
        case 4 where matches(name, "host"): set(\.host, value, "host")
        case 6 where matches(name, "expect"): expect(value)
        case 12 where matches(name, "content-type"): set(\.contentType, value, "content-type")
        case 13 where matches(name, "authorization"): set(\.authorization, value, "authorization")
        case 14 where matches(name, "content-length"): setLength(value)
        case 15 where matches(name, "idempotency-key"):
            set(\.idempotencyKey, value, "idempotency-key")
        case 16 where matches(name, "content-encoding"):
            set(\.contentEncoding, value, "content-encoding")
        default: break
        }
    }

    /// Adds a field given as text, its name in any case.
    package mutating func add(name: String, value: String, limit: Int) {
        var name = name.lowercased()
        var value = value
        name.withUTF8 { name in
            value.withUTF8 { value in add(name: name, value: value, limit: limit) }
        }
    }

    private func matches(_ name: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        word.withUTF8Buffer { $0.elementsEqual(name) }
    }

    private mutating func set(
        _ field: WritableKeyPath<RequestFields, String?>,
        _ value: UnsafeBufferPointer<UInt8>,
        _ name: String
    ) {
        guard self[keyPath: field] == nil else {
            fault = fault ?? .repeated(name)
            return
        }
        guard let text = String(validating: value, as: UTF8.self) else {
            fault = fault ?? .unreadable(name)
            return
        }
        self[keyPath: field] = text
    }

    private mutating func setLength(_ value: UnsafeBufferPointer<UInt8>) {
        guard contentLength == nil else {
            fault = fault ?? .repeated("content-length")
            return
        }
        let digits = value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard digits, let length = Int(String(decoding: value, as: UTF8.self)) else {
            fault = fault ?? .unreadable("content-length")
            return
        }
        contentLength = length
    }

    private mutating func expect(_ value: UnsafeBufferPointer<UInt8>) {
        let text = String(decoding: value, as: UTF8.self).lowercased()
        if text == "100-continue" {
            expectsContinue = true
        } else {
            fault = fault ?? .unreadable("expect")
        }
    }
}
