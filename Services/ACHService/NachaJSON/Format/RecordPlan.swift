internal import JSON
internal import Nacha

/// A record's layout, prepared for writing and reading its JSON form quickly.
final class RecordPlan: Sendable {
    /// A field that the JSON form has: plain numbers, which are copied for nothing.
    struct Member: Sendable, BitwiseCopyable {
        /// Bytes before the field in its record.
        let offset: Int
        let length: Int
        let isNumber: Bool
        /// Whether it is a string of as many digits as the field is long.
        let isDigits: Bool
        /// Where `,"name":` and the quote of a string stand in `prefixes`.
        let prefix: Int
        let prefixCount: Int
    }

    /// A field that is masked unless somebody asks to see it.
    struct Private: Sendable {
        let range: Range<Int>
        let privacy: Field.Privacy
    }

    let kind: RecordKind
    let members: [Member]
    /// The fields of the members.
    let fields: [Field]
    /// What stands before each value, each padded to a multiple of sixteen bytes.
    let prefixes: [UInt8]
    /// The members before the fields that say what kind of record it is.
    let head: [UInt8]
    /// The 94 bytes of a record of which no field is known: constants and blanks.
    let template: Record
    /// Where somebody's accounts and names stand.
    let privates: [Private]
    let pattern: CharacterPattern

    private init(_ layout: RecordLayout) {
        var members: [Member] = []
        var prefixes: [UInt8] = []
        var template = [UInt8](repeating: UInt8(ascii: " "), count: RecordView.length)
        for field in layout.fields {
            if case .constant(let text) = field.content {
                template.replaceSubrange((field.from - 1)..<field.to, with: text.utf8)
            }
            if field.form == .none { continue }
            let isNumber = field.form == .number
            var prefix = [UInt8(ascii: ",")]
            JSONText.append(field.name, to: &prefix)
            prefix.append(contentsOf: (isNumber ? ":" : ":\"").utf8)
            members.append(
                Member(
                    offset: field.from - 1,
                    length: field.length,
                    isNumber: isNumber,
                    isDigits: !isNumber && field.content == .digits,
                    prefix: prefixes.count,
                    prefixCount: prefix.count
                )
            )
            prefixes += prefix
            prefixes += [UInt8](repeating: 0, count: (16 - prefixes.count % 16) % 16)
        }
        kind = layout.kind
        self.members = members
        self.prefixes = prefixes
        self.template = Record(template)
        fields = layout.fields.filter { $0.form != .none }
        head = Self.head(layout.kind)
        privates = layout.fields.filter { $0.privacy != .open }.map {
            Private(range: ($0.from - 1)..<$0.to, privacy: $0.privacy)
        }
        pattern = CharacterPattern(layout)
    }

    /// `kind` where the place does not tell, and the type of addenda.
    private static func head(_ kind: RecordKind) -> [UInt8] {
        let type = kind.addendaType
        let isImplied = type.map { kind.rawValue == "addenda_" + $0 } ?? impliedKinds.contains(kind)
        let members = JSONWriter.object { json in
            json.optional("type", type)
            if !isImplied { json.member("kind", kind.rawValue) }
        }
        return members.count == 2 ? [] : [UInt8(ascii: ",")] + members.dropFirst().dropLast()
    }

    private static let impliedKinds: Set<RecordKind> = [
        .fileHeader, .batchHeader, .entry, .batchControl, .fileControl,
    ]

    private static let all: [RecordKind: RecordPlan] = Dictionary(
        uniqueKeysWithValues: RecordKind.allCases.compactMap { kind in
            kind.layout.map { (kind, RecordPlan($0)) }
        }
    )

    /// The plan of a kind that is a record; every caller names one.
    static func of(_ kind: RecordKind) -> RecordPlan {
        guard let plan = all[kind] else { preconditionFailure("\(kind) is no record.") }
        return plan
    }

    /// The place of a field among the members; nil where the kind has no such field.
    func index(_ name: String) -> Int? { fields.firstIndex { $0.name == name } }
}

extension RecordKind {
    /// The two digits that name the type of addenda; nil for other records.
    var addendaType: String? {
        isAddenda ? String(rawValue.dropFirst("addenda_".count).prefix(2)) : nil
    }
}
