internal import Foundation

/// Starts programs in order, starts each again that dies, and stops them in reverse order.
///
/// One thread, one loop over `SignalQueue`; what is decided stands in `SupervisedProcess`. Its promises:
/// `run/NAME.pid` holds the id of a live process or does not exist for long; a second supervisor of the
/// same folder is refused; services that outlived a killed supervisor are ended before new ones start.
package struct Supervisor: ~Copyable {
    /// How long things may take.
    package struct Limits: Sendable {
        /// For one service to end after SIGTERM, its own drain of 25 s included.
        package var graceMilliseconds: Int64 = 30_000
        package var rotation = LogRotation()

        package init() {}
    }

    private let folder: StateFolder
    private let programs: [Program]
    private let limits: Limits
    private let report: (String) -> Void
    private var processes: [SupervisedProcess]
    private var signals = SignalQueue()
    private var nextHousekeeping: Int64 = 0

    private static let housekeepingMilliseconds: Int64 = 1_000

    /// `report` gets one line for each thing that an operator wants to know.
    package init(
        folder: StateFolder,
        programs: [Program],
        limits: Limits = Limits(),
        report: @escaping (String) -> Void
    ) {
        self.folder = folder
        self.programs = programs
        self.limits = limits
        self.report = report
        processes = programs.map { _ in SupervisedProcess(dueAt: 0) }
    }

    /// Supervises until SIGINT, SIGTERM or SIGHUP; the lock must be held by the caller throughout.
    package mutating func run() {
        for program in programs.reversed() {
            Leftovers.end(program.name, in: folder, graceMilliseconds: limits.graceMilliseconds)
        }
        while !awaitStop() {}
        stop()
    }

    /// One turn of the loop; whether the end was asked for.
    private mutating func awaitStop() -> Bool {
        advance()
        switch signals.next(within: patience()) {
        case .stop: return true
        case .childEnded: reap()
        case .none: break
        }
        return false
    }

    private func patience() -> Int64 {
        let due = processes.compactMap(\.nextTick).min() ?? .max
        return max(1, min(due, nextHousekeeping) - Clock.now)
    }

    private mutating func advance() {
        let now = Clock.now
        for index in processes.indices {
            switch processes[index].tick(at: now) {
            case .start: start(index)
            case .kill(let processID):
                report("\(programs[index].name) did not end in time and is killed")
                kill(processID, SIGKILL)
            case .nothing: break
            }
        }
        guard now >= nextHousekeeping else { return }
        nextHousekeeping = now + Self.housekeepingMilliseconds
        for program in programs { limits.rotation.apply(to: folder.logFile(program.name)) }
        limits.rotation.apply(to: folder.logFile("supervisor"))
    }

    private mutating func start(_ index: Int) {
        let program = programs[index]
        do throws(SystemFailure) {
            let processID = try program.start(in: folder)
            processes[index].started(processID: processID, at: Clock.now)
            try ProcessFile(folder.processFile(program.name)).write(processID)
            report("\(program.name) runs as process \(processID)")
        } catch {
            if case .due = processes[index].state { processes[index].startFailed(at: Clock.now) }
            report("\(program.name): \(error)")
        }
    }

    private mutating func reap() {
        while true {
            var status: Int32 = 0
            let processID = waitpid(-1, &status, WNOHANG)
            guard processID > 0 else { return }
            let signal = status & 0x7F
            for index in processes.indices {
                let action = processes[index].died(
                    processID: processID,
                    signal == 0 ? .exited : .killed,
                    at: Clock.now
                )
                note(action, programs[index], processID, ending: Self.words(status))
            }
        }
    }

    private func note(
        _ action: SupervisedProcess.OnDeath,
        _ program: Program,
        _ processID: Int32,
        ending: String
    ) {
        switch action {
        case .ignored: return
        case .stopped: report("\(program.name) has stopped")
        case .startAgain(let delay):
            report(
                "\(program.name) (process \(processID)) \(ending); it starts again in \(delay) ms, "
                    + "see \(folder.logFile(program.name))"
            )
        }
        ProcessFile(folder.processFile(program.name)).remove()
    }

    private static func words(_ status: Int32) -> String {
        let signal = status & 0x7F
        return signal == 0 ? "ended with status \(status >> 8 & 0xFF)" : "died of signal \(signal)"
    }

    /// Ends the last started first, each before the next.
    ///
    /// So the edge stops taking work before the services behind it go. A second signal ends the
    /// patience.
    private mutating func stop() {
        var grace = limits.graceMilliseconds
        for index in processes.indices.reversed() {
            let action = processes[index].stopRequested(graceMilliseconds: grace, at: Clock.now)
            if case .terminate(let processID) = action { kill(processID, SIGTERM) }
            while processes[index].state != .stopped {
                advance()
                switch signals.next(within: patience()) {
                case .stop:
                    grace = 0
                    processes[index].hurry(at: Clock.now)
                case .childEnded: reap()
                case .none: break
                }
            }
        }
    }
}
