import Notifications
import OutboundHTTP
import Synchronization
import Testing

extension OutboundTests {
    @Suite("Outbound client")
    struct OutboundClientTests {
        @Test func `a request is sent as rendered, with the fields that the transport adds`() async throws {
            let receiver = try await Receiver.start { $0.answer("201 Made", "done", headers: ["X-A: 1", "X-A: 2"]) }
            let exchange = try await withClient { client in
                await client.post(
                    "http://127.0.0.1:\(receiver.port)/hook%0d%0aX:%20y?a=b&c", headers: [.init("X-Name", "välue")],
                    body: "{\"a\":1}")
            }
            #expect(
                receiver.requests == [
                    "POST /hook%0d%0aX:%20y?a=b&c HTTP/1.1\r\nHost: 127.0.0.1:\(receiver.port)\r\n"
                        + "X-Name: välue\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
                ])
            let answer = try #require(exchange.answer)
            #expect(answer.status == 201)
            #expect(answer.text == "done")
            #expect(answer.headers.filter { $0.name == "X-A" }.map(\.value) == ["1", "2"])
            #expect(answer.at > Timestamp(seconds: 1_700_000_000))
            #expect(exchange.address == "127.0.0.1")
            let timings = exchange.timings
            #expect(timings.connect != nil && timings.head != nil && timings.tls == nil && timings.resolve == nil)
            #expect(timings.total >= (timings.connect ?? .zero) + (timings.head ?? .zero))
            await receiver.stop()
        }

        @Test(arguments: [HTTPMessage.Method.get, .put, .delete])
        func `other methods`(method: HTTPMessage.Method) async throws {
            let receiver = try await Receiver.start()
            let exchange = try await withClient { client in
                let url = "http://127.0.0.1:\(receiver.port)/"
                return await client.send(
                    HTTPMessage(method: method, url: url, headers: [], body: []), deadline: .seconds(5))
            }
            #expect(exchange.answer?.status == 200)
            let request = try #require(receiver.requests.first)
            #expect(request.hasPrefix("\(method.rawValue) / HTTP/1.1\r\n"))
            #expect(request.contains("Content-Length: 0") == (method != .get))
            await receiver.stop()
        }

