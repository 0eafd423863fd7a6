import AuthService
import Identity
import ServiceRuntime

@main
struct Main {
    static func main() async {
        await ServiceHost.run(.auth, build: AuthService.build)
    }
}
