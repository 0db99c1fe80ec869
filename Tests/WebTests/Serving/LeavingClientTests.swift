import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

@testable import Web
@testable import WebServing

/// A client that disconnects costs nothing more, over real sockets.
@Suite struct LeavingClientTests {
    @Test func itsReadEnds() async throws {
        try await withSlowRoute { port, ends in
            for _ in 0..<10 {
                let result = await RawConnection(port: port).exchange(
                    "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n", waiting: .milliseconds(100))
                #expect(result.text.isEmpty)
            }
            for _ in 0..<100 where ends.count < 10 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(ends.errors == Array(repeating: .abandoned, count: 10))
        }
    }

    /// An alert on failures must not fire because somebody closed a browser or ended a program that waits for events.
    @Test func itIsNotCountedAsAFailure() async throws {
        try await withSlowRoute { port, _ in
            for path in ["/slow", "/waiting"] {
                let result = await RawConnection(port: port).exchange(
                    "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n", thenSayingThatThisWasAll: true)
                #expect(result.status == 499)
                #expect(result.text.contains("/problems/client_left"))
            }
        }
    }

    /// Quick is a quarter of a second, which a loaded machine may need for other things: now and then, not five times.
    @Test func oneThatWillOnlySendNothingMoreGetsAQuickAnswer() async throws {
        try await withSlowRoute { port, _ in
            var statuses: [Int] = []
            while statuses.last != 200, statuses.count < 5 {
                let result = await RawConnection(port: port).exchange(
                    "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", thenSayingThatThisWasAll: true)
                statuses.append(result.status)
            }
            #expect(statuses.last == 200, "\(statuses)")
        }
    }

    /// A service with a route that reads for ever.
    private func withSlowRoute(_ test: @Sendable (Int, Ends) async throws -> Void) async throws {
        let service = try await ServiceUnderTest()
        let database = try TestEngine.patient()
        let ends = Ends()
        let web = service.web()
        var routes = web.routes()
        routes.onOpen(.get, "/slow") { _, _ in
            do throws(RepositoryError) {
                try await read(database)
                return .json(["status": "read"])
            } catch {
                ends.append(error)
                throw error
            }
        }
        routes.onOpen(.get, "/waiting") { _, _ in
            try await Task.sleep(for: .seconds(60))
            return .json(["status": "waited"])
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = WebServer(routes: routes).application(host: "127.0.0.1", port: 0, logger: logger)
        try await application.test(.live) { client in try await test(#require(client.port), ends) }
    }

    private func read(_ database: any SQLDatabase) async throws(RepositoryError) {
        _ = try await database.read(.long(of: OrganizationID(1))) { connection throws(RepositoryError) in
            try connection.rows(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", []
            ) { row in row.integer(0) }
        }
    }
}

/// How reads ended.
private final class Ends: Sendable {
    private let all = Mutex<[RepositoryError]>([])

    var errors: [RepositoryError] { all.withLock { $0 } }
    var count: Int { errors.count }

    func append(_ error: RepositoryError) {
        all.withLock { $0.append(error) }
    }
}
