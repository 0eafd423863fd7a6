internal import Foundation

/// The number of files and sockets that a process may have open.
enum OpenFiles {
    private static let wanted: rlim_t = 65_536

    /// Raises the limit as far as the system lets, for this process and those that it starts.
    ///
    /// Every client of the edge is an open file. A refusal leaves the limit as it was.
    static func allowMany() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, wanted))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
