import Foundation

/// One line of a benchmark's output: a figure beside the peer or limit of the same run.
///
/// Times are in milliseconds, memory in megabytes, rates per second; `ratio` is value over reference.
struct Figure: Codable {
    var name: String
    var value: Double
    var unit: String
    var reference: String
    var referenceValue: Double
    var ratio: Double

    init(_ name: String, _ value: Double, _ unit: String, of reference: String, _ peer: Double) {
        self.name = name
        self.value = Figure.rounded(value)
        self.unit = unit
        self.reference = reference
        self.referenceValue = Figure.rounded(peer)
        self.ratio = peer == 0 ? 0 : Figure.rounded(value / peer)
    }

    private enum CodingKeys: String, CodingKey {
        case name, value, unit, reference
        case referenceValue = "reference_value"
        case ratio
    }

    /// Prints the figure as one JSON object on a line of its own.
    func print() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = try encoder.encode(self) + [UInt8(ascii: "\n")]
        try FileHandle.standardOutput.write(contentsOf: line)
    }

    private static func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
}

/// The middle value of some measurements.
func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
}

/// The value below which a share of the measurements lie.
func percentile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
}

/// Seconds on a clock that only runs forwards.
func now() -> Double {
    Double(DispatchTime.now().uptimeNanoseconds) / 1_000_000_000
}

/// Tells a person at the terminal how far the run is; standard output carries figures alone.
func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
