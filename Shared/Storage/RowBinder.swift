/// Binds the values of a row of `WriteTransaction.append` from left to right.
package struct RowBinder {
    private let statement: Statement
    private var index: Int32 = 1

    init(_ statement: Statement) { self.statement = statement }

    /// Values bound so far, over all rows of the statement.
    var count: Int { Int(index - 1) }

    package mutating func bind(_ value: Int64) {
        statement.bind(index, value)
        index += 1
    }

    package mutating func bind(_ value: String) {
        statement.bind(index, value)
        index += 1
    }

    /// Binds UTF-8 text without a copy: the bytes must stay until `append` returns.
    package mutating func bind(text: UnsafeRawBufferPointer) {
        statement.bind(index, text: text)
        index += 1
    }

    /// Binds bytes without a copy: they must stay until `append` returns.
    package mutating func bind(blob: UnsafeRawBufferPointer) {
        statement.bind(index, blob: blob)
        index += 1
    }

    package mutating func bindNull() {
        statement.bindNull(index)
        index += 1
    }

    package mutating func bind(_ value: SQLValue) {
        statement.bind(index, value)
        index += 1
    }
}
