import Glibc
import Storage

/// A small process with a store, for tests that kill it, starve it or fail its file system.
///
/// It writes a line to standard output for each event, at once: `open`, `ack NAME` after a write
/// was acknowledged, `refused NAME ERROR`, `done`. It ends with status 0, or 65 where the store
/// could not be opened.
@main
enum Main {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let mode = Mode(rawValue: arguments[1]) else {
            say(
                "usage: storage-probe write|fill|starve|intrude|bench|append STORE [NAME ROWS WRITERS KIB]"
            )
            exit(64)
        }
        let path = arguments[2]
        do {
            switch mode {
            case .write:
                try await Writing(
                    prefix: arguments.count > 3 ? arguments[3] : "row",
                    rows: number(arguments, 4) ?? 100,
                    writers: number(arguments, 5) ?? 1,
                    checkpointKiB: number(arguments, 6) ?? ProbeStore.checkpointKiB
                ).run(path)
            case .fill: try await Filling().run(path)
            case .starve: try await Starving().run(path)
            case .intrude: Intruder.run(path)
            case .bench: try await Bench().commits(path)
            case .append: try await Bench().append(path)
            }
            say("done")
        } catch {
            say("failed \(error)")
            exit(65)
        }
    }

    private static func number(_ arguments: [String], _ place: Int) -> Int? {
        arguments.count > place ? Int(arguments[place]) : nil
    }
}

enum Mode: String {
    case write
    case fill
    case starve
    case intrude
    case bench
    case append
}

/// Writes one line in one call, so that lines of several threads never mix.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // A test that has seen enough closes the pipe, and may kill us.
    _ = write(STDOUT_FILENO, bytes, bytes.count)
}
