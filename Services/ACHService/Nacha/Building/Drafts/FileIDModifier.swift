/// Which of a day's files this is: A to Z are the first to the 26th, 0 to 9 the 27th to the 36th.
///
/// It begins again at A when the date changes; there is no 37th (contract S3-17; design 3.7).
package struct FileIDModifier: Hashable, Comparable, Sendable, CaseIterable {
    /// From 0, the day's first, to 35.
    package let index: Int

    /// The day's first file, A.
    package static let first = FileIDModifier(unchecked: 0)

    package static let allCases = (0..<count).map { FileIDModifier(unchecked: $0) }

    /// How many files of a day can be told apart.
    package static let count = 36

    /// The modifier of a day's file, counted from 0; nil from 36 on.
    package init?(index: Int) {
        guard (0..<Self.count).contains(index) else { return nil }
        self.index = index
    }

    /// The modifier written as A to Z or 0 to 9; nil for anything else, small letters included.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 1, let byte = text.utf8.first else { return nil }
        if Character.isUpperCaseLetter(byte) {
            index = Int(byte - UInt8(ascii: "A"))
        } else if Character.isDigit(byte) {
            index = 26 + Int(byte - Character.zero)
        } else {
            return nil
        }
    }

    private init(unchecked index: Int) { self.index = index }

    /// The one character.
    package var text: String {
        let byte =
            index < 26
            ? UInt8(ascii: "A") + UInt8(index) : Character.zero + UInt8(index - 26)
        return String(decoding: [byte], as: UTF8.self)
    }

    /// The modifier of the day's next file; nil behind 9, the last.
    package var next: FileIDModifier? { FileIDModifier(index: index + 1) }

    package static func < (left: FileIDModifier, right: FileIDModifier) -> Bool {
        left.index < right.index
    }
}
