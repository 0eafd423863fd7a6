import Glibc
import Storage

/// Works on while the process has no file descriptor left.
struct Starving {
    func run(_ path: String) async throws {
        let store = try ProbeStore.open(path)
        say("open")
        var limit = rlimit(rlim_cur: 64, rlim_max: 64)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        while open("/dev/null", O_RDONLY) >= 0 {}
        say("starved \(errno == EMFILE)")
        for row in 0..<200 { await store.insert("s-\(row)", filling: 20_000) }
        let count = try await store.read { try $0.integer("SELECT count(*) FROM row") }
        say("read \(count ?? 0)")
        await store.close()
    }
}
