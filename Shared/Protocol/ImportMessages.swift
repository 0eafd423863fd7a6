/// The forms in which reference data comes.
package enum ImportFormat: String, Sendable, Codable {
    /// RFC 4180 with a header line.
    case csv
    /// An array of flat objects.
    case json
}

/// The parameters of an import of reference data.
package struct ImportRequest: Decodable, Sendable {
    package var format: ImportFormat
}

/// The parameters of an import of roles and staff users, which grants something.
package struct StaffImportRequest: ClosedRequest, Sendable {
    package var format: ImportFormat

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case format
    }

    package static var memberNames: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
}

/// The parameters of `posting.reference.import`.
package struct ReferenceImportRequest: Decodable, Sendable {
    /// What the file holds, for example `students`.
    package var kind: String
    package var format: ImportFormat
}

/// How an import ended.
package struct ImportResult: Sendable, Equatable, Codable {
    /// Rows of the file.
    package var imported: Int
    package var created: Int
    /// Rows that differed from what was held.
    package var changed: Int

    package init(imported: Int, created: Int, changed: Int) {
        self.imported = imported
        self.created = created
        self.changed = changed
    }
}
