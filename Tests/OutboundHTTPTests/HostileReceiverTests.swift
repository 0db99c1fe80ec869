import NIOCore
import Notifications
import OutboundHTTP
import Testing

extension OutboundTests {
    /// Whatever a receiver does, an exchange ends within a quarter of a second of its deadline.
    @Suite("Hostile receivers")
    struct HostileReceiverTests {
        /// Sends one request to a receiver with the given script. Other tests may keep the CPUs busy for a moment, so
        /// an exchange that took too long is repeated; three in a row are no coincidence.
        private func exchange(
            within deadline: Duration = .milliseconds(600), _ script: @escaping Receiver.Script
        ) async throws -> Exchange {
            for _ in 1...2 {
                let exchange = try await exchangeOnce(within: deadline, script)
                if exchange.timings.total <= deadline + .milliseconds(250) { return exchange }
            }
            let exchange = try await exchangeOnce(within: deadline, script)
            #expect(exchange.timings.total <= deadline + .milliseconds(250))
            return exchange
        }

        private func exchangeOnce(
            within deadline: Duration, _ script: @escaping Receiver.Script
        ) async throws -> Exchange {
            let receiver = try await Receiver.start(script: script)
            let exchange = try await withClient { client in
                let exchange = await client.post("http://127.0.0.1:\(receiver.port)/", within: deadline)
                #expect(await eventually { receiver.openConnections == 0 }, "the connection must be closed")
                // The client notices the end a moment after the receiver.
                #expect(await eventually { client.idleConnections == 0 }, "no connection may be kept")
                return exchange
            }
            #expect(receiver.connections == 1)
            await receiver.stop()
            return exchange
        }

        @Test func `never answering`() async throws {
            #expect(try await exchange { _ in }.failure == .timedOut(.waiting))
        }

        @Test func `a head that drips`() async throws {
            let exchange = try await exchange {
                $0.drip("HTTP/1.1 200 OK\r\nX-A: aaaaaaaaaaaaaaaaa", every: .milliseconds(40))
            }
            #expect(exchange.failure == .timedOut(.waiting))
        }

        @Test func `a body that drips`() async throws {
            let exchange = try await exchange { visit in
                visit.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                visit.drip("x", every: .milliseconds(40))
            }
            #expect(exchange.failure == .timedOut(.reading))
        }

        @Test(arguments: ["Content-Length: 99999999999", "X-A: no length"])
        func `an endless body is cut`(field: String) async throws {
            let exchange = try await exchange(within: .seconds(10)) { visit in
                visit.write("HTTP/1.1 200 OK\r\n\(field)\r\n\r\n")
                visit.flood(String(repeating: "x", count: 64 * 1024))
            }
            #expect(exchange.answer?.status == 200)
            #expect(exchange.answer?.body.count == 4 * 1024)
            #expect(exchange.timings.total < .seconds(5))
        }

        @Test func `an endless body of one-byte chunks`() async throws {
            let exchange = try await exchange(within: .seconds(10)) { visit in
                visit.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                visit.flood(String(repeating: "1\r\nx\r\n", count: 10_000))
            }
            #expect(exchange.answer?.body.count == 4 * 1024)
        }

        @Test func `of an answer that is read to its end, the first bytes are kept`() async throws {
            let text = String(repeating: "a", count: 4096) + String(repeating: "b", count: 60 * 1024)
            let exchange = try await exchange(within: .seconds(10)) { visit in
                visit.answer("200 OK", text, headers: ["Connection: close"])
            }
            #expect(exchange.answer?.text == String(text.prefix(4096)))
        }

        /// One byte more, and the rest of the answer would have to be read first.
        @Test(arguments: [(64 * 1024, 1), (64 * 1024 + 1, 2)])
        func `after an answer that was read to its end, the connection is used again`(
            length: Int, connections: Int
        ) async throws {
            let receiver = try await Receiver.start { $0.answer("200 OK", String(repeating: "a", count: length)) }
            try await withClient { client in
                for _ in 1...2 {
                    #expect(await client.post("http://127.0.0.1:\(receiver.port)/").answer?.status == 200)
                }
            }
            #expect(receiver.connections == connections)
            await receiver.stop()
        }

        @Test(arguments: [(20 * 1024, 20 * 1024), (1, 4096), (1 << 20, 64 * 1024)])
        func `of an answer that the message needs, more is kept`(needed: Int, kept: Int) async throws {
            let receiver = try await Receiver.start { $0.answer("200 OK", String(repeating: "a", count: 64 * 1024)) }
            var message = HTTPMessage(url: "http://127.0.0.1:\(receiver.port)/", headers: [], body: [])
            message.answerBytesKept = needed
            let exchange = try await withClient { [message] client in
                await client.send(message, deadline: .seconds(10))
            }
            #expect(exchange.answer?.body.count == kept)
            await receiver.stop()
        }

        @Test func `a head of four megabytes`() async throws {
            let exchange = try await exchange(within: .seconds(10)) { visit in
                visit.write("HTTP/1.1 200 OK\r\nX-A: " + String(repeating: "a", count: 4 << 20) + "\r\n\r\n")
            }
            #expect(exchange.failure == .malformed("The response headers are too large."))
        }

