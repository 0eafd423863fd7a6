import Foundation
import Testing

@testable import Supervision

@Suite("The files of a supervisor")
struct SupervisorFilesTests {
    private let place: TemporaryFolder
    private let folder: StateFolder

    init() throws {
        place = try TemporaryFolder()
        folder = StateFolder(place.path + "/state")
        try folder.create()
    }

    @Test("S-10: the state folder and all that lies in it belong to their owner alone")
    func modes() throws {
        for name in ["state", "state/tls", "state/data", "state/run", "state/log"] {
            #expect(try place.mode(of: name) == 0o700)
        }
        try PrivateFile.write(Array("secret".utf8), to: folder.administratorKey)
        #expect(try place.mode(of: "state/admin.key") == 0o600)
    }

    @Test("A relative path counts from the folder given, and dots and slashes fall away")
    func paths() {
        #expect(StateFolder("a/./b//", relativeTo: "/x").path == "/x/a/b")
        #expect(StateFolder("/y/", relativeTo: "/x").path == "/y")
        #expect(StateFolder("/y/z").parent.path == "/y")
    }

    @Test("C-07: a process file left by a crash is removed, whatever process has its id now")
    func staleFile() throws {
        let file = ProcessFile(folder.processFile("gateway"))
        try file.write(getpid())
        #expect(Leftovers.find("gateway", in: folder) == nil)
        #expect(file.read() == nil)
    }

    @Test(
        "A process file that holds no id counts as none",
        arguments: ["", "abc", "0", "1", "-5", "99999999999"]
    )
    func oddFile(text: String) throws {
        try place.write(text, to: "odd.pid")
        #expect(ProcessFile(place.path + "/odd.pid").read() == nil)
    }

    @Test("A second supervisor of the same folder is refused and told who holds it")
    func lock() throws {
        guard case .taken(let first) = try SupervisorLock.take(folder) else {
            Issue.record("the lock is free at first")
            return
        }
        try first.sign()
        guard case .held(let holder) = try SupervisorLock.take(folder) else {
            Issue.record("the lock is held")
            return
        }
        #expect(holder == getpid())
        first.clear()
    }

    @Test("A service that outlived its supervisor is found by its marks and ended")
    func leftover() throws {
        let program = Program(
            name: "gateway",
            executable: "/bin/sleep",
            environment: ["PATH": "/bin"]
        )
        var environment = program.environment
        environment["BURSAR_STATE_DIR"] = folder.path
        environment[Program.mark] = "gateway"
        let processID = try Spawn.start(
            program.executable,
            arguments: ["/bin/sleep", "60"],
            environment: environment,
            output: folder.logFile("gateway"),
            ownSession: false
        )
        try ProcessFile(folder.processFile("gateway")).write(processID)
        #expect(Leftovers.find("gateway", in: folder) == processID)
        #expect(Leftovers.find("batch-service", in: folder) == nil)
        // As its parent this process must take note of the death, or the id stays in use.
        let reaper = Thread { waitpid(processID, nil, 0) }
        reaper.start()
        Leftovers.end("gateway", in: folder, graceMilliseconds: 5_000)
        #expect(Leftovers.find("gateway", in: folder) == nil)
    }

    @Test("A log over its size is copied and cut; three copies are kept")
    func rotation() throws {
        let rotation = LogRotation(maximumBytes: 10, copies: 3)
        let log = place.path + "/x.log"
        for round in 1...5 {
            try place.write("round \(round) is long", to: "x.log")
            rotation.apply(to: log)
            #expect(try place.size(of: "x.log") == 0)
        }
        let newest = try String(contentsOfFile: log + ".1", encoding: .utf8)
        let oldest = try String(contentsOfFile: log + ".3", encoding: .utf8)
        #expect(newest == "round 5 is long")
        #expect(oldest == "round 3 is long")
        #expect(!FileManager.default.fileExists(atPath: log + ".4"))
    }

    @Test("A log within its size stays as it is")
    func noRotation() throws {
        try place.write("short", to: "x.log")
        LogRotation(maximumBytes: 10, copies: 3).apply(to: place.path + "/x.log")
        #expect(try place.size(of: "x.log") == 5)
    }

    @Test(
        "An admin port's answer is read for what it says",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", AdminProbe.Answer.ready),
            ("HTTP/1.1 503 No\r\n\r\nno store\n", .notReady("no store")),
            ("HTTP/1.1 503 No\r\n\r\n", .notReady("status 503")),
            ("SSH-2.0-x", .silent("the answer is not HTTP")),
            ("", .silent("the answer is not HTTP")),
        ]
    )
    func probe(text: String, answer: AdminProbe.Answer) {
        #expect(AdminProbe.interpret(text) == answer)
    }
}
