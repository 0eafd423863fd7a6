import BatchService
import Identity
import ServiceRuntime

@main
struct Main {
    static func main() async {
        await ServiceHost.run(.batch, build: BatchService.build)
    }
}
