internal import Foundation

/// What the kernel knows of this process, under the names that every Prometheus client uses.
enum ProcessMetrics {
    static func install(in registry: MetricsRegistry, startedAt: Int64) {
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        registry.sample(
            "process_resident_memory_bytes",
            help: "Memory of the process that is in RAM."
        ) { Double(statistics("/proc/self/statm", field: 1)) * page }
        registry.sample(
            "process_virtual_memory_bytes",
            help: "Address space of the process."
        ) { Double(statistics("/proc/self/statm", field: 0)) * page }
        registry.sample("process_open_fds", help: "Open file descriptors.") {
            Double(openFiles())
        }
        registry.sample("process_max_fds", help: "File descriptors that the process may open.") {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
                return 0
            }
            return Double(limit.rlim_cur)
        }
        registry.sample("process_threads", help: "Threads of the process.") {
            Double(entries("/proc/self/task"))
        }
        registry.sample("process_start_time_seconds", help: "Start of the process, since 1970.") {
            Double(startedAt) / 1_000
        }
        registry.sample(
            "process_cpu_seconds_total",
            help: "Processor time of the process, user and system.",
            asCounter: true
        ) {
            var time = timespec()
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
    }

    static func openFiles() -> Int { entries("/proc/self/fd") }

    private static func entries(_ folder: String) -> Int {
        // A process that may not look at itself shows 0: figures never stop a service.
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).count
    }

    private static func statistics(_ path: String, field: Int) -> Int64 {
        // As above: 0 where the file cannot be read.
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        return field < fields.count ? Int64(fields[field]) ?? 0 : 0
    }
}
