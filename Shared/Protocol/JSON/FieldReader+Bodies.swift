internal import JSON

extension FieldReader {
    /// The number that a path names; what is none names nothing: `notFound` (design 1.7).
    package mutating func pathIdentifier(_ name: String) throws(RPCError) -> Int64 {
        guard case .string(let text) = node(name, required: true) else {
            return identifier(name, required: true) ?? 0
        }
        guard let number = Int64(text), number > 0, String(number) == text else { throw .notFound }
        return number
    }

    /// The number of a batch or payment: a JSON integer.
    package mutating func identifier(_ name: String, required: Bool = false) -> Int64? {
        guard let node = node(name, required: required) else { return nil }
        if case .number(let text) = node, let number = Int64(text), number > 0 { return number }
        fail(name, "wrong_type", "\(name) is a whole number above zero.")
        return nil
    }

    /// Reads a request's body; no bytes at all are an object without members.
    package static func reading(_ body: [UInt8]) throws(RPCError) -> FieldReader {
        guard !body.isEmpty else { return FieldReader(members: [], at: "") }
        do {
            return try body.withUnsafeBytes { try FieldReader($0) }
        } catch let error as RPCError {
            throw error
        } catch {
            throw .internal
        }
    }
}
