import Notifications
import OutboundHTTP
import Synchronization
import Testing

extension OutboundTests {
    @Suite("Kept connections")
    struct KeepAliveTests {
        @Test func `idle connections are closed before load balancers do it`() {
            // 60 s at AWS (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html):
            // what is sent at that moment is lost.
            #expect(OutboundLimits().idleLifetime < .seconds(60))
        }

        @Test(arguments: [(0, 3), (1, 1)])
        func `one connection may be all that is kept`(perTarget: Int, connections: Int) async throws {
            var limits = OutboundLimits()
            limits.idleConnectionsPerTarget = perTarget
            let receiver = try await Receiver.start()
            try await withClient(limits: limits) { client in
                for _ in 1...3 {
                    #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.status == 200)
                }
            }
            #expect(receiver.connections == connections)
            await receiver.stop()
        }

        @Test func `the second request uses the first one's connection`() async throws {
            let receiver = try await Receiver.start()
            try await withClient { client in
                for _ in 1...20 {
                    #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.status == 200)
                }
                #expect(client.idleConnections == 1)
                let last = await client.post("http://127.0.0.1:\(receiver.port)/")
                #expect(last.timings.connect == nil)
                #expect(last.address == "127.0.0.1")
            }
            #expect(receiver.connections == 1)
            #expect(receiver.requests.count == 21)
            #expect(await eventually { receiver.openConnections == 0 })
            await receiver.stop()
        }

        @Test(arguments: [
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        ])
        func `a receiver that wants no second request gets a new connection`(raw: String) async throws {
            let receiver = try await Receiver.start { $0.write(raw) }
            try await withClient { client in
                for _ in 1...3 {
                    #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.text == "ok")
                    #expect(client.idleConnections == 0)
                }
            }
            #expect(receiver.connections == 3)
            await receiver.stop()
        }

        @Test func `an HTTP 1.0 receiver may ask to be kept`() async throws {
            let receiver = try await Receiver.start {
                $0.write("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n")
            }
            try await withClient { client in
                for _ in 1...3 { _ = await client.post("http://127.0.0.1:\(receiver.port)/") }
            }
            #expect(receiver.connections == 1)
            await receiver.stop()
        }

        @Test func `a connection that closes while it is idle is forgotten`() async throws {
            let receiver = try await Receiver.start()
            try await withClient { client in
                _ = await client.post("http://127.0.0.1:\(receiver.port)/")
                #expect(client.idleConnections == 1)
                await receiver.closeConnections()
                #expect(await eventually { client.idleConnections == 0 })
                #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.status == 200)
            }
            await receiver.stop()
        }

        /// The receiver reads the second request and closes without an answer: it may have acted on it, so the request
        /// is not repeated within the attempt.
        @Test(arguments: [true, false])
        func `what may have been read is not sent again`(isReset: Bool) async throws {
            let receiver = try await Receiver.start { visit in
                if visit.number == 1 { return visit.answer() }
                isReset ? visit.reset() : visit.close()
            }
            try await withClient { client in
                #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.status == 200)
                #expect(await client.post("http://127.0.0.1:\(receiver.port)/").failure == .disconnected)
                #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.status == 200)
            }
            #expect(receiver.connections == 2)
            #expect(receiver.requests.count == 3)
            await receiver.stop()
        }

        @Test func `a fresh connection that closes is not tried again`() async throws {
            let receiver = try await Receiver.start { $0.close() }
            let exchange = try await withClient { await $0.post("http://127.0.0.1:\(receiver.port)/") }
            #expect(exchange.failure == .disconnected)
            #expect(receiver.requests.count == 1)
            await receiver.stop()
        }

        @Test(arguments: ["H", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok"])
        func `a reused connection that gave a byte is not tried again`(start: String) async throws {
            let receiver = try await Receiver.start { visit in
                if visit.number == 1 { return visit.answer() }
                visit.write(start)
                visit.close()
            }
            try await withClient { client in
                #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.status == 200)
                #expect(await client.post("http://127.0.0.1:\(receiver.port)/").failure == .disconnected)
            }
            #expect(receiver.requests.count == 2)
            await receiver.stop()
        }

        @Test func `two names at one address share no connection`() async throws {
            let receiver = try await Receiver.start()
            try await withClient(resolve: { _ in addresses("127.0.0.1") }) { client in
                _ = await client.post("http://a.example.com:\(receiver.port)/")
                _ = await client.post("http://b.example.com:\(receiver.port)/")
                _ = await client.post("http://a.example.com:\(receiver.port)/")
            }
            #expect(receiver.connections == 2)
            await receiver.stop()
        }

        @Test func `idle connections are bounded for a target and in all`() async throws {
            let receivers = try await [Receiver.start(), Receiver.start(), Receiver.start()]
            var limits = OutboundLimits()
            limits.idleConnectionsPerTarget = 2
            limits.idleConnections = 3
            try await withClient(limits: limits) { client in
                for receiver in receivers {
                    await withTaskGroup { group in
                        for _ in 1...8 {
                            group.addTask { await client.post("http://127.0.0.1:\(receiver.port)/") }
                        }
                        for await exchange in group { #expect(exchange.answer?.status == 200) }
                    }
                    #expect(client.idleConnections <= 3)
                }
                #expect(await eventually { receivers.map(\.openConnections).reduce(0, +) == client.idleConnections })
                #expect(receivers[2].openConnections == 2)
            }
            for receiver in receivers { await receiver.stop() }
        }

        @Test func `an idle connection is closed after its time`() async throws {
            let receiver = try await Receiver.start()
            var limits = OutboundLimits()
            limits.idleLifetime = .milliseconds(150)
            limits.idleSweep = .milliseconds(50)
            try await withClient(limits: limits) { client in
                _ = await client.post("http://127.0.0.1:\(receiver.port)/")
                #expect(client.idleConnections == 1)
                #expect(await eventually { client.idleConnections == 0 && receiver.openConnections == 0 })
            }
            await receiver.stop()
        }

        /// The sweep runs much later here, so only the age decides.
        @Test func `a connection that has been idle for too long is not used`() async throws {
            let receiver = try await Receiver.start()
            var limits = OutboundLimits()
            limits.idleLifetime = .milliseconds(100)
            limits.idleSweep = .seconds(60)
            try await withClient(limits: limits) { client in
                _ = await client.post("http://127.0.0.1:\(receiver.port)/")
                try await Task.sleep(for: .milliseconds(150))
                #expect(client.idleConnections == 1)
                _ = await client.post("http://127.0.0.1:\(receiver.port)/")
                #expect(receiver.connections == 2)
            }
            await receiver.stop()
        }

        @Test func `after shutdown nothing is kept`() async throws {
            let receiver = try await Receiver.start()
            let client = try OutboundClient(policy: .loopback)
            _ = await client.post("http://127.0.0.1:\(receiver.port)/")
            await client.shutdown()
            #expect(await eventually { receiver.openConnections == 0 })
            _ = await client.post("http://127.0.0.1:\(receiver.port)/")
            #expect(client.idleConnections == 0)
            await receiver.stop()
        }
    }
}