        @Test(arguments: [
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, "ok"),
            ("HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end"),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end", 200, "until the end"),
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, ""),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
                200, "x"
            ),
            ("HTTP/1.1 418 \r\nContent-Length: 0\r\n\r\n", 418, ""),
        ])
        func `answers of every shape`(raw: String, status: Int, body: String) async throws {
            let receiver = try await Receiver.start { visit in
                visit.write(raw)
                if raw.hasSuffix("until the end") { visit.close() }
            }
            let exchange = try await withClient { await $0.post("http://127.0.0.1:\(receiver.port)/") }
            #expect(exchange.answer?.status == status)
            #expect(exchange.answer?.text == body)
            await receiver.stop()
        }

        @Test(arguments: [301, 302, 303, 307, 308])
        func `redirects are told, not followed`(status: Int) async throws {
            let other = try await Receiver.start()
            let receiver = try await Receiver.start { visit in
                visit.answer(
                    "\(status) Elsewhere", "",
                    headers: [
                        "Location: http://127.0.0.1:\(other.port)/", "Refresh: 0; url=http://127.0.0.1:\(other.port)/",
                        "Alt-Svc: h2=\"127.0.0.1:\(other.port)\"",
                    ])
            }
            let exchange = try await withClient { await $0.post("http://127.0.0.1:\(receiver.port)/") }
            #expect(exchange.answer?.status == status)
            #expect(receiver.connections == 1)
            #expect(other.connections == 0)
            await receiver.stop()
            await other.stop()
        }

        @Test func `a name's next address is tried when one cannot be connected`() async throws {
            let receiver = try await Receiver.start()
            let asked = Mutex<[String]>([])
            let exchange = try await withClient(resolve: { name in
                asked.withLock { $0.append(name) }
                return addresses("127.0.0.9", "127.0.0.1")
            }) { await $0.post("http://receiver.example.com:\(receiver.port)/") }
            #expect(exchange.answer?.status == 200)
            #expect(exchange.address == "127.0.0.1")
            #expect(exchange.timings.resolve != nil)
            #expect(asked.withLock { $0 } == ["receiver.example.com"])
            #expect(receiver.requests.first?.contains("Host: receiver.example.com:\(receiver.port)\r\n") == true)
            await receiver.stop()
        }

        @Test func `nobody listening is a connect failure`() async throws {
            let receiver = try await Receiver.start()
            await receiver.stop()
            let exchange = try await withClient { await $0.post("http://127.0.0.1:\(receiver.port)/secretpath") }
            #expect(exchange.failure == .connecting("The receiver refused the connection."))
            #expect(exchange.address == "127.0.0.1")
        }

        @Test(arguments: [
            HTTPMessage.Header("Host", "a"), .init("Content-Length", "1"), .init("transfer-encoding", "chunked"),
            .init("Connection", "close"), .init("Accept-Encoding", "gzip"), .init("Expect", "100-continue"),
            .init("Proxy-Authorization", "x"), .init("", "x"), .init("x\r\na", "x"), .init("a b", "x"),
            .init("a:", "x"),
            .init("é", "x"), .init("X", "a\r\nX-Injected: 1"), .init("X", "a\nb"), .init("X", "a\0"),
            .init("X", "\u{7F}"),
            .init("X", String(repeating: "a", count: 8193)),
        ])
        func `no header can become another request`(header: HTTPMessage.Header) async throws {
            let receiver = try await Receiver.start()
            let exchange = try await withClient {
                await $0.post("http://127.0.0.1:\(receiver.port)/", headers: [header])
            }
            #expect(exchange.isRefused)
            #expect(receiver.connections == 0)
            await receiver.stop()
        }

        @Test func `the address that crashes other clients is refused`() async throws {
            try await withClient(policy: .unrestricted) { client in
                for url in ["http://8.8.8.8:99999/", "http://localhost:99999/", "http://example.com:65558/"] {
                    #expect(await client.post(url).isRefused)
                }
            }
        }

        @Test func `cancelling the task closes the connection`() async throws {
            let receiver = try await Receiver.start { _ in }
            try await withClient { client in
                let sending = Task { await client.post("http://127.0.0.1:\(receiver.port)/", within: .seconds(60)) }
                #expect(await eventually { receiver.requests.count == 1 })
                sending.cancel()
                #expect(await sending.value.failure == .disconnected)
                #expect(await eventually { receiver.openConnections == 0 })
                #expect(receiver.connections == 1)
            }
            await receiver.stop()
        }

        @Test func `a client that is dropped without a shutdown takes its connections along`() async throws {
            let receiver = try await Receiver.start()
            do {
                let client = try OutboundClient(policy: .loopback)
                #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.status == 200)
                await client.shutdown()
                await client.shutdown()
            }
            do {
                let client = try OutboundClient(policy: .loopback)
                #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.status == 200)
            }
            #expect(await eventually { receiver.openConnections == 0 })
            await receiver.stop()
        }

        @Test func `the service's own addresses include every interface`() throws {
            let all = try ListeningAddress.all(listeningOn: #require(IPAddress("0.0.0.0")), port: 8080)
            #expect(all.contains { $0.address.description == "127.0.0.1" && $0.port == 8080 })
            #expect(try ListeningAddress.all(listeningOn: #require(IPAddress("127.0.0.3")), port: 1).count == 1)
        }

        /// `RUNBELL_LISTEN=localhost:8080`, with all of 127.0.0.0/8 allowed.
        @Test func `a listener with a name is known by its addresses`() throws {
            let own = ListeningAddress.all(listeningOn: "localhost", port: 8080)
            let loopback = try #require(AddressRange("127.0.0.0/8"))
            let policy = EgressPolicy(allowedRanges: [loopback], isHTTPAllowed: true, ownAddresses: own)
            #expect(policy.error(in: "http://127.0.0.1:8080/", rule: .any)?.contains("Runbell itself") == true)
            #expect(policy.error(in: "http://127.0.0.1:8081/", rule: .any) == nil)
            #expect(ListeningAddress.all(listeningOn: "no-such-name.invalid", port: 8080).isEmpty)
        }
    }
}
