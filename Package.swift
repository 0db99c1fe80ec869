// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The templates and assets of the pages, compiled into the program. Each is named, because a folder would take along the
/// Swift files that stand beside them.
let pageFiles = [
    "Assets/bell.svg", "Assets/runbell.css", "Assets/runbell.js",
    "AuditLog/audit_log.mustache",
    "Channels/channel.mustache", "Channels/channel_form.mustache", "Channels/fields.mustache",
    "Channels/message_preview.mustache", "Channels/new_channel.mustache", "Channels/new_secret.mustache",
    "Channels/setup.mustache", "Channels/test_result.mustache",
    "Deliveries/deliveries.mustache", "Deliveries/delivery.mustache", "Deliveries/delivery_rows.mustache",
    "Events/event.mustache", "Events/events.mustache", "Events/outcomes.mustache",
    "Figures/figures.mustache",
    "Frame/layout.mustache", "Frame/problem.mustache",
    "Keys/keys.mustache",
    "Login/login.mustache", "Login/login_link.mustache",
    "Mail/mail.mustache",
    "Members/members.mustache",
    "Notifications/notifications.mustache",
    "Operator/operator.mustache",
    "Replays/replays.mustache",
    "Runs/run.mustache",
    "Settings/settings.mustache",
    "Views/changes.mustache", "Views/error_summary.mustache", "Views/long_text.mustache",
]

/// One line a target: what it may import is what stands here (docs/architecture.md).
let package = Package(
    name: "runbell",
    products: [.executable(name: "runbell", targets: ["runbell"])],
    // Exact, so that a build is the same tomorrow (docs/decisions/0005-dependencies.md); Dependabot proposes newer ones.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", exact: "1.4.0",
            traits: ["JSON", "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .target(
            name: "Notifications",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Migrations",
            path: "Migrations",
            resources: [.embedInCode("sql")],
            swiftSettings: settings
        ),
        .target(
            name: "Repository",
            dependencies: ["Notifications", "Migrations", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        // What Swift cannot call of the libsqlite3 that GRDB uses.
        .systemLibrary(name: "CSQLite", path: "Sources/CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "SQLiteDatabase",
            dependencies: [
                "Notifications", "Migrations", "Repository", "CSQLite", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        // libpq, from Debian: Swift sees it through a header of our own.
        .systemLibrary(
            name: "CPostgres", path: "Sources/CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "PostgresDatabase", dependencies: ["Notifications", "Migrations", "Repository", "CPostgres"],
            swiftSettings: settings),
        .target(
            name: "OutboundHTTP",
            dependencies: [
                "Notifications",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        // libcurl, from Debian: Swift sees it through a header of our own.
        .systemLibrary(
            name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "OutboundMail",
            dependencies: ["Notifications", "CCurl", .product(name: "NIOPosix", package: "swift-nio")],
            swiftSettings: settings
        ),
        .target(
            name: "EventRouting",
            dependencies: [
                "Notifications", "Repository",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "WebServing",
            dependencies: [
                "Notifications", "Repository",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "WebAPI",
            dependencies: [
                "Notifications", "Repository", "EventRouting", "WebServing",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "WebPages",
            dependencies: [
                "Notifications", "Repository", "EventRouting", "WebServing",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: pageFiles.map { .embedInCode($0) },
            swiftSettings: settings
        ),
        .target(
            name: "Web",
            dependencies: [
                "Notifications", "Repository", "EventRouting", "WebServing", "WebAPI", "WebPages",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "runbell",
            dependencies: [
                "Notifications", "Repository", "SQLiteDatabase", "PostgresDatabase", "OutboundHTTP", "OutboundMail",
                "EventRouting", "WebServing", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        // What tests begin with: a database of each engine, and a tenant in it.
        .target(
            name: "TestSupport",
            dependencies: ["Notifications", "Repository", "SQLiteDatabase", "PostgresDatabase", "CPostgres"],
            path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "NotificationsTests", dependencies: ["Notifications"], resources: [.copy("Data")],
            swiftSettings: settings),
        .testTarget(
            name: "RepositoryTests", dependencies: ["Notifications", "Repository", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "SQLiteDatabaseTests",
            dependencies: ["Notifications", "Migrations", "Repository", "SQLiteDatabase", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "PostgresDatabaseTests",
            dependencies: ["Notifications", "Migrations", "Repository", "PostgresDatabase", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "OutboundHTTPTests",
            dependencies: [
                "Notifications", "OutboundHTTP",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: [.copy("Data")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OutboundMailTests", dependencies: ["Notifications", "OutboundMail"], swiftSettings: settings),
        .testTarget(
            name: "EventRoutingTests",
            dependencies: [
                "Notifications", "Repository", "EventRouting", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Notifications", "Repository", "EventRouting", "WebServing", "WebAPI", "WebPages",
                "Web", "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RunbellTests",
            dependencies: [
                "Notifications", "Repository", "SQLiteDatabase", "PostgresDatabase", "runbell", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "HouseRulesTests", swiftSettings: settings),
        // Every parser of bytes that others send, for `make fuzz` and its tests.
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Notifications", "OutboundHTTP", "Repository", "WebServing", "WebPages",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            path: "Tests/Fuzz",
            swiftSettings: settings
        ),
        // What single steps cost, for `make microbench`.
        .executableTarget(
            name: "microbench", dependencies: ["Notifications", "Repository", "TestSupport"],
            path: "Tests/Microbenchmarks", swiftSettings: settings),
        // What the frameworks alone cost, for `make bench`.
        .executableTarget(
            name: "frameworks",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "bench/frameworks", swiftSettings: settings),
        .testTarget(name: "FuzzTests", dependencies: ["fuzz"], exclude: ["corpus"], swiftSettings: settings),
    ]
)
