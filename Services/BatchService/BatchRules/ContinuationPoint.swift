/// Where the next page of a history begins: everything needed to stay in the same found set.
///
/// The found set is the sets that had finished when the first page was made: those whose last attempt
/// is not newer than `newestAttempt`. Finished sets never change, so no page misses or repeats one,
/// whatever is posted meanwhile (fault T-09).
package struct ContinuationPoint: Sendable, Equatable {
    package var newestAttempt: Int64
    /// The next page starts below this set's number.
    package var below: Int64
    /// How many sets qualify in all.
    package var count: Int64
    package var pageSize: Int
    /// The filters as they were given.
    package var parameters: [String: [String]]

    package init(
        newestAttempt: Int64,
        below: Int64,
        count: Int64,
        pageSize: Int,
        parameters: [String: [String]]
    ) {
        self.newestAttempt = newestAttempt
        self.below = below
        self.count = count
        self.pageSize = pageSize
        self.parameters = parameters
    }
}

extension ContinuationPoint {
    private static let version: UInt8 = 2

    /// The point as bytes: fixed numbers, then names and values with their lengths.
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = [Self.version]
        for number in [newestAttempt, below, count, Int64(pageSize)] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        for (name, values) in parameters.sorted(by: { $0.key < $1.key }) {
            for value in values {
                for text in [name, value] {
                    let utf8 = Array(text.utf8.prefix(Int(UInt16.max)))
                    bytes.append(UInt8(utf8.count >> 8))
                    bytes.append(UInt8(utf8.count & 0xFF))
                    bytes.append(contentsOf: utf8)
                }
            }
        }
        return bytes
    }

    /// Reads what `encoded()` wrote; nil for anything else.
    package init?(encoded bytes: [UInt8]) {
        guard bytes.count >= 33, bytes[0] == Self.version else { return nil }
        func number(_ index: Int) -> Int64 {
            let start = 1 + index * 8
            return bytes[start..<start + 8].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        newestAttempt = number(0)
        below = number(1)
        count = number(2)
        guard let size = Int(exactly: number(3)) else { return nil }
        pageSize = size
        parameters = [:]
        var rest = bytes[33...]
        while !rest.isEmpty {
            guard let name = Self.takeText(&rest), let value = Self.takeText(&rest) else {
                return nil
            }
            parameters[name, default: []].append(value)
        }
    }

    private static func takeText(_ bytes: inout ArraySlice<UInt8>) -> String? {
        guard bytes.count >= 2 else { return nil }
        let count = Int(bytes[bytes.startIndex]) << 8 | Int(bytes[bytes.startIndex + 1])
        bytes = bytes.dropFirst(2)
        guard bytes.count >= count else { return nil }
        let text = String(validating: bytes.prefix(count), as: UTF8.self)
        bytes = bytes.dropFirst(count)
        return text
    }
}
