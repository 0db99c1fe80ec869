import Foundation
import Notifications
import OutboundHTTP
import Synchronization
import Testing

extension OutboundTests {
    /// Names that do not resolve, permanently or for now: whose fault it is, and who waits for them.
    @Suite("Resolver")
    struct ResolverTests {
        private struct NoAnswer: Error {}

        private static let isDead = TransportFailure.local(
            .names, "The host name could not be looked up: no name server is answering.")
        private static let isBusy = TransportFailure.local(
            .names, "The host name could not be looked up yet: too many other lookups are in progress.")
        private static let hasNoAnswer = TransportFailure.resolving(
            "Its name server did not answer.")

        /// 64 channels of one organization whose names never resolve, and 16 threads: another organization's name is
        /// looked up at once.
        @Test func `names that do not resolve delay only their own organization`() async throws {
            let receiver = try await Receiver.start()
            let gate = DispatchSemaphore(value: 0)
            let held = Mutex(0)
            try await withClient(resolve: { name in
                guard name.hasPrefix("hangs") else { return addresses("127.0.0.1") }
                held.withLock { $0 += 1 }
                _ = gate.wait(timeout: .now() + .seconds(20))
                throw NoAnswer()
            }) { client in
                await withTaskGroup { group in
                    for number in 1...64 {
                        group.addTask {
                            await client.post("http://hangs\(number).example.com/", for: 1, within: .seconds(3))
                        }
                    }
                    #expect(await eventually { held.withLock { $0 } >= 4 })
                    let other = await client.post(
                        "http://well.example.com:\(receiver.port)/", for: 2, within: .seconds(2))
                    #expect(other.answer?.status == 200)
                    #expect(held.withLock { $0 } == 4)
                    var failures: [TransportFailure?] = []
                    for await exchange in group { failures.append(exchange.failure) }
                    // Names that were looked up time out; the receivers of the others do not count as absent.
                    #expect(failures.count { $0 == .timedOut(.resolving) } == 4)
                    #expect(failures.count { $0 == Self.isBusy } == 60)
                }
                for _ in 1...100 { gate.signal() }
            }
            await receiver.stop()
        }

        @Test func `a failure is remembered for a while`() async throws {
            let asked = Mutex(0)
            var limits = OutboundLimits()
            limits.nameFailureLifetime = .milliseconds(200)
            try await withClient(
                limits: limits,
                resolve: { _ in
                    asked.withLock { $0 += 1 }
                    throw NameUnknown()
                }
            ) { client in
                for _ in 1...3 {
                    #expect(
                        await client.post("http://a.example.com/").failure
                            == .resolving("The host name does not exist, or has no address."))
                }
                #expect(asked.withLock { $0 } == 1)
                try await Task.sleep(for: .milliseconds(250))
                _ = await client.post("http://a.example.com/")
                #expect(asked.withLock { $0 } == 2)
            }
        }

        @Test func `a name server that answers nobody is a local fault`() async throws {
            try await withClient(resolve: { _ in throw NoAnswer() }) { client in
                #expect(await client.post("http://a.example.com/").failure == Self.isDead)
            }
        }

        @Test func `many names without an answer cost one question to the name server`() async throws {
            let asked = Mutex(0)
            try await withClient(resolve: { name in
                if name == deadName { asked.withLock { $0 += 1 } }
                throw NoAnswer()
            }) { client in
                async let first = client.post("http://a.example.com/").failure
                async let second = client.post("http://b.example.com/").failure
                #expect(await [first, second] == [Self.isDead, Self.isDead])
            }
            #expect(asked.withLock { $0 } == 1)
        }

        /// Longer than the question itself may take, which is short here.
        @Test func `the answer of a dead name server counts for a while`() async throws {
            let asked = Mutex(0)
            var limits = OutboundLimits()
            limits.controlTime = .milliseconds(100)
            try await withClient(
                limits: limits,
                resolve: { name in
                    if name == deadName { asked.withLock { $0 += 1 } }
                    throw NoAnswer()
                }
            ) { client in
                for number in 1...3 {
                    #expect(await client.post("http://n\(number).example.com/").failure == Self.isDead)
                }
            }
            #expect(asked.withLock { $0 } == 1)
        }

        @Test func `a name without an answer is the receiver's fault when others have one`() async throws {
            try await withClient(resolve: { name in
                if name == deadName { throw NameUnknown() }
                throw NoAnswer()
            }) { client in
                #expect(await client.post("http://a.example.com/").failure == Self.hasNoAnswer)
            }
        }

        /// The name server is alive but fails names that it resolved before.
        @Test func `a name server that fails every name is a local fault`() async throws {
            let isLost = Mutex(false)
            var limits = OutboundLimits()
            limits.nameLifetime = .zero
            try await withClient(
                limits: limits,
                resolve: { name in
                    if name == deadName { throw NameUnknown() }
                    guard !isLost.withLock({ $0 }) else { throw NoAnswer() }
                    return addresses("127.0.0.1")
                }
            ) { client in
                for number in 1...4 { _ = await client.post("http://n\(number).example.com:9/") }
                isLost.withLock { $0 = true }
                var failures: [TransportFailure?] = []
                for number in 1...4 { failures.append(await client.post("http://n\(number).example.com:9/").failure) }
                #expect(failures == [Self.hasNoAnswer, Self.hasNoAnswer, Self.isDead, Self.isDead])
            }
        }

        @Test func `a look-up has its own time limit`() async throws {
            let gate = DispatchSemaphore(value: 0)
            var limits = OutboundLimits()
            limits.lookupTime = .milliseconds(100)
            limits.controlTime = .milliseconds(100)
            try await withClient(
                limits: limits,
                resolve: { name in
                    if name == deadName { throw NameUnknown() }
                    _ = gate.wait(timeout: .now() + .seconds(10))
                    return addresses("127.0.0.1")
                }
            ) { client in
                let started = ContinuousClock.now
                #expect(await client.post("http://slow.example.com:9/").failure == Self.hasNoAnswer)
                #expect(ContinuousClock.now - started < .seconds(4))
                gate.signal()
            }
        }

        @Test func `a name server that is silent is a local fault`() async throws {
            let gate = DispatchSemaphore(value: 0)
            var limits = OutboundLimits()
            limits.lookupTime = .milliseconds(100)
            limits.controlTime = .milliseconds(100)
            try await withClient(
                limits: limits,
                resolve: { _ in
                    _ = gate.wait(timeout: .now() + .seconds(10))
                    throw NoAnswer()
                }
            ) { client in
                #expect(await client.post("http://slow.example.com:9/").failure == Self.isDead)
                for _ in 1...4 { gate.signal() }
            }
        }
    }
}
