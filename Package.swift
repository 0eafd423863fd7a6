// swift-tools-version: 6.2
import PackageDescription

// The layers, from the inside out (Tests/Repository checks every import against them):
//   rules      Money, Dates, Identity, AccessRules, BatchRules, LedgerRules, Nacha, ACHRules: no I/O, no clock
//   contract   JSON, PostingSets, Protocol, NachaJSON, Importing: what crosses a process
//   shells     Crypto, TLS, Transport, Storage, ServiceRuntime, ServiceStore, every service's own target
//   mains      one executable per service, and the CLI

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioLocks = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let unixSignals = Target.Dependency.product(
    name: "UnixSignals",
    package: "swift-service-lifecycle"
)
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")

func library(
    _ name: String,
    at path: String,
    _ dependencies: [Target.Dependency] = [],
    exclude: [String] = []
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: path,
        exclude: exclude,
        swiftSettings: strict
    )
}

func executable(_ name: String, at path: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: path,
        swiftSettings: strict
    )
}

func tests(
    _ name: String,
    at path: String,
    _ dependencies: [Target.Dependency],
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies + ["TestSupport"],
        path: path,
        exclude: exclude,
        swiftSettings: strict
    )
}

let package = Package(
    name: "bursar",
    products: [
        .executable(name: "bursar", targets: ["bursar"]),
        .executable(name: "auth-service", targets: ["auth-service"]),
        .executable(name: "batch-service", targets: ["batch-service"]),
        .executable(name: "posting-service", targets: ["posting-service"]),
        .executable(name: "ach-service", targets: ["ach-service"]),
        .executable(name: "gateway", targets: ["gateway"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        // System libraries
        .systemLibrary(
            name: "COpenSSL",
            path: "Shared/C/COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CNGHTTP2",
            path: "Shared/C/CNGHTTP2",
            pkgConfig: "libnghttp2",
            providers: [.apt(["libnghttp2-dev"])]
        ),
        .systemLibrary(
            name: "CSQLite",
            path: "Shared/C/CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .target(
            name: "CSimdjson",
            path: "Shared/C/CSimdjson",
            cxxSettings: [.unsafeFlags(["-O2"])],
            linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]
        ),

        // Rules
        library("Money", at: "Shared/Money"),
        library("Dates", at: "Shared/Dates"),
        library("Identity", at: "Shared/Identity"),
        library("AccessRules", at: "Shared/AccessRules", ["Identity"]),
        library(
            "BatchRules",
            at: "Services/BatchService/BatchRules",
            ["Money", "Dates", "Identity"]
        ),
        library("Nacha", at: "Services/ACHService/Nacha", ["Dates"]),
        library("ACHRules", at: "Services/ACHService/ACHRules", ["Nacha"]),
        library(
            "LedgerRules",
            at: "Services/PostingService/LedgerRules",
            ["Money", "Dates", "Identity"]
        ),

        // Contract
        library("JSON", at: "Shared/JSON", ["Money", "Dates", "CSimdjson"]),
        library("PostingSets", at: "Shared/PostingSets", ["Money", "Identity", "CSimdjson"]),
        library(
            "Protocol",
            at: "Shared/Protocol",
            ["JSON", "Money", "Dates", "Identity"],
            exclude: ["PROTOCOL.md"]
        ),

        library("NachaJSON", at: "Services/ACHService/NachaJSON", ["Nacha", "JSON"]),

        // Shells
        library("Crypto", at: "Shared/Crypto", ["COpenSSL"]),
        library("TLS", at: "Shared/TLS", ["Identity", "Crypto", "COpenSSL", nioCore]),
        library(
            "Transport",
            at: "Shared/Transport",
            ["JSON", "Protocol", "Identity", "Crypto", "TLS", nioCore, nioPosix, nioLocks, logging]
        ),
        library("HTTP2", at: "Shared/HTTP2", ["CNGHTTP2", nioCore, nioLocks]),
        library(
            "EdgeClient",
            at: "Shared/EdgeClient",
            ["HTTP2", "TLS", nioCore, nioPosix, nioLocks]
        ),
        library("Storage", at: "Shared/Storage", ["CSQLite"], exclude: ["README.md"]),
        library(
            "Importing",
            at: "Shared/Importing",
            ["JSON", "Money", "Dates", "Identity", "Protocol"]
        ),
        library(
            "ServiceRuntime",
            at: "Shared/ServiceRuntime",
            [
                "TLS",
                "Dates", "Protocol", "Identity", "AccessRules", "Crypto", "Transport", nioCore,
                nioPosix,
                nioHTTP1, nioLocks, logging, metrics, lifecycle, unixSignals,
            ]
        ),
        library(
            "ServiceStore",
            at: "Shared/ServiceStore",
            [
                "Dates",
                "Crypto", "Importing",
                "Identity", "JSON", "Protocol", "Storage", "Transport", "ServiceRuntime", nioCore,
                nioLocks,
                logging,
            ]
        ),
        library(
            "AuthService",
            at: "Services/AuthService/Service",
            [
                "AccessRules", "Dates", "Identity", "JSON", "Protocol", "Crypto", "Storage",
                "Transport",
                "Importing", "ServiceRuntime", nioCore, nioLocks, logging,
            ]
        ),
        library(
            "PaymentBatches",
            at: "Services/BatchService/PaymentBatches",
            [
                "BatchRules", "Money", "Dates", "Identity", "JSON", "Protocol", "Crypto", "Storage",
                "Importing", "ServiceStore", "Transport", "ServiceRuntime", nioCore, nioLocks,
                logging,
            ]
        ),
        library(
            "BatchService",
            at: "Services/BatchService/Service",
            [
                "BatchRules", "PaymentBatches", "Money", "Dates", "Identity", "PostingSets",
                "ServiceStore",
                "JSON",
                "Protocol", "Crypto", "Storage", "Transport", "ServiceRuntime", nioCore,
                nioPosix, nioLocks, logging,
            ]
        ),
        library(
            "Bookkeeping",
            at: "Services/PostingService/Bookkeeping",
            [
                "JSON",
                "LedgerRules", "Money", "Dates", "Identity", "PostingSets", "Protocol", "Crypto",
                "Storage", "Importing", "ServiceStore", "Transport", "ServiceRuntime", nioCore,
                nioLocks,
            ]
        ),
        library(
            "Students",
            at: "Services/PostingService/Students",
            [
                "LedgerRules", "Bookkeeping", "Money", "Dates", "Identity", "JSON", "Protocol",
                "Crypto",
                "Storage", "Importing", "ServiceStore", "Transport", "ServiceRuntime", nioCore,
                nioPosix, nioLocks, logging,
            ]
        ),
        library(
            "PostingService",
            at: "Services/PostingService/Service",
            [
                "Identity",
                "ServiceStore",
                "LedgerRules", "Bookkeeping", "Students", "JSON", "Protocol", "Importing",
                "Transport",
                "ServiceRuntime", nioCore, nioPosix, nioLocks,
            ]
        ),
        library(
            "ACHService",
            at: "Services/ACHService/Service",
            ["Identity", "Protocol", "Transport", "ServiceRuntime", nioCore, logging]
        ),
        library(
            "Console",
            at: "Services/Gateway/Console",
            ["JSON", "Money", "Protocol", mustache]
        ),
        library(
            "GatewayService",
            at: "Services/Gateway/Service",
            [
                "Console",
                "TLS",
                "Dates", "Identity", "AccessRules", "JSON", "Protocol", "Crypto", "HTTP2",
                "Transport",
                "ServiceRuntime", nioCore, nioPosix, nioHTTP1, nioLocks, logging,
            ]
        ),
        library("Supervision", at: "Services/CLI/Supervision"),
        library(
            "BursarCommands",
            at: "Services/CLI/Commands",
            [
                "TLS",
                "JSON",
                "Supervision", "Nacha", "ACHRules", "NachaJSON", "Money", "Dates", "Identity",
                "Protocol",
                "Crypto",
                "Transport",
                "EdgeClient", nioCore, nioPosix, argumentParser, logging,
            ]
        ),

        // Mains
        executable(
            "auth-service",
            at: "Services/AuthService/Main",
            ["AuthService", "Identity", "ServiceRuntime"]
        ),
        executable(
            "batch-service",
            at: "Services/BatchService/Main",
            ["BatchService", "Identity", "ServiceRuntime"]
        ),
        executable(
            "posting-service",
            at: "Services/PostingService/Main",
            ["PostingService", "ServiceRuntime"]
        ),
        executable(
            "ach-service",
            at: "Services/ACHService/Main",
            ["ACHService", "Identity", "ServiceRuntime"]
        ),
        executable(
            "gateway",
            at: "Services/Gateway/Main",
            ["GatewayService", "Identity", "ServiceRuntime"]
        ),
        executable("bursar", at: "Services/CLI/Main", ["BursarCommands"]),

        // Measured from outside: deploy/bench
        executable(
            "bursar-bench",
            at: "Tests/Benchmarks",
            [
                "TLS",
                "EdgeClient", "HTTP2", "Transport", "Nacha", "CSQLite", nioCore, nioPosix,
                nioLocks, argumentParser,
            ]
        ),

        // Tests
        .target(
            name: "TestSupport",
            dependencies: [
                "Nacha", "TLS",
                "Money", "Identity", "Protocol", "Crypto", "Transport", "HTTP2", nioCore,
            ],
            path: "Tests/Support",
            swiftSettings: strict
        ),
        tests("MoneyTests", at: "Tests/Shared/Money", ["Money"]),
        tests("DatesTests", at: "Tests/Shared/Dates", ["Dates"]),
        tests(
            "ImportingTests",
            at: "Tests/Shared/Importing",
            ["Importing", "Money", "Protocol"]
        ),
        tests(
            "PostingSetsTests",
            at: "Tests/Shared/PostingSets",
            ["PostingSets", "Money", "CSimdjson"]
        ),
        tests("JSONTests", at: "Tests/Shared/JSON", ["JSON", "Money", "Dates"]),
        tests(
            "ProtocolTests",
            at: "Tests/Shared/Protocol",
            ["Protocol", "Money", "Dates"],
            exclude: ["python_client.py"]
        ),
        tests(
            "TransportTests",
            at: "Tests/Shared/Transport",
            [
                "TLS",
                "Transport", "Protocol", "Identity", "Crypto", nioCore, nioPosix, nioEmbedded,
                nioLocks, logging,
            ]
        ),
        executable("storage-probe", at: "Tests/Shared/StorageProbe", ["Storage", "CSQLite"]),
        tests(
            "StorageTests",
            at: "Tests/Shared/Storage",
            ["Storage", "storage-probe"],
            exclude: ["Faults"]
        ),
        tests(
            "ServiceStoreTests",
            at: "Tests/Shared/ServiceStore",
            [
                "ServiceStore", "Dates", "Storage", "Protocol", "Transport", "ServiceRuntime",
                nioCore,
                nioLocks, logging,
            ]
        ),
        tests(
            "ServiceRuntimeTests",
            at: "Tests/Shared/ServiceRuntime",
            [
                "ServiceRuntime", "Supervision", "AccessRules", "Identity", "Protocol", "Crypto",
                "TLS", "Transport", nioCore, nioPosix, nioLocks, logging, coreMetrics,
            ]
        ),
        tests(
            "AuthServiceTests",
            at: "Tests/Services/AuthService",
            [
                "TLS",
                "AuthService", "AccessRules", "Identity", "Protocol", "Crypto", "Storage",
                "Transport", "ServiceRuntime", nioCore, nioPosix, logging,
            ]
        ),
        tests("ACHRulesTests", at: "Tests/Services/ACHService/ACHRules", ["ACHRules", "Nacha"]),
        tests("NachaTests", at: "Tests/Services/ACHService/Nacha", ["Nacha", "ACHRules"]),
        .testTarget(
            name: "NachaJSONTests",
            dependencies: ["NachaJSON", "Nacha"],
            path: "Tests/Services/ACHService/NachaJSON",
            swiftSettings: strict
        ),
        tests(
            "BatchServiceTests",
            at: "Tests/Services/BatchService",
            [
                "BatchService", "BatchRules", "PaymentBatches", "Importing", "PostingSets",
                "ServiceStore",
                "Money", "Dates", "Identity", "JSON", "Protocol", "Storage", "ServiceRuntime",
                nioCore,
                nioLocks, logging,
            ]
        ),
        tests(
            "PostingServiceTests",
            at: "Tests/Services/PostingService",
            [
                "PostingService", "Bookkeeping", "Students", "LedgerRules", "PostingSets", "Money",
                "ServiceStore",
                "Dates", "Identity", "JSON", "Protocol", "Storage", "Importing", "ServiceRuntime",
                nioCore,
                nioLocks, logging,
            ]
        ),
        tests(
            "GatewayTests",
            at: "Tests/Services/Gateway",
            [
                "Console",
                "TLS",
                "GatewayService", "EdgeClient", "HTTP2", "Transport", "ServiceRuntime",
                "AccessRules",
                "JSON", "Protocol", "Identity", "Crypto", nioCore, nioPosix, nioEmbedded, nioLocks,
                logging,
            ]
        ),
        tests("HTTP2Tests", at: "Tests/Shared/HTTP2", ["HTTP2", nioCore, nioLocks]),
        tests(
            "CLITests",
            at: "Tests/Services/CLI",
            [
                "BursarCommands", "Supervision", "Nacha", "Money", "Identity", "Crypto", "JSON",
                "Protocol",
                argumentParser,
            ]
        ),
        tests(
            "RepositoryTests",
            at: "Tests/Repository",
            ["BursarCommands", "Protocol", argumentParser],
            exclude: ["fault-rows.txt", "check_fault_rows.py"]
        ),
    ],
    cxxLanguageStandard: .cxx17
)
