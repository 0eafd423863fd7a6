import GatewayService
import Identity
import ServiceRuntime

@main
struct Main {
    static func main() async {
        await ServiceHost.run(.gateway, build: GatewayService.build)
    }
}
