internal import Foundation

/// The right to supervise a state folder: an exclusive lock that ends with the process that holds it.
///
/// The kernel drops the lock with its holder, so that a process file left by a crash never blocks a
/// start, and an id that was given to another program is never mistaken for a supervisor.
package final class SupervisorLock: Sendable {
    /// What an attempt to take the lock ended in.
    package enum Outcome: Sendable {
        case taken(SupervisorLock)
        /// Another process holds it: its id, where the file tells.
        case held(by: Int32?)
    }

    private let file: Int32

    private init(file: Int32) { self.file = file }

    deinit { close(file) }

    /// Takes the lock if nobody holds it; `folder.run` must exist.
    package static func take(_ folder: StateFolder) throws(SystemFailure) -> Outcome {
        let path = folder.supervisorFile
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemFailure("opening \(path)") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(file)
            guard code == EWOULDBLOCK else { throw SystemFailure("locking \(path)", code: code) }
            return .held(by: ProcessFile(path).read())
        }
        return .taken(SupervisorLock(file: file))
    }

    /// Notes this process as the holder.
    package func sign() throws(SystemFailure) {
        guard ftruncate(file, 0) == 0, lseek(file, 0, SEEK_SET) == 0 else {
            throw SystemFailure("writing the supervisor's process file")
        }
        try PrivateFile.writeAll(
            Array("\(getpid())\n".utf8),
            to: file,
            named: "the supervisor's process file"
        )
    }

    /// Leaves the file empty: nobody supervises.
    package func clear() { ftruncate(file, 0) }
}
