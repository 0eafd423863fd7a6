import Testing

@testable import Bookkeeping

/// What blocks, chains and GL tables say must follow from the entries, those of payments included.
enum PaymentSums {
    static func check(_ test: TestLedger) async throws {
        let entries = try await test.integer("SELECT COUNT(*) FROM entry")
        #expect(try await test.integer("SELECT MAX(id) FROM entry") == entries)
        #expect(
            try await test.integer(
                """
                SELECT COUNT(*) FROM entry e LEFT JOIN payment_entry p ON p.entry_id = e.id
                WHERE (e.set_id = 0) <> (p.entry_id IS NOT NULL) OR p.amount <> e.amount
                """
            ) == 0
        )
        #expect(
            try await test.integer(
                """
                SELECT COUNT(*) FROM (SELECT journal_id FROM gl_line GROUP BY journal_id
                HAVING SUM(debit) <> SUM(credit))
                """
            ) == 0
        )
        // The control account stands where the entries stand that were fed.
        #expect(
            try await test.integer(
                """
                SELECT COALESCE(SUM(l.debit - l.credit), 0) FROM gl_line l
                JOIN gl_account g ON g.id = l.gl WHERE g.gl_account = '1200'
                """
            ) == Self.owed(test, "COALESCE(s.journal_id, p.journal_id) IS NOT NULL")
        )
        for (number, account) in ["99999", "73491", "33970N", "11111"].enumerated() {
            #expect(try await test.balance(account) == Self.owed(test, "e.account = \(number)"))
            let lines = try await test.card(account)
            let held = try await test.integer(
                "SELECT COUNT(*) FROM entry WHERE account = \(number)"
            )
            #expect(lines.count == Int(min(held, 1_000)))
        }
        #expect(
            try await test.integer(
                """
                SELECT COUNT(*) FROM payment_entry p LEFT JOIN fed_batch f USING (batch_id)
                WHERE p.kind <> 'charge' AND p.journal_id IS NOT NULL AND f.batch_id IS NULL
                """
            ) == 0
        )
    }

    /// What entries come to that a condition picks: charges less payments.
    private static func owed(_ test: TestLedger, _ condition: String) async throws -> Int64 {
        try await test.integer(
            """
            SELECT COALESCE(SUM(CASE c.type WHEN 'charge' THEN e.amount ELSE -e.amount END), 0)
            FROM entry e LEFT JOIN detail_code c ON c.id = e.code
            LEFT JOIN posting s ON s.set_id = e.set_id
            LEFT JOIN payment_entry p ON p.entry_id = e.id WHERE \(condition)
            """
        )
    }
}