        @Test func `a thousand fields`() async throws {
            let exchange = try await exchange(within: .seconds(10)) { visit in
                visit.write("HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 1000) + "\r\n")
            }
            #expect(exchange.failure == .malformed("The response headers are too large."))
        }

        @Test(arguments: ["100 Continue", "103 Early Hints"])
        func `a flood of informational answers`(status: String) async throws {
            let exchange = try await exchange(within: .seconds(10)) { $0.flood("HTTP/1.1 \(status)\r\n\r\n") }
            #expect(exchange.failure == .malformed("The receiver sent too many informational responses."))
        }

        @Test(
            arguments: [(8, nil), (9, .malformed("The receiver sent too many informational responses."))]
                as [(Int, TransportFailure?)])
        func `a few informational answers are taken`(count: Int, failure: TransportFailure?) async throws {
            let exchange = try await exchange(within: .seconds(10)) { visit in
                let before = String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: count)
                visit.write(before + "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
            }
            #expect(exchange.failure == failure)
        }

        @Test func `a reason phrase without end`() async throws {
            let exchange = try await exchange(within: .seconds(10)) { visit in
                visit.write("HTTP/1.1 200 ")
                visit.flood(String(repeating: "a", count: 64 * 1024))
            }
            #expect(exchange.failure == .malformed("The response is larger than its body accounts for."))
        }

        @Test(arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nX A: b\r\n\r\n", "HTTP/1.1 200 OK\r\n: b\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
            "HTTP/1.1 2 OK\r\n\r\n", "HTTP/1.1 99999 OK\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "220 mail ESMTP\r\n",
            "\0\0\0\0\r\n\r\n",
            "+OK\r\n", "GET / HTTP/1.1\r\n\r\n",
        ])
        func `what is no answer`(raw: String) async throws {
            let exchange = try await exchange(within: .seconds(10)) { $0.write(raw) }
            #expect(exchange.failure == .malformed("The receiver did not send an HTTP/1.1 response."))
        }

        @Test func `switching protocols`() async throws {
            let exchange = try await exchange(within: .seconds(10)) {
                $0.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
            }
            #expect(exchange.failure == .malformed("The receiver tried to switch to another protocol."))
        }

        @Test func `a compressed bomb stays compressed`() async throws {
            let receiver = try await Receiver.start { visit in
                visit.answer("200 OK", String(repeating: "z", count: 1000), headers: ["Content-Encoding: gzip"])
            }
            let exchange = try await withClient { await $0.post("http://127.0.0.1:\(receiver.port)/") }
            #expect(exchange.answer?.body == Array(repeating: UInt8(ascii: "z"), count: 1000))
            #expect(receiver.requests.first?.lowercased().contains("accept-encoding") == false)
            await receiver.stop()
        }

        @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
        func `closing early`(start: String) async throws {
            let closed = try await exchange(within: .seconds(10)) { visit in
                visit.write(start)
                visit.close()
            }
            #expect(closed.failure == .disconnected)
        }

        @Test func `a reset`() async throws {
            #expect(try await exchange(within: .seconds(10)) { $0.reset() }.failure == .disconnected)
        }

        @Test func `a second answer that nobody asked for`() async throws {
            let exchange = try await exchange(within: .seconds(10)) { visit in
                visit.write(String(repeating: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", count: 3))
            }
            #expect(exchange.answer?.text == "ok")
        }

        /// Valid answers with a few bytes changed, removed or duplicated: in any case, nothing crashes or hangs.
        @Test func `answers with random damage`() async throws {
            let receiver = try await Receiver.start { visit in
                visit.write(Self.damaged())
                visit.close()
            }
            try await withClient { client in
                for _ in 1...300 {
                    let exchange = await client.post("http://127.0.0.1:\(receiver.port)/")
                    switch exchange.result {
                    case .answered(let answer): #expect((0...65535).contains(answer.status))
                    case .failed(.disconnected), .failed(.malformed): break
                    case .failed(let failure): Issue.record("\(failure)")
                    }
                }
            }
            await receiver.stop()
        }

        private static func damaged() -> [UInt8] {
            let whole = [
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nA:b\r\n c\r\n\r\nok",
                "HTTP/1.0 500 No\r\nConnection: keep-alive, close\r\nKeep-Alive: timeout=1\r\n\r\nuntil the end",
            ]
            var bytes = Array((whole.randomElement() ?? "").utf8)
            for _ in 1...Int.random(in: 1...4) {
                let index = bytes.indices.randomElement() ?? 0
                switch Int.random(in: 0..<4) {
                case 0: bytes[index] = UInt8.random(in: 0...255)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
                default: bytes.swapAt(index, bytes.indices.randomElement() ?? 0)
                }
            }
            return bytes
        }

        @Test func `a receiver that does not read`() async throws {
            let receiver = try await Receiver.start()
            let exchange = try await withClient { client in
                // The receiver waits for the whole body; the socket's buffers fill up long before.
                let request = HTTPMessage(
                    url: "http://127.0.0.1:\(receiver.port)/", headers: [], body: Array(repeating: 0x61, count: 8 << 20)
                )
                return await client.send(request, deadline: .seconds(10))
            }
            #expect(exchange.answer?.status == 200)
            await receiver.stop()
        }

        @Test func `five hundred endless bodies at once`() async throws {
            let receiver = try await Receiver.start { visit in
                visit.write("HTTP/1.1 200 OK\r\n\r\n")
                visit.flood(String(repeating: "x", count: 16 * 1024))
            }
            let before = try residentBytes()
            let grown = try await withClient { client in
                await withTaskGroup { group in
                    for _ in 1...500 {
                        group.addTask { await client.post("http://127.0.0.1:\(receiver.port)/", within: .seconds(10)) }
                    }
                    for await exchange in group { #expect(exchange.answer?.body.count == 4 * 1024) }
                }
                return try residentBytes() - before
            }
            // The flooding receiver runs in this process too; Tests/Acceptance measures the service alone.
            #expect(grown < 256 << 20)
            await receiver.stop()
        }
    }
}
