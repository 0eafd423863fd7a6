package import Protocol

/// How far a task has come, drawn on one line of a terminal.
package struct ProgressBar: Sendable {
    static let width = 30

    private let isShown: Bool
    private var isDrawn = false

    package init(isShown: Bool) { self.isShown = isShown }

    package mutating func show(_ label: String, _ progress: TaskProgress) {
        guard isShown else { return }
        Console.draw(Self.line(label, progress))
        isDrawn = true
    }

    /// Takes the bar away, so that the result stands alone.
    package mutating func end() {
        guard isDrawn else { return }
        Console.draw("")
        isDrawn = false
    }

    static func line(_ label: String, _ progress: TaskProgress) -> String {
        let total = max(progress.total, 0)
        let done = min(max(progress.done, 0), total)
        let filled = total == 0 ? 0 : width * done / total
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        var text = "\(label) \(bar) \(grouped(done))/\(grouped(total))"
        if progress.failed > 0 { text += ", \(grouped(progress.failed)) failed" }
        if progress.attempt > 1 { text += " (attempt \(progress.attempt))" }
        return text
    }

    /// `1234567` as `1,234,567`.
    package static func grouped(_ number: Int) -> String {
        var out = ""
        let digits = String(number.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { out.append(",") }
            out.append(digit)
        }
        return number < 0 ? "-" + out : out
    }
}
