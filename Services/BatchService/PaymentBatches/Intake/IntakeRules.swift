internal import Identity
internal import Money
internal import Protocol

extension BatchRow {
    /// Fills in what the batch lacks.
    ///
    /// Throws `ruleBroken` where it has other values: one batch belongs to one department and one
    /// deposit.
    mutating func fill(department given: String?, depositNumber number: String?) throws {
        var faults: [RPCError.Detail] = []
        if let given, ByteText(given) != ByteText(department) {
            if department.isEmpty {
                department = given
            } else {
                faults.append(
                    RPCError.Detail(
                        field: "/department",
                        code: "differs_from_batch",
                        message: "The open batch \(id) is of department \(department): leave "
                            + "department out, or close the batch first."
                    )
                )
            }
        }
        if let number, ByteText(number) != depositNumber.map({ ByteText($0) }) {
            if let depositNumber {
                faults.append(
                    RPCError.Detail(
                        field: "/deposit_number",
                        code: "differs_from_batch",
                        message: "Batch \(id) has deposit number \(depositNumber): leave "
                            + "deposit_number out, or close the batch first."
                    )
                )
            } else {
                depositNumber = number
            }
        }
        guard faults.isEmpty else { throw RPCError.ruleBroken(faults) }
    }
}

/// Whether an account takes payments (contract 1b, "Inquiry Notes").
enum AccountRules {
    /// The account's warnings; its id becomes the canonical one.
    ///
    /// Throws `ruleBroken` where there is no such account, where it is inactive, or where an alert code
    /// blocks it.
    static func judge(
        _ accountID: inout String,
        _ check: AccountCheck
    ) throws(RPCError) -> [RPCError.Detail] {
        guard let canonical = check.accountID else {
            throw refusal(
                "unknown_account",
                "There is no account \(accountID). Check the number, or import the account."
            )
        }
        accountID = canonical
        if check.inactive {
            throw refusal("inactive_account", "Account \(canonical) is inactive.")
        }
        if let alert = check.alertCode {
            throw refusal(
                "alert_code",
                "Account \(canonical) has alert code \(alert), which blocks payments."
            )
        }
        guard let warning = check.warningCode else { return [] }
        return [
            RPCError.Detail(
                field: "/account_id",
                code: "warning_code",
                message: "Account \(canonical) has warning code \(warning)."
            )
        ]
    }

    /// Refuses a payment that would lead the account's balance beyond what can be booked: the ledger is
    /// told of it after it was accepted, and must be able to book it.
    static func requireRoom(for amount: Int64, _ check: AccountCheck) throws(RPCError) {
        guard check.balanceMinorUnits.subtractingReportingOverflow(amount).overflow else { return }
        throw RPCError.ruleBroken([
            RPCError.Detail(
                field: "/amount",
                code: "out_of_range",
                message:
                    "\(Amount(minorUnits: amount).fixedDecimal) would lead the balance of account "
                    + "\(check.accountID ?? "") beyond what can be booked."
            )
        ])
    }

    private static func refusal(_ code: String, _ message: String) -> RPCError {
        RPCError.ruleBroken([RPCError.Detail(field: "/account_id", code: code, message: message)])
    }
}
