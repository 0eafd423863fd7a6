internal import BatchRules
internal import JSON
internal import Storage

/// A cash drawer, as it was imported.
struct DrawerRow: Sendable, Equatable {
    var id: Int64
    var name: String
    var campusID: Int64
    var warningAmount: Int64?
    var restrictAmount: Int64?

    var room: DrawerRoom {
        DrawerRoom(warningAmount: warningAmount, restrictAmount: restrictAmount)
    }
}

/// As audit events tell it.
extension DrawerRow: Encodable {
    private enum CodingKeys: String, CodingKey {
        case id = "cash_drawer_id"
        case name
        case campusID = "campus_id"
        case warningAmount = "warning_amount_minor_units"
        case restrictAmount = "restrict_amount_minor_units"
    }
}

extension DrawerRow {
    private static let columns = "id, name, campus_id, warning_amount, restrict_amount"

    private init(_ row: Statement) {
        id = row.int64(0)
        name = row.string(1)
        campusID = row.int64(2)
        warningAmount = row.optionalInteger(3)
        restrictAmount = row.optionalInteger(4)
    }

    static func load(_ id: Int64, in transaction: ReadTransaction) throws -> DrawerRow? {
        try transaction.first(
            "SELECT \(columns) FROM cash_drawer WHERE id = ?1",
            [.integer(id)]
        ) { DrawerRow($0) }
    }

    /// Every drawer, by number.
    static func all(in transaction: ReadTransaction) throws -> [DrawerRow] {
        var drawers: [DrawerRow] = []
        try transaction.rows("SELECT \(columns) FROM cash_drawer ORDER BY id") {
            drawers.append(DrawerRow($0))
        }
        return drawers
    }

    /// Creates or replaces the drawer.
    func save(in transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO cash_drawer(id, name, campus_id, warning_amount, restrict_amount)
            VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(id) DO UPDATE SET name = excluded.name, campus_id = excluded.campus_id,
                warning_amount = excluded.warning_amount, restrict_amount = excluded.restrict_amount
            """,
            [
                .integer(id), .text(name), .integer(campusID),
                warningAmount.map(SQLValue.integer) ?? .null,
                restrictAmount.map(SQLValue.integer) ?? .null,
            ]
        )
    }

    func append(to text: inout JSONWriter, openSession: DrawerSessionRow?) {
        text.object { text in
            text.member("cash_drawer_id", id)
            text.member("name", name)
            text.member("campus_id", campusID)
            text.member("warning_amount", amount: warningAmount)
            text.member("restrict_amount", amount: restrictAmount)
            if let openSession {
                text.key("open_session")
                openSession.append(to: &text)
            } else {
                text.member("open_session", Int64?.none)
            }
        }
    }
}
