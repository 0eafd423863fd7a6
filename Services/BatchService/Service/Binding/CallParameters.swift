internal import BatchRules
internal import Foundation
internal import JSON
internal import NIOCore
internal import Protocol

/// The parameters of the reading methods.
enum CallParameters {
    /// The one text parameter of a method, read without a tree: these methods are called most.
    static func text(_ name: String, in body: ByteBuffer) throws -> String {
        var isRepeated = false
        do {
            let found = try body.withUnsafeReadableBytes { bytes in
                var scanner = JSONScanner(bytes)
                var found: String?
                try scanner.object { (key, scanner) throws(JSONScanner.Fault) in
                    if key == name {
                        isRepeated = isRepeated || found != nil
                        found = try scanner.string()
                    } else {
                        _ = try scanner.skipValue(depth: 1)
                    }
                }
                return scanner.isAtEnd() ? found : nil
            }
            if isRepeated { throw fault(name, "duplicate_key", "This parameter stands twice.") }
            if let found { return found }
        } catch is JSONScanner.Fault {
            throw fault(name, "malformed", "The parameters are no JSON object with this text.")
        }
        throw fault(name, "missing", "This parameter is needed.")
    }

    private static func fault(_ name: String, _ code: String, _ message: String) -> RPCError {
        RPCError.invalid([RPCError.Detail(field: "/" + name, code: code, message: message)])
    }
}

extension ListRequest {
    var history: HistoryRequest {
        HistoryRequest(
            filters: filters ?? [:],
            pageSize: pagesize,
            continuationKey: continuationKey
        )
    }
}
