/// What a family's lines mean to Prometheus.
enum MetricKind: String {
    case counter
    case gauge
    case histogram
}

/// All series of one name.
struct MetricFamily {
    let kind: MetricKind
    var help: String
    var series: [MetricLabels: any MetricSeries] = [:]
}

/// A series that is read when the page is made.
struct MetricSampler: Sendable {
    let name: String
    let kind: MetricKind
    let help: String
    let labels: MetricLabels
    let read: @Sendable () -> Double
}

/// Labels in the order of their names, each name once, names made valid.
struct MetricLabels: Hashable, Sendable {
    struct Label: Hashable, Sendable {
        let name: String
        let value: String
    }

    static let overflow = MetricLabels([("overflow", "true")])

    let all: [Label]

    init(_ pairs: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in pairs { values[MetricName.label(name)] = String(value.prefix(256)) }
        all = values.sorted { $0.key < $1.key }.map { Label(name: $0.key, value: $0.value) }
    }
}

/// Names that Prometheus accepts, made from any text.
enum MetricName {
    static func metric(_ raw: String) -> String { clean(raw, allowed: ":") }

    static func label(_ raw: String) -> String {
        let name = clean(raw, allowed: nil)
        // Two leading underscores and `le` belong to Prometheus.
        return name.hasPrefix("__") || name == "le" ? "label" + name : name
    }

    private static func clean(_ raw: String, allowed: Character?) -> String {
        var name = ""
        for character in raw {
            let isWord = character.isASCII && (character.isLetter || character.isNumber)
            name.append(isWord || character == "_" || character == allowed ? character : "_")
        }
        if name.first?.isNumber ?? true { name = "_" + name }
        return name
    }
}

/// The writer of Prometheus' text format.
enum MetricsText {
    static func write(families: [String: MetricFamily], samplers: [MetricSampler]) -> String {
        var sampled: [String: [MetricSampler]] = [:]
        for sampler in samplers {
            // A family has one kind: a sampler whose name a family holds gets a suffix.
            let isTaken = families[sampler.name].map { $0.kind != sampler.kind } ?? false
            sampled[isTaken ? sampler.name + "_sampled" : sampler.name, default: []].append(sampler)
        }
        var out = ""
        for name in Set(families.keys).union(sampled.keys).sorted() {
            let family = families[name]
            let readNow = sampled[name] ?? []
            let kind = family?.kind ?? readNow.first?.kind ?? .gauge
            let help = family?.help ?? readNow.first?.help ?? ""
            if !help.isEmpty { out += "# HELP \(name) \(escapeHelp(help))\n" }
            out += "# TYPE \(name) \(kind.rawValue)\n"
            for (labels, series) in sorted(family) {
                for sample in series.samples() { line(name, labels, sample, into: &out) }
            }
            for sampler in readNow {
                line(name, sampler.labels, MetricSample(value: sampler.read()), into: &out)
            }
        }
        return out
    }

    private static func sorted(
        _ family: MetricFamily?
    ) -> [(MetricLabels, any MetricSeries)] {
        (family?.series ?? [:])
            .map { (key: text($0.key, bound: nil), labels: $0.key, series: $0.value) }
            .sorted { $0.key < $1.key }
            .map { ($0.labels, $0.series) }
    }

    private static func line(
        _ name: String,
        _ labels: MetricLabels,
        _ sample: MetricSample,
        into out: inout String
    ) {
        out += name
        out += sample.suffix
        out += text(labels, bound: sample.bound)
        out += " "
        out += number(sample.value)
        out += "\n"
    }

    private static func text(_ labels: MetricLabels, bound: Double?) -> String {
        var parts = labels.all.map { "\($0.name)=\"\(escapeLabel($0.value))\"" }
        if let bound { parts.append("le=\"\(number(bound))\"") }
        return parts.isEmpty ? "" : "{" + parts.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return "\(value)"
    }

    private static func escapeHelp(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { out, scalar in
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
    }

    /// Backslash, quote and newline are escaped as the format says; a carriage return has no
    /// escape there and would end the line for some readers.
    private static func escapeLabel(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { out, scalar in
            switch scalar {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            case "\r": out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
    }
}
