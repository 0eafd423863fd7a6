internal import Foundation
internal import Nacha

/// The files that a transformation made, put in place together.
struct TransformOutput {
    /// What was asked for with `-o`.
    let output: String

    /// Writes one file.
    func write(_ file: NachaFile) throws { try write([(suffix: "", file: file)]) }

    /// Writes several files, each under the name with its suffix; none appears before all are written.
    ///
    /// Standard output takes a single one, and a single one has no suffix unless `isEachNamed`.
    func write(_ files: [(suffix: String, file: NachaFile)], isEachNamed: Bool = false) throws {
        guard files.count == 1 || output != "-" else {
            throw CommandFailure.refused(
                "\(files.count) files come of it, and standard output takes one: give -o FILE."
            )
        }
        var written: [(name: String, file: OutputFile)] = []
        for (suffix, file) in files {
            let name =
                files.count == 1 && !isEachNamed ? output : Self.name(output, suffix)
            let out = try OutputFile(name)
            try out.write(file.bytes)
            written.append((name, out))
        }
        for (name, file) in written {
            try file.commit()
            if name != "-" { Console.note("wrote \(Table.printable(name))") }
        }
    }

    /// `tuition.ach` with the suffix `debits` is `tuition-debits.ach`.
    static func name(_ output: String, _ suffix: String) -> String {
        guard let dot = output.lastIndex(of: "."), !output[dot...].contains("/"),
            dot != output.startIndex
        else { return "\(output)-\(suffix)" }
        return "\(output[..<dot])-\(suffix)\(output[dot...])"
    }
}

extension CommandFailure {
    /// Puts the fault of a transformation into an operator's words.
    init(_ fault: TransformFault) { self.init(.refused, "\(fault.description) \(fault.remedy)") }

    /// Runs a transformation; its faults become refusals.
    static func transforming<T>(_ body: () throws(TransformFault) -> T) throws -> T {
        do throws(TransformFault) {
            return try body()
        } catch {
            throw CommandFailure(error)
        }
    }
}

/// Days and times on the command line.
enum ACHClock {
    /// Today and now, in the deployment's zone.
    static func now() -> FileCreation {
        var calendar = Calendar(identifier: .gregorian)
        let name = ProcessInfo.processInfo.environment["BURSAR_TIME_ZONE"] ?? "America/New_York"
        calendar.timeZone = TimeZone(identifier: name) ?? .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: Date())
        guard let year = parts.year, let month = parts.month, let day = parts.day,
            let date = CivilDate(year: year, month: month, day: day),
            let time = TimeOfDay(hour: parts.hour ?? 0, minute: parts.minute ?? 0)
        else { preconditionFailure("A calendar gives the parts that it is asked for.") }
        return FileCreation(date: date, time: time)
    }

    static func date(_ text: String, _ option: String) throws -> CivilDate {
        guard let date = CivilDate(iso: text) else {
            throw CommandFailure.refused("\(option) \(text): give a real date, YYYY-MM-DD.")
        }
        return date
    }

    static func modifier(_ text: String, _ option: String) throws -> FileIDModifier {
        guard let modifier = FileIDModifier(text) else {
            throw CommandFailure.refused("\(option) \(text): give A to Z or 0 to 9.")
        }
        return modifier
    }
}
