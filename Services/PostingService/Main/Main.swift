import Identity
import PostingService
import ServiceRuntime

@main
struct Main {
    static func main() async {
        await ServiceHost.run(.posting, build: PostingService.build)
    }
}
