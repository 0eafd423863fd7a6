internal import ArgumentParser
internal import JSON
internal import Protocol

/// Puts another `posting_type` into a posting set and leaves every other byte as it was.
///
/// The document is not encoded anew: amounts keep their digits, fields their order.
package enum PostingType: String, Sendable, CaseIterable {
    case trial = "TRIAL"
    case commit = "COMMIT"

    /// The set with this posting type.
    package func put(into document: [UInt8]) throws(CommandFailure) -> [UInt8] {
        let range = try Self.place(in: document)
        return document[..<range.lowerBound] + Array("\"\(rawValue)\"".utf8)
            + document[range.upperBound...]
    }

    private static func place(in document: [UInt8]) throws(CommandFailure) -> Range<Int> {
        var places: [Range<Int>] = []
        do {
            try document.withUnsafeBytes { buffer in
                var scanner = JSONScanner(buffer)
                try scanner.object { (key, scanner) throws(JSONScanner.Fault) in
                    let range = try scanner.skipValue()
                    if key == "posting_type" { places.append(range) }
                }
            }
        } catch {
            throw .refused("The file is not a JSON object: \(words(error)).")
        }
        guard let place = places.first, places.count == 1 else {
            throw .refused(
                places.isEmpty
                    ? "The document has no posting_type to replace: add \"posting_type\": \"TRIAL\"."
                    : "The document holds posting_type \(places.count) times: leave one."
            )
        }
        return place
    }

    private static func words(_ error: any Error) -> String {
        guard let fault = error as? JSONScanner.Fault else { return "\(error)" }
        return "\(fault.reason.rawValue) at byte \(fault.offset + 1)"
    }
}
