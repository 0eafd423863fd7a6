import Identity
import Protocol
package import Storage

/// GL accounts that an import names and that the ledger makes.
///
/// Inside one write closure: `number` as often as needed, and `apply` as the very last step, after
/// which nothing may fail. Writer-confined.
package struct NewGLAccounts {
    private let books: Books
    private var names: [String] = []
    private var numbers: [ByteText: Int] = [:]

    package init(_ books: Books) { self.books = books }

    /// The number of a GL account, which is made where it is new.
    ///
    /// - Throws: `StoreError`, and `RPCError` where the ledger holds as many as it can.
    @discardableResult
    package mutating func number(
        of name: String,
        in transaction: WriteTransaction
    ) throws -> Int {
        if let known = books.glNumbers[name] ?? numbers[name] { return known }
        let number = books.glBalances.count + names.count
        guard number < GLLine.maximumGLAccounts else {
            throw RPCError(
                .resourceExhausted,
                reason: "too_many_gl_accounts",
                message: "The ledger holds at most \(GLLine.maximumGLAccounts) GL accounts."
            )
        }
        try transaction.execute(
            "INSERT INTO gl_account (id, gl_account) VALUES (?1, ?2)",
            [.integer(Int64(number)), .text(name)]
        )
        names.append(name)
        numbers[name] = number
        return number
    }

    /// Brings memory to where the store is; nothing here can fail.
    package func apply() { for name in names { books.addGLAccount(name) } }
}
