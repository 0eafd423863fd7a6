internal import JSON
internal import NIOCore
internal import Protocol

/// Reads what services answer, and passes on what clients send.
enum Decoding {
    /// A reply that cannot be read is a fault between our own services.
    static func reply<T: Decodable>(_ type: T.Type, _ body: ByteBuffer) throws -> T {
        try body.withUnsafeReadableBytes { try StrictJSON.decodeReply(type, from: $0) }
    }
}

extension EdgeCall {
    /// The body, an object, with a member from the path put first.
    ///
    /// The rest stays as it came, for the service to judge; a body that names the member itself has
    /// it twice and is refused there.
    func bodyWithMember(_ name: String, _ value: String) async throws -> ByteBuffer {
        try await bodyWithMembers([(name, value)])
    }

    /// The same with several members; of a request that need not have a body, also without one.
    func bodyWithMembers(
        _ members: [(String, String)],
        isOptional: Bool = false
    ) async throws -> ByteBuffer {
        var body = try await collectBody()
        if isOptional {
            guard body.readableBytes > 0 else { return JSONWriter.buffer(members) }
            try BodyRules.checkType(request)
        }
        Self.skipSpace(&body)
        guard body.readInteger(as: UInt8.self) == UInt8(ascii: "{") else {
            throw RPCError.invalid([
                RPCError.Detail(field: "", code: "wrong_type", message: "The body is an object.")
            ])
        }
        Self.skipSpace(&body)
        var whole = JSONWriter.buffer(members)
        whole.moveWriterIndex(to: whole.writerIndex - 1)
        let isEmpty = body.getInteger(at: body.readerIndex, as: UInt8.self) == UInt8(ascii: "}")
        whole.writeString(isEmpty ? "" : ",")
        whole.writeImmutableBuffer(body)
        return whole
    }

    private static func skipSpace(_ body: inout ByteBuffer) {
        while let byte = body.getInteger(at: body.readerIndex, as: UInt8.self),
            [0x20, 0x09, 0x0A, 0x0D].contains(byte)
        {
            body.moveReaderIndex(forwardBy: 1)
        }
    }
}
