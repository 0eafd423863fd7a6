package import FoundationEssentials
package import JSON

/// The one way in which JSON of other processes is read into types.
///
/// Foundation's decoder alone would take the first of two equal keys, round `100.0000000000000001`
/// to an integer and accept a trailing comma or invalid UTF-8 in a member it does not read (design
/// 7.1 item 7). So every text is judged as a whole first, by `JSONText`.
package enum StrictJSON {
    /// Reads a request's parameters; faults become `invalid_request` with their JSON pointers.
    ///
    /// No bytes at all are read as `{}`. Members that the type does not know are ignored, so that
    /// callers may be newer than services, except where the type is a `ClosedRequest`.
    package static func decodeRequest<T: Decodable>(
        _ type: T.Type,
        from bytes: UnsafeRawBufferPointer
    ) throws(RPCError) -> T {
        if bytes.isEmpty { return try decode(type, Data("{}".utf8)) }
        if let fault = JSONText.fault(in: bytes, integersOnly: true) {
            throw .invalid([fault.detail])
        }
        if let closed = type as? any ClosedRequest.Type {
            let unknown = unknownMembers(of: bytes, known: closed.memberNames)
            guard unknown.isEmpty else { throw .invalid(unknown) }
        }
        return try decode(type, Data(bytes))
    }

    /// The members of a valid text's object that are not `known`.
    private static func unknownMembers(
        of bytes: UnsafeRawBufferPointer,
        known: Set<String>
    ) -> [RPCError.Detail] {
        var scanner = JSONScanner(bytes)
        var unknown: [RPCError.Detail] = []
        do {
            try scanner.object { (name, scanner) throws(JSONScanner.Fault) in
                _ = try scanner.skipValue(depth: 1)
                guard !known.contains(name) else { return }
                unknown.append(
                    RPCError.Detail(
                        field: JSONText.pointerStep(name),
                        code: "unknown_field",
                        message: "The member is not known."
                    )
                )
            }
        } catch {
            // No object: decoding says so.
            return []
        }
        return unknown
    }

    /// Reads a reply that another service made; a fault is that service's, so `internal`.
    package static func decodeReply<T: Decodable>(
        _ type: T.Type,
        from bytes: UnsafeRawBufferPointer
    ) throws(RPCError) -> T {
        guard JSONText.fault(in: bytes) == nil else { throw .malformedReply }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw .malformedReply
        }
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ data: Data) throws(RPCError) -> T {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw .invalid([error.detail])
        } catch {
            throw .invalid([.init(field: "", code: "malformed", message: "The body is malformed.")])
        }
    }

    /// Compact JSON with the members in the order of their names, so that equal values have equal
    /// bytes.
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}

/// A request of which every member must be known, because one that is misspelt and left out changes
/// what is granted: a key without its end, an account that stays active (design 1.7; fault A-09).
package protocol ClosedRequest: Decodable {
    static var memberNames: Set<String> { get }
}

extension RPCError {
    static let malformedReply = RPCError(
        .internal,
        reason: "malformed_reply",
        message: "A service's reply could not be read.",
        processed: .maybe,
        origin: .client
    )
}

extension JSONScanner.Fault {
    /// The fault as a caller sees it.
    package var detail: RPCError.Detail {
        RPCError.Detail(field: pointer, code: reason.rawValue, message: message)
    }
}

extension DecodingError {
    fileprivate var detail: RPCError.Detail {
        switch self {
        case .keyNotFound(let key, let context):
            .init(
                field: Self.pointer(context.codingPath + [key]),
                code: "missing",
                message: "The member is missing."
            )
        case .valueNotFound(_, let context):
            .init(
                field: Self.pointer(context.codingPath),
                code: "missing",
                message: "The value must not be null."
            )
        case .typeMismatch(_, let context):
            .init(
                field: Self.pointer(context.codingPath),
                code: "wrong_type",
                message: "The value has the wrong type."
            )
        case .dataCorrupted(let context):
            .init(
                field: Self.pointer(context.codingPath),
                code: "invalid_value",
                message: "The value is not one of those allowed."
            )
        @unknown default:
            .init(field: "", code: "malformed", message: "The body could not be read.")
        }
    }

    private static func pointer(_ path: [any CodingKey]) -> String {
        path.map { key in
            JSONText.pointerStep(key.intValue.map(String.init) ?? key.stringValue)
        }
        .joined()
    }
}
