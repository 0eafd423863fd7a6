internal import CNGHTTP2

/// Header fields on their way out: one run of bytes and where each name and value lies in it.
///
/// Made to be kept and reused, so that an answer needs no allocation per field.
package struct HTTP2HeaderBlock: Sendable {
    private struct Span: Sendable {
        var name: Int
        var nameCount: Int
        var value: Int
        var valueCount: Int
        var isSecret: Bool
    }

    private var bytes: [UInt8] = []
    private var spans: [Span] = []

    package init() {
        bytes.reserveCapacity(1_024)
        spans.reserveCapacity(16)
    }

    package var count: Int { spans.count }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
    }

    /// Adds a field.
    ///
    /// `name` must be lower case already (RFC 9113 §8.2.1).
    /// A secret value is never put into the compression table (RFC 7541 §7.1.3).
    package mutating func add(_ name: String, _ value: String, isSecret: Bool = false) {
        let start = bytes.count
        bytes.append(contentsOf: name.utf8)
        let middle = bytes.count
        bytes.append(contentsOf: value.utf8)
        spans.append(
            Span(
                name: start,
                nameCount: middle - start,
                value: middle,
                valueCount: bytes.count - middle,
                isSecret: isSecret
            )
        )
    }

    /// Lends the fields in the library's form; the library copies what it keeps.
    func withFields<R>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> R) -> R {
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return body(nil, 0) }
            return withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: spans.count) { nv in
                for (index, span) in spans.enumerated() {
                    let flag = span.isSecret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE
                    nv.initializeElement(
                        at: index,
                        to: nghttp2_nv(
                            name: UnsafeMutablePointer(mutating: base + span.name),
                            value: UnsafeMutablePointer(mutating: base + span.value),
                            namelen: span.nameCount,
                            valuelen: span.valueCount,
                            flags: UInt8(truncatingIfNeeded: flag.rawValue)
                        )
                    )
                }
                return body(UnsafePointer(nv.baseAddress), spans.count)
            }
        }
    }
}
