import NIOSSL
import Notifications
import OutboundHTTP
import Testing

extension OutboundTests {
    @Suite("TLS")
    struct TLSTests {
        private func send(
            to url: String, certificate: String = "receiver", newest: TLSVersion? = nil, trusts: Bool = true
        ) async throws -> Exchange {
            let receiver = try await Receiver.start(tls: TestCertificates.server(certificate, newest: newest))
            let roots = trusts ? try TestCertificates.path("authority") : nil
            let exchange = try await withClient(trustRoots: roots, resolve: { _ in addresses("127.0.0.1") }) { client in
                let url = url.replacing("PORT", with: "\(receiver.port)")
                let first = await client.post(url)
                if first.answer != nil {
                    #expect(await client.post(url).answer?.status == 200)
                    #expect(receiver.connections == 1)
                }
                return first
            }
            if exchange.answer == nil {
                #expect(receiver.requests.isEmpty, "nothing is sent before the certificate is checked")
            }
            await receiver.stop()
            return exchange
        }

        @Test(arguments: ["https://receiver.example.com:PORT/", "https://127.0.0.1:PORT/"])
        func `the right certificate`(url: String) async throws {
            let exchange = try await send(to: url)
            #expect(exchange.answer?.status == 200)
            #expect(exchange.timings.tls != nil)
        }

        @Test(arguments: [
            ("https://receiver.example.com:PORT/", "other"), ("https://127.0.0.1:PORT/", "other"),
            ("https://wrong.example.com:PORT/", "receiver"),
        ])
        func `a certificate for another name`(url: String, certificate: String) async throws {
            let exchange = try await send(to: url, certificate: certificate)
            #expect(exchange.failure == .tls("The receiver's certificate is for another name."))
        }

        @Test func `an unknown authority`() async throws {
            let exchange = try await send(to: "https://receiver.example.com:PORT/", trusts: false)
            #expect(
                exchange.failure
                    == .tls(
                        "The receiver's certificate is not trusted: it is expired, self-signed or from an "
                            + "unknown authority."))
        }

        @Test func `an old version of TLS`() async throws {
            let exchange = try await send(to: "https://receiver.example.com:PORT/", newest: .tlsv11)
            #expect(exchange.failure == .tls("The receiver does not speak TLS 1.2 or later."))
        }

        @Test func `TLS 1.2 is accepted`() async throws {
            #expect(try await send(to: "https://receiver.example.com:PORT/", newest: .tlsv12).answer?.status == 200)
        }

        @Test func `a port without TLS`() async throws {
            let receiver = try await Receiver.start(onConnect: { $0.write("HTTP/1.1 400 Bad Request\r\n\r\n") })
            let exchange = try await withClient { await $0.post("https://127.0.0.1:\(receiver.port)/") }
            #expect(exchange.failure == .tls("The receiver does not speak TLS on this port."))
            await receiver.stop()
        }

        @Test func `a handshake that never comes ends by the deadline`() async throws {
            let receiver = try await Receiver.start { _ in }
            let started = ContinuousClock.now
            try await withClient { client in
                let exchange = await client.post("https://127.0.0.1:\(receiver.port)/", within: .milliseconds(500))
                #expect(exchange.failure == .timedOut(.tls))
                #expect(ContinuousClock.now - started < .seconds(2))
                #expect(await eventually { receiver.openConnections == 0 })
            }
            await receiver.stop()
        }

        @Test func `an interrupted handshake`() async throws {
            let receiver = try await Receiver.start(onConnect: { $0.close() })
            let exchange = try await withClient { await $0.post("https://127.0.0.1:\(receiver.port)/") }
            #expect(exchange.failure == .tls("The receiver closed the connection during the TLS handshake."))
            await receiver.stop()
        }

        @Test func `a file without authorities is reported at the start`() {
            #expect(throws: (any Error).self) {
                try OutboundClient(policy: EgressPolicy(), additionalTrustRoots: "/nonexistent.pem")
            }
        }
    }
}
