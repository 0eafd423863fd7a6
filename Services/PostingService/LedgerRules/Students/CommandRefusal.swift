/// Why a command is refused although its request was in order when it was read.
package struct CommandRefusal: Error {
    package var faults: [CommandFault]

    package init(faults: [CommandFault]) { self.faults = faults }

    /// A balance or an award would leave what can be held.
    package static let beyondBooking = CommandRefusal(faults: [
        CommandFault(
            "transactionAmount",
            "out_of_range",
            "TransactionAmount leads beyond what can be booked."
        )
    ])
}
