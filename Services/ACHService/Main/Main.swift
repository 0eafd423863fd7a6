import ACHService
import Identity
import ServiceRuntime

@main
struct Main {
    static func main() async {
        await ServiceHost.run(.ach, build: ACHService.build)
    }
}
