internal import ArgumentParser
internal import Identity
internal import Protocol

/// `bursar import` of who works with payments, and of the drawers that they work at.
extension ImportCommand {
    struct Drawers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace cash drawers.",
            discussion: "Columns: cash_drawer_id,name,campus_id,warning_amount,restrict_amount."
        )

        @OptionGroup var file: ImportFile

        func run() async throws {
            try await file.upload(to: PaymentMethods.importDrawers, of: .batch)
        }
    }

    struct Roles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace the roles of staff users.",
            discussion: """
                Columns: role,release_batch_status,batch_posting_level,deposit_number_policy,\
                overrides_gl_periods,acts_for_others,tasks (with | between them).
                """
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.upload(to: AuthMethods.importRoles, of: .auth) }
    }

    struct Users: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace staff users.",
            discussion: "Columns: user_id,username,account,role,department,cashier,active."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.upload(to: AuthMethods.importUsers, of: .auth) }
    }
}
