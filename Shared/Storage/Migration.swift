/// One step of a schema: applied once, in order of its number, and never changed afterwards.
///
/// Shape: `sql` holds one or more statements, common to all engines; each step is applied in a
/// transaction of its own. The text's checksum is kept with it, so that a store whose history
/// differs is refused instead of being written to.
package struct Migration: Sendable, Hashable {
    package let number: Int
    package let name: String
    package let sql: String

    package init(_ number: Int, _ name: String, _ sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// Guards against a change by mistake, not against an attacker.
    var checksum: String { hexadecimal(Fingerprint.of(sql.utf8)) }
}

/// A step as the store's own table remembers it.
struct AppliedMigration: Equatable {
    let number: Int
    let name: String
    let checksum: String
}

extension Migration {
    /// The steps still to apply, or the reason why this program may not use the store.
    static func pending(
        of known: [Migration],
        after applied: [AppliedMigration]
    ) throws(StoreError) -> [Migration] {
        for (one, next) in zip(known, known.dropFirst()) where one.number >= next.number {
            throw .misuse("migration \(next.number) stands after \(one.number)")
        }
        for (position, step) in applied.enumerated() {
            guard let migration = known.first(where: { $0.number == step.number }) else {
                throw .schema(
                    "the store has migration \(step.number) (\(step.name)), which this program "
                        + "does not know: run the newer program"
                )
            }
            guard migration.checksum == step.checksum else {
                throw .schema(
                    "migration \(step.number) (\(migration.name)) was applied with another text: "
                        + "run the program that made this store"
                )
            }
            guard known[position].number == step.number else {
                throw .schema(
                    "migration \(known[position].number) (\(known[position].name)) is new, but "
                        + "\(step.number) was applied without it: give it a later number"
                )
            }
        }
        return Array(known.dropFirst(applied.count))
    }
}
