import Nacha
import NachaJSON

/// Documents of files, written in every way.
enum Documents {
    /// The document that is written while a file is read in chunks of a size.
    static func streamed(
        _ bytes: [UInt8],
        isMasked: Bool = false,
        chunk: Int = 4_096
    ) -> (json: [UInt8], refusal: DocumentWriter.Refusal?, report: FileReport) {
        let writer = DocumentWriter(isMasked: isMasked)
        var json: [UInt8] = []
        var reader = FileReader(profile: .lenient) { writer.add($0, $1) }
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            reader.read(Array(bytes[start..<min(start + chunk, bytes.count)]))
            writer.drain(above: chunk) { json += $0 }
        }
        let report = reader.finish()
        writer.finish(report)
        writer.drain(above: 0) { json += $0 }
        return (json, writer.refusal, report)
    }

    /// A sample of every class, and of every answer to it.
    static var samples: [SampleOptions] {
        StandardEntryClass.allCases.filter { $0 != .cor }.flatMap { entryClass in
            ([nil] + SampleOptions.answers(to: entryClass)).map {
                SampleOptions(entryClass, answer: $0, batchCount: 2, entriesPerBatch: 5)
            }
        }
    }

    /// A small file of PPD entries as text.
    static func sample(_ entryClass: StandardEntryClass = .ppd, seed: UInt64 = 1) throws -> String {
        let options = SampleOptions(entryClass, batchCount: 2, entriesPerBatch: 3, addenda: .all)
        return String(decoding: try SampleFile.make(options, seed: seed).bytes, as: UTF8.self)
    }

    /// The faults of a document; none where it is read.
    static func faults(_ json: String) -> [DocumentFault] {
        do throws(DocumentFaults) {
            _ = try NachaFile(json: Array(json.utf8))
            return []
        } catch {
            return error.faults
        }
    }
}

extension String {
    /// The text with the first occurrence of a part replaced, which must be there.
    func changing(_ part: String, to other: String) -> String {
        guard let range = firstRange(of: part) else { preconditionFailure("No \(part) is there.") }
        return replacingCharacters(in: range, with: other)
    }

    private func firstRange(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }

    private func replacingCharacters(in range: Range<Index>, with other: String) -> String {
        self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
