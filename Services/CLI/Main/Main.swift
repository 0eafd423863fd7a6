internal import BursarCommands

@main
struct Main {
    static func main() { Bursar.runAndExit() }
}
