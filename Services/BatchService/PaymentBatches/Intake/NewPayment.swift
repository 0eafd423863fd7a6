internal import Dates
internal import Money
internal import Protocol

/// The body of `batch.payments.add`, read and judged by itself.
struct NewPayment: Sendable {
    static let maximumUsernameBytes = 64
    static let maximumDepartmentBytes = 64
    static let maximumNumberBytes = 64
    static let maximumAccountBytes = 64

    var username: String
    /// Days since 1970.
    var date: Int64
    var accountID: String
    var amount: Int64
    var paymentType: PaymentType
    var checkNumber: String?
    var description: String
    /// Nil where the request names none.
    var department: String?
    var depositNumber: String?

    /// Reads the body; every fault is thrown at once.
    init(_ body: [UInt8], today: () -> CalendarDay) throws(RPCError) {
        var fields = try FieldReader.reading(body)
        let username = fields.string(
            "username",
            required: true,
            maximumBytes: Self.maximumUsernameBytes
        )
        let date = fields.day("date")
        let account = fields.string(
            "account_id",
            required: true,
            maximumBytes: Self.maximumAccountBytes
        )
        let amount = fields.amount("amount", required: true)
        if let amount, amount <= .zero {
            fields.fail("amount", "out_of_range", "amount is above zero; a payment is reversed.")
        }
        let type = fields.word("payment_type", required: true, as: PaymentType.self)
        checkNumber = fields.string("check_number", maximumBytes: Self.maximumNumberBytes)
        description = fields.string("description") ?? ""
        department = fields.string("department", maximumBytes: Self.maximumDepartmentBytes)
        depositNumber = fields.string("deposit_number", maximumBytes: Self.maximumNumberBytes)
        // A blank beside a name would make a batch of its own that looks like the other (contract S0-2).
        for (name, text) in [
            ("username", username), ("department", department), ("deposit_number", depositNumber),
        ] where text?.first?.isWhitespace == true || text?.last?.isWhitespace == true {
            fields.fail(name, "malformed", "\(name) has no blanks at its ends.")
        }
        try fields.finish()
        guard let username, let account, let amount, let type else {
            preconditionFailure("a required member is absent without a fault")
        }
        self.username = username
        self.date = Int64((date ?? today()).daysSince1970)
        accountID = account
        self.amount = amount.minorUnits
        paymentType = type
    }
}
