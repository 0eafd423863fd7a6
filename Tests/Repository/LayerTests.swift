import Testing

/// What every source folder may import: an arrow goes inwards only, and services never import each
/// other (Package.swift describes the layers).
private let layers: [String: Set<String>] = {
    let platform: Set = ["Foundation", "FoundationEssentials", "Glibc", "Dispatch"]
    let rules: Set = ["Money", "Dates", "Identity"]
    let contract = rules.union(["JSON", "PostingSets", "Protocol"])
    let nio: Set = ["NIOCore", "NIOPosix", "NIOConcurrencyHelpers"]
    let shells = contract.union(platform).union(nio)
        .union([
            "Crypto", "TLS", "Transport", "Storage", "ServiceRuntime", "Importing", "ServiceStore",
            "Logging",
        ])
    return [
        // Rules
        "Shared/Money": [],
        "Shared/Dates": [],
        "Shared/Identity": [],
        "Shared/AccessRules": rules,
        "Services/BatchService/BatchRules": rules,
        "Services/PostingService/LedgerRules": rules,
        "Services/ACHService/Nacha": ["Dates"],
        "Services/ACHService/ACHRules": ["Nacha"],
        // Contract
        "Shared/JSON": ["Money", "Dates", "CSimdjson"],
        "Shared/PostingSets": rules.union(["CSimdjson"]),
        "Services/ACHService/NachaJSON": ["Nacha", "JSON"],
        "Shared/Protocol": rules.union(["JSON", "FoundationEssentials"]),
        "Shared/Importing": ["JSON", "Money", "Dates", "Identity", "Protocol"],
        // Shells
        "Shared/Crypto": ["COpenSSL"],
        "Shared/TLS": platform.union(["NIOCore", "Identity", "Crypto", "COpenSSL"]),
        "Shared/Transport": contract.union(platform).union(nio)
            .union(["Crypto", "TLS", "Logging"]),
        "Shared/HTTP2": nio.union(["CNGHTTP2"]),
        "Shared/EdgeClient": nio.union(["HTTP2", "TLS"]),
        "Shared/Storage": platform.union(["CSQLite"]),
        "Shared/ServiceStore": contract.union(platform).union(nio)
            .union([
                "Crypto", "Importing", "Storage", "ServiceRuntime", "Transport", "Logging",
            ]),
        "Shared/ServiceRuntime": shells.subtracting([
            "Storage", "PostingSets", "Importing", "ServiceStore",
        ]).union([
            "AccessRules", "NIOHTTP1", "Metrics", "CoreMetrics", "ServiceLifecycle", "UnixSignals",
        ]),
        "Services/AuthService/Service": shells.union(["AccessRules"]),
        "Services/BatchService/PaymentBatches": shells.union(["BatchRules"]),
        "Services/BatchService/Service": shells.union(["BatchRules", "PaymentBatches"]),
        "Services/PostingService/Bookkeeping": shells.union(["LedgerRules"]),
        "Services/PostingService/Students": shells.union(["LedgerRules", "Bookkeeping"]),
        "Services/PostingService/Service":
            shells
            .union(["LedgerRules", "Bookkeeping", "Students"]),
        "Services/ACHService/Service": shells,
        "Services/Gateway/Console": ["JSON", "Money", "Protocol", "Mustache"],
        "Services/Gateway/Service": shells.subtracting(["Storage", "Importing", "ServiceStore"])
            .union(["AccessRules", "Console", "HTTP2", "NIOHTTP1"]),
        "Services/CLI/Supervision": platform,
        "Services/CLI/Commands": shells.subtracting([
            "Storage", "ServiceRuntime", "Importing", "ServiceStore",
        ])
        .union(["Supervision", "EdgeClient", "ArgumentParser", "Nacha", "ACHRules", "NachaJSON"]),
        // Mains
        "Services/AuthService/Main": ["AuthService", "Identity", "ServiceRuntime"],
        "Services/BatchService/Main": ["BatchService", "Identity", "ServiceRuntime"],
        "Services/PostingService/Main": ["PostingService", "Identity", "ServiceRuntime"],
        "Services/ACHService/Main": ["ACHService", "Identity", "ServiceRuntime"],
        "Services/Gateway/Main": ["GatewayService", "Identity", "ServiceRuntime"],
        "Services/CLI/Main": ["BursarCommands"],
    ]
}()

@Suite("Layers")
struct LayerTests {
    @Test("Every import is one that its folder's layer allows")
    func imports() throws {
        for file in try Repository.swift("Shared", "Services") {
            guard let folder = layers.keys.first(where: { file.path.hasPrefix($0 + "/") }) else {
                Issue.record("\(file.path) lies in no layer: add its folder to the table")
                continue
            }
            let allowed = layers[folder, default: []]
            for module in Self.imports(of: file) where !allowed.contains(module) {
                Issue.record("\(file.path) imports \(module), which \(folder) may not")
            }
        }
    }

    @Test("Mains stay under 60 lines: they read, build and run")
    func mains() throws {
        for file in try Repository.swift("Services") where file.path.contains("/Main/") {
            #expect(file.lines.count < 60, "\(file.path)")
        }
    }

    @Test(
        "No binary floating point where money is",
        arguments: [
            "Shared/Money", "Shared/PostingSets", "Services/PostingService/LedgerRules",
            "Services/BatchService/BatchRules", "Services/BatchService/PaymentBatches",
            "Services/ACHService/Nacha",
            "Services/ACHService/NachaJSON",
        ]
    )
    func noFloatingPoint(folder: String) throws {
        for file in try Repository.swift(folder) {
            for (number, line) in file.lines.enumerated() {
                let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
                let hit = code.firstMatch(of: /\b(Double|Float|Float16|Float80|Decimal)\b/)
                #expect(hit == nil, "\(file.path):\(number + 1)")
            }
        }
    }

    private static func imports(of file: Repository.File) -> [String] {
        file.lines.compactMap { line in
            let pattern = /^(?:@\w+ )?(?:package |internal |private |public )?import (\w+)/
            return line.firstMatch(of: pattern).map { String($0.output.1) }
        }
    }
}
