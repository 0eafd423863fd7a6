@testable import Nacha
import Testing

/// A change of one field of one record.
enum FieldMutation: String, Sendable, CaseIterable {
    /// A character that the field may not hold: a letter among digits, a control among text.
    case badCharacter
    /// Its last character is another one: 2 for 1, and 1 for everything else.
    case otherCharacter
    case blanks
    case zeros

    func callAsFunction(_ text: inout NachaText, _ line: Int, _ field: Field) {
        switch self {
        case .badCharacter:
            if field.content == .text {
                text.write("\u{07}", line, at: field.to)
            } else {
                text.write("X", line, at: field.to)
            }
        case .otherCharacter:
            let isOne = text.text(line, field.to, field.to) == "1"
            text.write(isOne ? "2" : "1", line, at: field.to)
        case .blanks: text.fill(" ", line, field.from, field.to)
        case .zeros: text.fill("0", line, field.from, field.to)
        }
    }
}

/// A sample whose fields are changed one by one: two batches with two entries each.
struct MutatedSample: Sendable, CustomTestStringConvertible {
    let options: SampleOptions

    init(_ entryClass: StandardEntryClass, _ answer: SampleOptions.Answer? = nil) {
        options = SampleOptions(
            entryClass,
            answer: answer,
            batchCount: 2,
            entriesPerBatch: 2,
            addenda: .all
        )
    }

    var testDescription: String { options.name }

    /// Every class, every answer, and the returns of the forms that differ.
    static let all =
        StandardEntryClass.allCases.map { MutatedSample($0) }
        + SampleOptions.answers(to: .ppd).map { MutatedSample(.ppd, $0) }
        + [MutatedSample(.ctx, .returned), MutatedSample(.iat, .returned)]

    /// One changed file and what the reader says of it.
    struct Outcome {
        let kind: RecordKind
        let line: Int
        let field: Field
        let mutation: FieldMutation
        let report: FileReport

        /// `3 entry account_number zeros: entryAccount error 3:13-29`.
        var text: String {
            "\(line) \(kind.rawValue) \(field.name) \(mutation): "
                + report.places.joined(separator: ", ")
        }

        /// Whether the one error lies in the field, or at the total that it goes into.
        var isAtField: Bool {
            guard let error = report.errors.first else { return false }
            return error.line == line && error.from <= field.to && error.to >= field.from
        }
    }

    /// Changes every field of the first record of each kind in every way, and those of the last one
    /// where its place matters: all but addenda.
    func outcomes(_ body: (Outcome) -> Void) throws {
        let text = try NachaText(options)
        var lines: [RecordKind: (first: Int, last: Int)] = [:]
        for (index, kind) in text.kinds().enumerated() {
            lines[kind] = (lines[kind]?.first ?? index + 1, index + 1)
        }
        for (kind, (first, last)) in lines {
            for line in Set([first, kind.isAddenda ? first : last]) {
                for field in kind.layout?.fields ?? [] {
                    for mutation in FieldMutation.allCases {
                        var changed = text
                        mutation(&changed, line, field)
                        if changed == text { continue }
                        body(
                            Outcome(
                                kind: kind,
                                line: line,
                                field: field,
                                mutation: mutation,
                                report: changed.report()
                            )
                        )
                    }
                }
            }
        }
    }
}
