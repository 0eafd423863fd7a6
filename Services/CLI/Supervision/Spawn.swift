internal import Foundation

/// Starting processes.
package enum Spawn {
    /// Starts `executable` detached from this terminal's signals: default signal handling, standard
    /// input empty, output appended to the file `output` (mode 0600), every other descriptor closed.
    ///
    /// It gets a process group of its own, so that Ctrl-C reaches only its parent, which decides on the
    /// order of stopping; with `ownSession` it also outlives the terminal.
    package static func start(
        _ executable: String,
        arguments: [String],
        environment: [String: String],
        output: String,
        ownSession: Bool
    ) throws(SystemFailure) -> Int32 {
        keepDescriptors()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        prepare(&attributes, ownSession: ownSession)

        var processID: pid_t = 0
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let code = withCStrings(arguments) { arguments in
            withCStrings(variables) { variables in
                posix_spawn(&processID, executable, &actions, &attributes, arguments, variables)
            }
        }
        guard code == 0 else { throw SystemFailure("starting \(executable)", code: code) }
        return processID
    }

    /// `POSIX_SPAWN_SETSID` of <spawn.h>, which stands behind a feature macro there.
    private static let newSession: Int16 = 0x80

    /// Keeps what this process inherited or opened from the one that it starts.
    private static func keepDescriptors() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        for descriptor in 3..<Int32(clamping: min(limit.rlim_cur, 4_096)) {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)  // most of them are not open
        }
    }

    private static func prepare(_ attributes: inout posix_spawnattr_t, ownSession: Bool) {
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        if ownSession {
            flags |= newSession
        } else {
            flags |= Int16(POSIX_SPAWN_SETPGROUP)
            posix_spawnattr_setpgroup(&attributes, 0)
        }
        posix_spawnattr_setflags(&attributes, flags)
    }

    private static func withCStrings<R>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> R
    ) -> R {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
