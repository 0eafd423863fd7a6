import Testing

@testable import Supervision

@Suite("The life of a supervised process")
struct SupervisedProcessTests {
    private func running(_ processID: Int32 = 7, since now: Int64 = 0) -> SupervisedProcess {
        var process = SupervisedProcess(dueAt: now)
        process.started(processID: processID, at: now)
        return process
    }

    @Test("It is started when it is due and not before")
    func due() {
        var process = SupervisedProcess(dueAt: 100)
        #expect(process.tick(at: 99) == .nothing)
        #expect(process.nextTick == 100)
        #expect(process.tick(at: 100) == .start)
    }

    @Test("A death makes it due again after the policy's delay")
    func death() {
        var process = running()
        #expect(process.died(processID: 7, .killed, at: 10) == .startAgain(afterMilliseconds: 50))
        #expect(process.state == .due(at: 60))
    }

    @Test("The death of another process changes nothing")
    func otherDeath() {
        var process = running()
        #expect(process.died(processID: 8, .killed, at: 10) == .ignored)
        #expect(process.state == .running(processID: 7, since: 0))
    }

    @Test("A start that fails is tried again")
    func startFails() {
        var process = SupervisedProcess(dueAt: 0)
        process.startFailed(at: 5)
        #expect(process.state == .due(at: 55))
    }

    @Test("C-10: asked to stop, it is told once and killed once after its grace")
    func stop() {
        var process = running()
        #expect(process.stopRequested(graceMilliseconds: 30, at: 100) == .terminate(processID: 7))
        #expect(process.stopRequested(graceMilliseconds: 30, at: 101) == .nothing)
        #expect(process.tick(at: 129) == .nothing)
        #expect(process.tick(at: 130) == .kill(processID: 7))
        #expect(process.tick(at: 131) == .nothing)
        #expect(process.nextTick == nil)
        #expect(process.died(processID: 7, .killed, at: 140) == .stopped)
        #expect(process.state == .stopped)
        #expect(process.died(processID: 7, .killed, at: 141) == .ignored)
    }

    @Test("Hurry ends the grace at once")
    func hurry() {
        var process = running()
        _ = process.stopRequested(graceMilliseconds: 30_000, at: 100)
        process.hurry(at: 200)
        #expect(process.tick(at: 200) == .kill(processID: 7))
    }

    @Test("One that waits for its next start simply stops")
    func stopWhileDue() {
        var process = running()
        _ = process.died(processID: 7, .exited, at: 1)
        #expect(process.stopRequested(graceMilliseconds: 30, at: 2) == .nothing)
        #expect(process.state == .stopped)
        #expect(process.tick(at: 1_000) == .nothing)
    }
}
