import HTTPTypes
import HummingbirdTesting
import Notifications
import Synchronization
import TestSupport
import Testing

/// What a client can do to a connection, over real sockets.
@Suite struct ConnectionTests {
    private func withService(_ test: @Sendable (RawConnection, ServiceUnderTest) async throws -> Void) async throws {
        let service = try await ServiceUnderTest()
        try await service.run(.live) { caller in
            let port = try #require(caller.client.port)
            try await test(RawConnection(port: port), service)
            // Whatever came before, the service still answers others.
            let health = await RawConnection(port: port).exchange(
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", answers: 1)
            #expect(health.status == 200)
        }
    }

    @Test(
        arguments: [
            "GET /healthz HTTP/1.1\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost:\r\n\r\n",
            "GET /healthz HTTP/3.7\r\nHost: localhost\r\n\r\n", "get /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\na",
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x1\r\n\r\na",
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\na",
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab",
            "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\u{00}\u{01}\u{FC}\u{03}\u{03}", "nonsense\r\n\r\n",
        ])
    func isNotTakenAsARequest(_ text: String) async throws {
        try await withService { connection, _ in
            let result = await connection.exchange(text, answers: 1)
            #expect(result.status == 400)
            #expect(result.duration < .seconds(5))
            #expect(result.text.lowercased().contains("content-type: application/problem+json"))
            #expect(result.text.contains(#""type":"/problems/bad_request""#))
            #expect(result.text.lowercased().contains("x-request-id: "))
        }
    }

    @Test func aHeadHasBounds() async throws {
        try await withService { connection, _ in
            let start = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
            let many = (0..<65).map { "X-\($0): 1\r\n" }.joined()
            let long = "X-Long: \(String(repeating: "a", count: 9000))\r\n"
            let total = (0..<5).map { "X-\($0): \(String(repeating: "a", count: 4000))\r\n" }.joined()
            for headers in [many, long, total] {
                let result = await connection.exchange(start + headers + "\r\n")
                #expect(result.status == 400)
                #expect(result.isClosed)
            }
            for (length, status) in [(2000, 404), (2001, 414)] {
                let path = "/" + String(repeating: "a", count: length - 1)
                let target = await connection.exchange("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n", answers: 1)
                #expect(target.status == status)
            }
        }
    }

    @Test func aHeadThatDripsIsCutOff() async throws {
        try await withService { connection, _ in
            let drops = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n".utf8.map { [$0] }
            let result = await connection.exchange(drops, pause: .seconds(1))
            #expect(result.isClosed)
            #expect(result.duration > .seconds(8) && result.duration < .seconds(14))
        }
    }

    @Test func emptyLinesBeforeARequestAreFine() async throws {
        try await withService { connection, _ in
            let result = await connection.exchange(
                String(repeating: "\r\n", count: 2000)
                    + "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
            #expect(result.status == 200)
        }
    }

    @Test func aHostIsNeverReflected() async throws {
        try await withService { connection, _ in
            for text in [
                "GET /v1/nothing HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n",
                "GET http://evil.test/v1/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            ] {
                let result = await connection.exchange(text)
                #expect([404, 421].contains(result.status))
                #expect(!result.text.contains("evil"))
            }
        }
    }

    /// RFC 9112, section 3.2.2.
    @Test func theHostOfATargetIsTheOneThatCounts() async throws {
        try await withService { connection, _ in
            for (target, host, status) in [
                ("http://localhost/login", "evil.test", 200), ("HTTPS://127.0.0.1:8443/login", "evil.test", 200),
                ("http://localhost?to=/", "evil.test", 400), ("http://evil.test/login", "localhost", 421),
                ("http://evil.test:99999/login", "localhost", 421), ("http://a@localhost/login", "localhost", 421),
                ("other://evil.test/login", "localhost", 421), ("http:///login", "localhost", 400),
                ("http://localhost/login", "localhost\r\nHost: localhost", 400), ("*", "localhost", 404),
            ] {
                let result = await connection.exchange(
                    "GET \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                #expect(result.status == status, "\(target)")
            }
            let without = await connection.exchange("GET http://localhost/healthz HTTP/1.1\r\n\r\n", answers: 1)
            #expect(without.status == 400)
        }
    }

    /// An unknown name that resolves to this service is refused (DNS rebinding); health checks work under any name.
    @Test(arguments: [
        ("localhost", 200), ("LOCALHOST:8080", 200), ("127.0.0.1:1", 200), ("[::1]:8080", 200), ("10.1.2.3", 200),
        ("runbell.example.com", 421), ("evil.test:8080", 421), ("localhost.evil.test", 421),
        ("127.0.0.1.evil.test", 421),
        ("localhost:8080:1", 421), ("[::1]x", 421), ("localhost:x", 421), ("a@localhost", 421), ("localhost.", 421),
    ])
    func onlyKnownHostsAreAnswered(_ host: String, _ status: Int) async throws {
        try await withService { connection, _ in
            for (path, expected) in [
                ("/openapi.json", status), ("/login", status), ("/healthz", 200), ("/readyz", 200),
            ] {
                let result = await connection.exchange(
                    "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                #expect(result.status == expected, "\(host) \(path)")
            }
        }
    }

    /// Other parsers read these differently, or reject them.
    @Test(arguments: [
        "Transfer-Encoding:\tchunked", "Transfer-Encoding: \tchunked", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "transfer-encoding:xchunked", "Transfer-Encoding: chunked;a=b", "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding:", "TRANSFER-ENCODING: chunked ",
    ])
    func aTransferEncodingHasOneSpelling(_ line: String) async throws {
        try await withService { connection, service in
            let result = await connection.exchange(
                "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(service.scheduler)\r\n"
                    + "Content-Type: application/json\r\n\(line)\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                answers: 1)
            #expect(result.status == 400)
            #expect(result.text.contains("problems/bad_request"))
        }
    }

    /// In a body it is text like any other, however it arrives; whatever follows the body is a head again.
    @Test(arguments: [1, 7, 64, 100_000])
    func aBodyMayQuoteATransferEncoding(_ size: Int) async throws {
        try await withService { connection, service in
            let text = "Transfer-Encoding: gzip was refused.\nTransfer-Encoding:\r\n\r\nTransfer-Encoding:\tx\n"
            let start =
                "POST /v2/room/CI/notification HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer \(service.scheduler)\r\nContent-Type: text/plain\r\n"
            let whole = start + "Content-Length: \(text.utf8.count)\r\n\r\n" + text
            let chunked =
                start + "Transfer-Encoding: chunked\r\n\r\n"
                + "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n0\r\n\r\n"
            let smuggling = start + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
            let bytes = Array((whole + chunked + whole + smuggling).utf8)
            let pieces = stride(from: 0, to: bytes.count, by: size).map { start in
                Array(bytes[start..<min(bytes.count, start + size)])
            }
            let result = await connection.exchange(pieces, answers: 4)
            #expect(result.statuses == [204, 204, 204, 400])
            #expect(result.isClosed || result.text.hasSuffix("}"))
        }
    }

    @Test func oneConnectionTooManyIsToldSo() async throws {
        let service = try await ServiceUnderTest()
        try await service.run(.live, connections: 2) { caller in
            let connection = RawConnection(port: try #require(caller.client.port))
            let start = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
            let end = End()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        while !end.hasCome.load(ordering: .relaxed) {
                            _ = await connection.exchange(start, waiting: .seconds(2))
                        }
                    }
                }
                defer { end.hasCome.store(true, ordering: .relaxed) }
                var result = await connection.exchange(start + "\r\n", waiting: .seconds(1))
                try await wait {
                    if result.status == 503 { return true }
                    result = await connection.exchange(start + "\r\n", waiting: .seconds(1))
                    return false
                }
                #expect(result.isClosed)
                #expect(result.text.lowercased().contains("retry-after: 1\r\n"))
                #expect(result.text.contains("problems/overloaded"))
            }
            // Closed connections make room.
            try await wait { await connection.exchange(start + "\r\n", answers: 1).status == 200 }
        }
    }

    @Test func aBodyThatIsTooLongIsRefusedUnread() async throws {
        try await withService { connection, service in
            let head =
                "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(service.scheduler)\r\n"
                + "Content-Type: application/json\r\n"
            let announced = await connection.exchange(head + "Content-Length: 262145\r\n\r\n")
            #expect(announced.status == 413)
            #expect(announced.isClosed)
            #expect(announced.duration < .seconds(5))
            let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
            let streamed = await connection.exchange(
                head + "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 6) + "0\r\n\r\n")
            #expect(streamed.status == 413)
            #expect(streamed.isClosed)
        }
    }

    @Test func aBodyUpToTheLimitIsTaken() async throws {
        let service = try await ServiceUnderTest()
        try await service.run(.live) { caller in
            for (extra, status) in [(-1, 202), (0, 202), (1, 413)] {
                var bytes = TestInput.event().compactBytes
                bytes += Array(repeating: UInt8(ascii: " "), count: 256 * 1024 + extra - bytes.count)
                let reply = try await caller.send(
                    .post, "/v1/events", key: service.scheduler, bytes: bytes,
                    headers: [.contentType: "application/json"])
                #expect(reply.status == status)
                if status == 413 { break }
            }
        }
    }

    @Test func brokenChunksAreRefused() async throws {
        try await withService { connection, service in
            let result = await connection.exchange(
                "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(service.scheduler)\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")
            #expect(result.status == 400)
            #expect(result.isClosed)
        }
    }

    @Test func aBodyIsInvited() async throws {
        try await withService { connection, service in
            let body = TestInput.event().compactBytes
            let head =
                "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(service.scheduler)\r\n"
                + "Content-Type: application/json\r\nConnection: close\r\nExpect: 100-continue\r\n"
            let taken = await connection.exchange(
                [Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8), body], pause: .milliseconds(300))
            #expect(taken.statuses == [100, 202])
            let refused = await connection.exchange(head + "Content-Length: 5000000\r\n\r\n")
            #expect(refused.statuses == [413])
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await withService { connection, _ in
            let one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let other = "GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let last = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let result = await connection.exchange(one + other + one + other + last + one)
            #expect(result.statuses == [200, 404, 200, 404, 200])
            #expect(result.isClosed)
        }
    }

    @Test func anAnswerBeforeTheWholeBodyEndsTheConnection() async throws {
        try await withService { connection, _ in
            let result = await connection.exchange(
                [
                    Array(
                        """
                        POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                        Content-Length: 100\r\n\r\n{
                        """
                        .utf8),
                    Array("GET /healthz HTTP/1.1\r\n".utf8),
                ], pause: .milliseconds(200))
            #expect(result.statuses == [401])
            #expect(result.isClosed)
            #expect(result.text.lowercased().contains("connection: close"))
        }
    }
}

private final class End: Sendable {
    let hasCome = Atomic<Bool>(false)
}
