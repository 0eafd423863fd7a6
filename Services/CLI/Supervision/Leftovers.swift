internal import Foundation

/// Services that outlived their supervisor.
///
/// They are known by the marks in their environment, never by a process id alone, which the system may
/// have given to another program since.
package enum Leftovers {
    /// The process of `name` that still runs for this folder, or nil; a stale file is removed.
    static func find(_ name: String, in folder: StateFolder) -> Int32? {
        let file = ProcessFile(folder.processFile(name))
        guard let processID = file.read() else { return nil }
        guard isOurs(processID, name: name, folder: folder) else {
            file.remove()
            return nil
        }
        return processID
    }

    /// Ends what is left of `name`: asks, waits for `graceMilliseconds`, then kills.
    package static func end(_ name: String, in folder: StateFolder, graceMilliseconds: Int64) {
        guard let processID = find(name, in: folder) else { return }
        kill(processID, SIGTERM)
        let deadline = Clock.now + graceMilliseconds
        while isOurs(processID, name: name, folder: folder) {
            if Clock.now >= deadline { kill(processID, SIGKILL) }
            usleep(20_000)
        }
        ProcessFile(folder.processFile(name)).remove()
    }

    private static func isOurs(_ processID: Int32, name: String, folder: StateFolder) -> Bool {
        let path = "/proc/\(processID)/environ"
        guard let bytes = FileManager.default.contents(atPath: path) else { return false }
        let variables = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return variables.contains("\(Program.mark)=\(name)")
            && variables.contains("BURSAR_STATE_DIR=\(folder.path)")
    }
}

/// Milliseconds of a clock that only moves forward.
enum Clock {
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
