import Foundation
import Notifications
import OutboundHTTP
import Synchronization
import Testing

extension OutboundTests {
    @Suite("Names")
    struct NameTests {
        private struct NoAnswer: Error {}

        /// The name alternates between an allowed and a forbidden address, with a listener on both.
        @Test func `a name that flaps never leads to a refused address`() async throws {
            let allowed = try await Receiver.start()
            let forbidden = try await Receiver.start(host: "127.0.0.2", port: allowed.port)
            let policy = try EgressPolicy(allowedRanges: [#require(AddressRange("127.0.0.1"))], isHTTPAllowed: true)
            var limits = OutboundLimits()
            limits.nameLifetime = .zero
            let calls = Mutex(0)
            let outcomes = try await withClient(
                policy: policy, limits: limits,
                resolve: { _ in
                    let call = calls.withLock { calls in
                        calls += 1
                        return calls
                    }
                    return call % 2 == 0 ? addresses("127.0.0.2") : addresses("127.0.0.1")
                }
            ) { client in
                var outcomes: [Bool] = []
                for _ in 1...1000 {
                    let exchange = await client.post("http://rebind.example.com:\(allowed.port)/")
                    #expect(exchange.isRefused || exchange.answer?.status == 200)
                    outcomes.append(exchange.isRefused)
                }
                return outcomes
            }
            #expect(outcomes.filter { $0 }.count == 500)
            #expect(forbidden.connections == 0)
            #expect(calls.withLock { $0 } == 1000)
            await allowed.stop()
            await forbidden.stop()
        }

        @Test func `a name is looked up once in its lifetime and checked every time`() async throws {
            let receiver = try await Receiver.start()
            let calls = Mutex(0)
            var limits = OutboundLimits()
            limits.nameLifetime = .milliseconds(200)
            try await withClient(
                limits: limits,
                resolve: { _ in
                    calls.withLock { $0 += 1 }
                    return addresses("127.0.0.1")
                }
            ) { client in
                for _ in 1...5 { #expect(await client.post("http://a.example.com:\(receiver.port)/").answer != nil) }
                #expect(calls.withLock { $0 } == 1)
                try await Task.sleep(for: .milliseconds(250))
                _ = await client.post("http://a.example.com:\(receiver.port)/")
                #expect(calls.withLock { $0 } == 2)
            }
            await receiver.stop()
        }

        @Test func `an old answer is never used in place of a failure`() async throws {
            let receiver = try await Receiver.start()
            let calls = Mutex(0)
            var limits = OutboundLimits()
            limits.nameLifetime = .zero
            try await withClient(
                limits: limits,
                resolve: { name in
                    if name == deadName { throw NameUnknown() }
                    let isFirst = calls.withLock { calls in
                        calls += 1
                        return calls == 1
                    }
                    guard isFirst else { throw NoAnswer() }
                    return addresses("127.0.0.1")
                }
            ) { client in
                #expect(await client.post("http://a.example.com:\(receiver.port)/").answer?.status == 200)
                let second = await client.post("http://a.example.com:\(receiver.port)/")
                #expect(
                    second.failure
                        == .resolving("Its name server did not answer."))
            }
            #expect(receiver.requests.count == 1)
            await receiver.stop()
        }

        @Test func `a name without an address`() async throws {
            try await withClient(resolve: { _ in [] }) { client in
                #expect(
                    await client.post("http://a.example.com/").failure == .resolving("The host name has no address."))
            }
        }

        /// One thread is enough to show this: the slow name blocks it, and every request still ends in time.
        @Test func `a slow name ends by the deadline`() async throws {
            let gate = DispatchSemaphore(value: 0)
            try await withClient(resolve: { _ in
                _ = gate.wait(timeout: .now() + .seconds(5))
                return addresses("127.0.0.1")
            }) { client in
                let started = ContinuousClock.now
                await withTaskGroup { group in
                    for _ in 1...5 {
                        group.addTask { await client.post("http://slow.example.com:9/", within: .milliseconds(400)) }
                    }
                    for await exchange in group { #expect(exchange.failure == .timedOut(.resolving)) }
                }
                #expect(ContinuousClock.now - started < .seconds(2))
                gate.signal()
            }
        }

        @Test func `a slow name delays no other`() async throws {
            let receiver = try await Receiver.start()
            let gate = DispatchSemaphore(value: 0)
            try await withClient(resolve: { name in
                if name.hasPrefix("slow") { _ = gate.wait(timeout: .now() + .seconds(5)) }
                return addresses("127.0.0.1")
            }) { client in
                async let slow = client.post("http://slow.example.com:\(receiver.port)/", within: .seconds(4))
                let fast = await client.post("http://fast.example.com:\(receiver.port)/", within: .seconds(2))
                #expect(fast.answer?.status == 200)
                gate.signal()
                #expect(await slow.answer?.status == 200)
            }
            await receiver.stop()
        }

        @Test func `names that nobody waits for anymore are not looked up`() async throws {
            let gate = DispatchSemaphore(value: 0)
            let asked = Mutex<[String]>([])
            var limits = OutboundLimits()
            limits.resolverThreads = 1
            try await withClient(
                limits: limits,
                resolve: { name in
                    asked.withLock { $0.append(name) }
                    _ = gate.wait(timeout: .now() + .seconds(5))
                    return addresses("127.0.0.1")
                }
            ) { client in
                for number in 1...4 {
                    _ = await client.post("http://n\(number).example.com:9/", within: .milliseconds(50))
                }
                for _ in 1...8 { gate.signal() }
                _ = await client.post("http://last.example.com:9/", within: .seconds(2))
            }
            #expect(asked.withLock { $0 } == ["n1.example.com", "last.example.com"])
        }

        @Test func `the system's own resolver is asked`() async throws {
            let receiver = try await Receiver.start()
            let policy = try EgressPolicy(allow: "127.0.0.0/8,::1", http: "true", ports: nil)
            let exchange = try await withClient(policy: policy) { await $0.post("http://localhost:\(receiver.port)/") }
            #expect(exchange.answer?.status == 200)
            #expect(exchange.address == "127.0.0.1")
            await receiver.stop()
        }
    }
}
