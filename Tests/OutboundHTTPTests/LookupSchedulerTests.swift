import NIOCore
import NIOPosix
import Notifications
import Testing

@testable import OutboundHTTP

extension OutboundTests {
    @Suite("Whose name is looked up next")
    struct LookupSchedulerTests {
        private func question(_ name: String, _ payer: Int64?, isKnown: Bool = false) -> LookupScheduler.Question {
            LookupScheduler.Question(name: name, payer: payer.map { OrganizationID($0) }, isKnown: isKnown)
        }

        private func scheduler(threads: Int = 16, waiting: Int = 256) -> LookupScheduler {
            var limits = OutboundLimits()
            limits.resolverThreads = threads
            limits.waitingNames = waiting
            return LookupScheduler(limits: limits)
        }

        private func all(_ scheduler: inout LookupScheduler) -> [LookupScheduler.Question] {
            var taken: [LookupScheduler.Question] = []
            while let next = scheduler.next() { taken.append(next) }
            return taken
        }

        @Test func `one organization gets a quarter of the threads`() {
            var scheduler = scheduler()
            for number in 1...20 { _ = scheduler.add(question("n\(number)", 1, isKnown: true)) }
            #expect(all(&scheduler).map(\.name) == ["n1", "n2", "n3", "n4"])
            scheduler.finished(question("n1", 1, isKnown: true))
            #expect(all(&scheduler).map(\.name) == ["n5"])
        }

        @Test func `a quarter of the threads is for names that have resolved before`() {
            var scheduler = scheduler()
            for payer in 1...8 { for number in 1...8 { _ = scheduler.add(question("n\(number)", Int64(payer))) } }
            let strangers = all(&scheduler)
            #expect(strangers.count == 12)
            #expect(Set(strangers.map(\.payer)).count == 8)
            _ = scheduler.add(question("known", 9, isKnown: true))
            let next = scheduler.next()
            #expect(next?.name == "known")
            scheduler.finished(question("known", 9, isKnown: true))
            #expect(all(&scheduler).isEmpty)
            scheduler.finished(strangers[0])
            #expect(all(&scheduler).count == 1)
        }

        @Test func `organizations take turns`() {
            var scheduler = scheduler(threads: 1)
            for name in ["a", "b", "c"] { _ = scheduler.add(question(name, 1)) }
            _ = scheduler.add(question("d", nil))
            var order: [String] = []
            while let next = scheduler.next() {
                order.append(next.name)
                scheduler.finished(next)
            }
            #expect(order == ["a", "d", "b", "c"])
            #expect(scheduler.size == 0)
        }

        @Test func `waiting names are limited`() {
            var scheduler = scheduler(waiting: 2)
            let isTaken = [
                scheduler.add(question("a", 1)), scheduler.add(question("b", 1, isKnown: true)),
                scheduler.add(question("c", 1)),
                scheduler.add(question("c", 2)),
            ]
            #expect(isTaken == [true, true, false, true])
        }

        @Test func `time waiting for a thread is not the name's fault`() {
            var limits = OutboundLimits()
            limits.resolverThreads = 1
            var state = ResolverState(limits: limits)
            let promise = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: [IPAddress].self)
            let start = NIODeadline.now()
            let end = start + .seconds(15)
            _ = state.join("a", for: nil, promise, until: end)
            #expect(state.waitedInLine(for: "a", from: start, to: end))
            _ = state.next(at: start + .seconds(8))
            #expect(state.waitedInLine(for: "a", from: start, to: end))
            #expect(!state.waitedInLine(for: "a", from: start + .seconds(2), to: end))
            #expect(!state.waitedInLine(for: "b", from: start, to: end))
            promise.fail(NameUnknown())
        }

        /// A caller that asks for a name already waiting in another organization's long line gets it at its own turn.
        @Test func `a shared name waits in the shorter line`() {
            var limits = OutboundLimits()
            limits.resolverThreads = 1
            var state = ResolverState(limits: limits)
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let soon = NIODeadline.now() + .seconds(60)
            var promises: [EventLoopPromise<[IPAddress]>] = []
            func join(_ name: String, _ payer: Int64) {
                promises.append(loop.makePromise())
                _ = state.join(name, for: OrganizationID(payer), promises[promises.count - 1], until: soon)
            }
            for name in ["a", "b", "c", "shared"] { join(name, 1) }
            join("shared", 2)
            var order: [String] = []
            while let next = state.next(at: .now()) {
                guard let question = next.question else { continue }
                order.append(question.name)
                _ = state.landed(question, .failure(NameUnknown()), at: .now())
            }
            for promise in promises { promise.fail(NameUnknown()) }
            #expect(order == ["a", "shared", "b", "c"])
        }
    }

    @Suite("Whom to blame for a name")
    struct NameServerWatchTests {
        private let start = NIODeadline.uptimeNanoseconds(1_000_000)

        @Test func `a later answer means that the name is at fault`() {
            var watch = NameServerWatch()
            #expect(watch.judgment(since: start) == .unclear)
            watch.answered(at: start - .nanoseconds(1))
            #expect(watch.judgment(since: start) == .unclear)
            watch.answered(at: start)
            #expect(watch.judgment(since: start) == .name)
        }

        @Test func `many failing known names mean that the name server is at fault`() {
            var watch = NameServerWatch()
            for name in ["a", "b", "b"] { watch.failed(name, isKnown: true) }
            watch.failed("new", isKnown: false)
            #expect(watch.judgment(since: start) == .unclear)
            watch.failed("c", isKnown: true)
            #expect(watch.judgment(since: start) == .nameServer)
            watch.answered(at: start - .seconds(1))
            #expect(watch.judgment(since: start) == .unclear)
        }
    }

    @Suite("What is remembered of names")
    struct KeptNamesTests {
        @Test func `each consecutive failure is cached longer, up to a minute`() throws {
            var kept = KeptNames(limits: OutboundLimits())
            #expect(!kept.isKnown("a"))
            var now = NIODeadline.uptimeNanoseconds(1)
            var pauses: [Int64] = []
            for _ in 1...6 {
                kept.keep(.failure(NameUnknown()), of: "a", at: now)
                var pause = Int64(0)
                while kept.outcome(of: "a", at: now + .seconds(pause)) != nil { pause += 1 }
                pauses.append(pause)
                now = now + .seconds(pause)
            }
            #expect(pauses == [5, 10, 20, 40, 60, 60])
            #expect(!kept.isKnown("a"))
            kept.keep(.success(addresses("127.0.0.1")), of: "a", at: now)
            #expect(kept.isKnown("a"))
            kept.keep(.failure(NameUnknown()), of: "a", at: now)
            #expect(kept.outcome(of: "a", at: now + .seconds(5)) == nil && kept.isKnown("a"))
        }
    }
}
