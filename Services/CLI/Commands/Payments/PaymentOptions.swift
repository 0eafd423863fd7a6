internal import ArgumentParser
internal import Dates
internal import JSON
internal import Money
internal import Protocol

/// What every change of payments takes.
struct WriteOptions: ParsableArguments {
    @Option(help: "The Idempotency-Key; a random one if not given.")
    var idempotencyKey: String?

    func validate() throws {
        guard let key = idempotencyKey else { return }
        let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isVisible, (1...255).contains(key.utf8.count) else {
            throw ValidationError(
                "--idempotency-key: give 1 to 255 visible ASCII characters without spaces."
            )
        }
    }
}

/// Where a list begins and ends.
struct PageOptions: ParsableArguments {
    @Option(help: "Rows on a page, 1 to 1000.")
    var pageSize: Int?

    @Option(help: "Go on where an earlier page ended: the continuation key that it printed.")
    var continuation: String?

    @Flag(help: "Follow the pages to the end.")
    var all = false

    func validate() throws {
        if let pageSize, !(1...1_000).contains(pageSize) {
            throw ValidationError("--page-size \(pageSize): give 1 to 1000.")
        }
    }
}

/// An amount as a person types it: at most two decimals.
struct AmountArgument: ExpressibleByArgument, Sendable, Hashable {
    let amount: Amount

    init(_ amount: Amount) { self.amount = amount }

    init?(argument: String) {
        do {
            amount = try Amount(argument.replacing(",", with: ""))
        } catch {
            return nil
        }
    }

    var node: JSONNode { .number(amount.jsonNumber) }
}

/// A date as a person types it, `YYYY-MM-DD`.
struct DayArgument: ExpressibleByArgument, Sendable, Hashable {
    let text: String

    init?(argument: String) {
        guard CalendarDay(text: argument) != nil else { return nil }
        text = argument
    }

    var node: JSONNode { .string(text) }
}

/// `C`, `E`, `H`, `I`, `R`, `O`, or the word for it.
struct PaymentTypeArgument: ExpressibleByArgument, Sendable, Hashable {
    let type: PaymentType

    init?(argument: String) {
        let word = argument.lowercased()
        let found = PaymentType.allCases.first {
            word == $0.rawValue.lowercased() || word == $0.name.lowercased()
        }
        guard let found else { return nil }
        type = found
    }
}
