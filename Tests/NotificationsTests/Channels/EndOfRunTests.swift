import Notifications
import Testing

/// A run's finished message answers or replaces its started message, by the id in the service's answer to that.
@Suite struct EndOfRunTests {
    private static let end = EventContent.testFinished(Samples.run(.finished))
    private static let start = EventContent.testStarted(Samples.run(.running))
    private static let contents = Samples.contents + Samples.hostileContents

    private static func kind(_ sample: LinkedSample) throws -> any ChannelKind {
        try #require(ChannelCatalogue.standard().kind(sample.kind))
    }

    /// A kind that refers to starts cannot forget its sample.
    @Test(arguments: ChannelCatalogue.standard().ids)
    func everyKindThatDoesHasASample(_ id: String) throws {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        for base in id == "slack" ? [Samples.settings(id), Samples.slackBot] : [Samples.settings(id)] {
            for field in kind.fields where field.type.word == "boolean" {
                var settings = base
                settings[field.key] = true
                guard kind.refersToStart(settings) else { continue }
                #expect(LinkedSample.all.contains { $0.kind == id && $0.setting == field.key })
                settings[field.key] = nil
                #expect(!kind.refersToStart(settings))
            }
        }
    }

    @Test(arguments: LinkedSample.all)
    func theAnswerHasTheId(_ sample: LinkedSample) throws {
        let kind = try Self.kind(sample)
        let answer = Samples.answer(200, sample.answer)
        #expect(kind.verdict(on: answer) == .delivered && kind.sentMessage(in: answer) == .named(sample.id))
        #expect(kind.refersToStart(sample.settings()) && !kind.refersToStart(sample.settings(isOn: false)))
        // An answer may be longer than what is kept of others.
        #expect(try (sample.message(Self.start, id: nil).answerBytesKept ?? 0) >= 32 * 1024 || sample.kind == "matrix")
        let isNeeded = sample.kind == "slack"
        #expect(try (sample.message(Self.end, id: nil).answerBytesKept != nil) == isNeeded)
    }

