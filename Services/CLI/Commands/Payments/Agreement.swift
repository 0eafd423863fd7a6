internal import ArgumentParser
internal import Foundation
internal import Money

/// How a person agrees to a change of many payments: by their count and total.
struct Agreement: ParsableArguments {
    @Flag(help: "Agree to the count and total that are found, without a question.")
    var yes = false

    @Option(help: "Agree to this count; with --total, instead of the question.")
    var count: Int?

    @Option(help: "Agree to this total.")
    var total: AmountArgument?

    func validate() throws {
        guard (count == nil) == (total == nil) else {
            throw ValidationError("--count and --total stand together.")
        }
        guard !yes || count == nil else {
            throw ValidationError("--yes stands alone, without --count and --total.")
        }
    }

    /// Returns where the person agrees that `action`, for example `Post`, is done to what was found.
    ///
    /// Anything else ends the command: as refused, or as wrong usage where nobody can be asked.
    func confirm(_ action: String, _ found: Extent) throws {
        if yes { return }
        if let count, let total {
            guard Extent(count: count, total: total.amount) == found else {
                throw CommandFailure.refused(
                    "\(action) means \(found), not \(Extent(count: count, total: total.amount)): "
                        + "nothing was changed."
                )
            }
            return
        }
        guard isatty(STDIN_FILENO) == 1 else {
            throw ValidationError(
                "\(action) \(found)? Add --yes, or --count \(found.count) --total \(found.amount)."
            )
        }
        Console.draw("\(action) \(found)? Type the count and the total, \(found.typed): ")
        guard Extent(typed: readLine() ?? "") == found else {
            throw CommandFailure.refused("Not confirmed: nothing was changed.")
        }
    }
}

/// How many payments, and what they come to.
struct Extent: Sendable, Hashable, CustomStringConvertible {
    let count: Int
    let total: Amount

    init(count: Int, total: Amount) {
        self.count = count
        self.total = total
    }

    /// What a person typed: the count and the total with a space between; nil where it is not that.
    init?(typed: String) {
        let words = typed.split(separator: " ")
        guard words.count == 2, let count = Int(words[0].replacing(",", with: "")),
            let total = AmountArgument(argument: String(words[1]))
        else { return nil }
        self.init(count: count, total: total.amount)
    }

    var amount: String { total.fixedDecimal }
    var typed: String { "`\(count) \(amount)`" }
    var description: String { "\(count) payment\(count == 1 ? "" : "s") of \(amount)" }
}
