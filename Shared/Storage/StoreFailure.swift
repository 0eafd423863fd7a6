import Glibc

extension Store {
    /// Status of a process that ended because its store could not read or write (`EX_SOFTWARE`).
    package static let fatalExitStatus: Int32 = 70

    /// Says why on standard error, in one line, and ends the process with status 70.
    package static let exitProcess: @Sendable (StoreError) -> Never = { error in
        let text = String(describing: error).split(separator: "\n").joined(separator: " ")
        let line = Array("fatal: \(text)\n".utf8)
        // Where standard error itself fails, nobody is left to tell.
        _ = Glibc.write(STDERR_FILENO, line, line.count)
        _exit(fatalExitStatus)
    }
}