    @Test(arguments: LinkedSample.all, contents.indices)
    func onlyTheEndOfARunRefersToIt(_ sample: LinkedSample, _ index: Int) throws {
        let content = Self.contents[index]
        let alone = try sample.message(content, id: nil)
        let linked = try sample.message(content, id: sample.id)
        #expect((linked == alone) == (content.type != .testFinished))
        #expect(
            try sample.message(content, id: sample.id, isOn: false) == sample.message(content, id: nil, isOn: false))
        // Neither the limits of the service nor its markup change.
        #expect(linked.body.count <= 64 * 1024)
        for leaf in try BodyReading.value(of: linked).leaves {
            let text = sample.kind == "discord" ? leaf.replacing(/\\[^A-Za-z0-9 ]/, with: "") : leaf
            for token in ["<!", "<@", "<users", "<at>", "\u{202E}", "\r"] { #expect(!text.contains(token)) }
        }
        for header in linked.headers { #expect(header.value.utf8.allSatisfy { (0x20...0x7E).contains($0) }) }
        _ = try OutboundURL(parsing: linked.url)
    }

    /// What is no id of the service's leads nowhere.
    @Test(
        arguments: LinkedSample.all,
        ["", "..", "a/../../b", "1?a=b", "1 2", "1\n2", "é", "{}", String(repeating: "1", count: 10_000)])
    func anIdIsChecked(_ sample: LinkedSample, _ text: String) throws {
        let kind = try Self.kind(sample)
        let id = JSONValue.string(text).compactText
        let body =
            #"{"ok":true,"id":\#(id),"event_id":\#(id),"channel":\#(id),"ts":\#(id),"result":{"message_id":\#(id)}}"#
        let sent = kind.sentMessage(in: Samples.answer(200, body))
        // An event of Matrix stands in a body only.
        let isHarmless =
            sample.kind == "matrix" && text.utf8.count < 255 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        #expect(sent == (isHarmless && !text.isEmpty ? .named(text) : .unnamed))
        let message = try sample.message(Self.end, id: text)
        let alone = try sample.message(Self.end, id: nil)
        #expect(message.url.utf8.filter { $0 == UInt8(ascii: "?") }.count <= 1)
        #expect(sample.kind != "slack" || message == alone)
        #expect(!message.url.contains("/../"))
    }

    // MARK: Messages that are gone

    static let gone: [(kind: String, status: Int, body: String)] = [
        ("discord", 404, #"{"message":"Unknown Message","code":10008}"#), ("discord", 403, #"{"code":50005}"#),
        ("discord", 400, #"{"code":50083}"#),
        ("telegram", 400, #"{"ok":false,"description":"Bad Request: message to edit not found"}"#),
        ("telegram", 400, #"{"ok":false,"description":"Bad Request: message can't be edited"}"#),
        ("telegram", 400, #"{"ok":false,"description":"Bad Request: MESSAGE_ID_INVALID"}"#),
        ("telegram", 400, #"{"ok":false,"description":"Bad Request: message to be replied not found"}"#),
        ("matrix", 400, #"{"errcode":"M_UNKNOWN","error":"Can't send relation to unknown event"}"#),
        ("slack", 200, #"{"ok":false,"error":"message_not_found"}"#),
        ("slack", 200, #"{"ok":false,"error":"thread_not_found"}"#),
        ("slack", 200, #"{"ok":false,"error":"edit_window_closed"}"#),
    ]

    private static func reading(
        _ sample: LinkedSample, _ content: EventContent, id: String?, _ answer: Answer, isOn: Bool = true
    ) throws -> Reading {
        let message = try sample.message(content, id: id, isOn: isOn)
        let notice = Samples.notice(content, startedMessage: id)
        return try kind(sample).reading(
            of: Exchange(result: .answered(answer)), on: message, for: notice, settings: sample.settings(isOn: isOn))
    }

    @Test(arguments: gone.indices)
    func itIsSentOnItsOwnNext(_ index: Int) throws {
        let (kind, status, body) = Self.gone[index]
        let sample = try #require(LinkedSample.all.first { $0.kind == kind })
        let answer = Samples.answer(status, body)
        let reading = try Self.reading(sample, Self.end, id: sample.id, answer)
        #expect(reading.verdict.word == "retry" && reading.verdict.finding?.code == "started_message_gone")
        #expect(reading.verdict.finding?.text.isSentence == true)
        // It says nothing about the receiver's health.
        #expect(reading.failure == .stale && reading.message == .unknown)
        // A message that refers to none is not sent a second time.
        let alone = try Self.reading(sample, Self.end, id: nil, answer)
        #expect(alone.message == .unnamed && alone.verdict.word != "delivered")
        #expect(alone.verdict.finding?.code != "started_message_gone")
    }

    @Test(arguments: LinkedSample.all)
    func onlyTheMessageOfAStartIsKept(_ sample: LinkedSample) throws {
        let answer = Samples.answer(200, sample.answer)
        #expect(try Self.reading(sample, Self.start, id: nil, answer).message == .named(sample.id))
        #expect(try Self.reading(sample, Self.start, id: nil, answer, isOn: false).message == .unnamed)
        #expect(try Self.reading(sample, Self.end, id: sample.id, answer).message == .unnamed)
        #expect(try Self.reading(sample, .testNotificationChannel, id: nil, answer).message == .unnamed)
        let failed = Exchange(result: .failed(.disconnected))
        let message = try sample.message(Self.start, id: nil)
        let notice = Samples.notice(Self.start)
        let reading = try Self.kind(sample).reading(of: failed, on: message, for: notice, settings: sample.settings())
        #expect(reading.message == .unnamed)
    }

    /// An earlier attempt, whose answer was lost, did it.
    @Test func aMessageThatWasReplacedAlreadyIsDelivered() {
        let body = #"{"ok":false,"description":"Bad Request: message is not modified: specified new message content"}"#
        #expect(Telegram().verdict(on: Samples.answer(400, body)) == .delivered)
    }

    // MARK: Settings

    @Test(arguments: ["telegram", "matrix", "slack"])
    func aFinishedMessageIsNewOrNot(_ id: String) throws {
        let sample = try #require(LinkedSample.all.first { $0.kind == id })
        var settings = sample.settings()
        #expect(try Self.kind(sample).errors(in: settings).isEmpty)
        settings["threads"] = true
        settings["replace"] = true
        let errors = try Self.kind(sample).errors(in: settings)
        #expect(errors.map(\.field) == ["replace"] && errors.allSatisfy { $0.message.isSentence })
    }

    @Test(arguments: [
        ("https://discord.com/api/webhooks/1/t", "wait=true", ""),
        ("https://discord.com/api/webhooks/1/t/", "wait=true", ""),
        ("https://discord.com/api/webhooks/1/t?wait=true", "wait=true", ""),
        ("https://discord.com/api/webhooks/1/t?wait=false&thread_id=5", "thread_id=5&wait=true", "?thread_id=5"),
        ("https://discord.com/api/webhooks/1/t?thread_id=5&wait=true", "thread_id=5&wait=true", "?thread_id=5"),
    ])
    func addressesAtDiscord(_ url: String, _ waiting: String, _ query: String) {
        let settings = Samples.settings(["url": .string(url), "replace": true])
        let sent = Discord().message(for: Samples.notice(Self.start), settings: settings)
        #expect(sent.method == .post && sent.url == "https://discord.com/api/webhooks/1/t?\(waiting)")
        let changed = Discord().message(for: Samples.notice(Self.end, startedMessage: "9"), settings: settings)
        #expect(changed.method == .patch)
        #expect(changed.url == "https://discord.com/api/webhooks/1/t/messages/9\(query)")
        let shown = changed.redacted.envelope.map(\.value).joined(separator: " ")
        #expect(shown.startsWithBytes(of: "PATCH https://discord.com/api/…") && !shown.contains("webhooks"))
    }

    // MARK: Where a message is

    @Test func aReferenceIsBoundToItsPlace() throws {
        for sample in LinkedSample.all {
            let kind = try Self.kind(sample)
            let reference = MessageReference(id: sample.id, settings: sample.settings(), kind: kind)
            #expect(MessageReference(reference.bytes) == reference && reference.id == sample.id)
            #expect(reference.isWithin(reachOf: sample.settings(isOn: false), kind))
            for field in kind.fields where field.type.word != "boolean" {
                var settings = sample.settings()
                settings[field.key] = "another"
                #expect(!reference.isWithin(reachOf: settings, kind), "\(field.key)")
            }
            #expect(!reference.isWithin(reachOf: sample.settings(), WebHook()))
        }
    }

    @Test(arguments: [0, 31, 32, 300])
    func nothingElseIsAReference(_ count: Int) {
        #expect(MessageReference(Array(repeating: UInt8(ascii: "a"), count: count)) == nil)
        #expect(MessageReference(Array(repeating: 0, count: 33)) == nil)
    }
}
