import Foundation
import Notifications
import Testing

/// What every HTTP kind guarantees. A new one needs a line in `Samples.settings`, and nothing here.
@Suite struct ChannelKindContract {
    static let catalogue = ChannelCatalogue.standard()
    /// Mail has its own suite.
    static let kinds = catalogue.ids.filter { $0 != "email" }
    static let contents = Samples.contents + Samples.hostileContents

    @Test func everyKindIsFoundByItsID() {
        #expect(Set(Self.kinds).count == Self.kinds.count)
        for id in Self.kinds { #expect(Self.catalogue.kind(id)?.id == id) }
        #expect(Self.catalogue.kind("pigeon") == nil)
    }

    /// Labels have to fit into their boxes.
    @Test(arguments: catalogue.ids)
    func itsSetUpIsWholeAndItsDrawingIsReadable(_ id: String) throws {
        let setup = try #require(Self.catalogue.kind(id)).setup
        let (steps, menu, boxes) = (setup.steps, setup.drawing.menu, setup.drawing.boxes)
        #expect((2...5).contains(steps.count))
        #expect(steps.allSatisfy { $0.hasSuffix(".") && $0.utf8.count <= 120 })
        #expect((1...4).contains(menu.count) && (1...5).contains(boxes.count))
        #expect(menu.allSatisfy { $0.label.count <= 20 } && boxes.allSatisfy { $0.label.count <= 36 })
        let shown = (menu + boxes).compactMap(\.step)
        #expect(!shown.isEmpty && shown.allSatisfy { (1...steps.count).contains($0) })
    }

    @Test(arguments: kinds)
    func describesItself(_ id: String) throws {
        let kind = try #require(Self.catalogue.kind(id))
        #expect(kind.id.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
        #expect(!kind.name.isEmpty && kind.summary.isSentence)
        let keys = kind.fields.map(\.key)
        #expect(keys.contains("url") && Set(keys).count == keys.count)
        // Whoever can write to the service's address must know something that others do not.
        #expect(kind.fields.contains { $0.isSecret && $0.isRequired })
        for field in kind.fields {
            #expect(field.key.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
            #expect(field.help.isSentence && !field.label.isEmpty)
            // Chat services' addresses are credentials, and any address may contain one, unless it is only a server's.
            if case .url(let rule) = field.type {
                #expect(field.isRequired || field.standard != nil)
                for address in ["https://chat.example.org/secret", "https://chat.example.org/?a=b"] {
                    let isRefused = try rule.error(OutboundURL(parsing: address)) != nil
                    #expect(field.isSecret || isRefused)
                }
            }
            if case .signingSecret = field.type { #expect(field.isSecret && !field.isRequired) }
        }
    }

    @Test(arguments: kinds)
    func saysWhereItGoesAndHidesTheRest(_ id: String) throws {
        let kind = try #require(Self.catalogue.kind(id))
        let settings = Samples.settings(id)
        let host = try #require(kind.host(of: settings))
        #expect(settings.text("url")?.contains(host) == true && kind.host(of: ChannelSettings()) == nil)
        let shown = kind.shownMessage(for: Samples.notice(.testNotificationChannel), settings: settings).wire
        #expect(shown.envelope.map(\.name) == ["method", "url"])
        let texts = shown.envelope.map(\.value) + shown.headers.map(\.value) + [shown.body]
        for secret in Samples.secrets(of: kind) { #expect(!texts.contains { $0.contains(secret) }, "\(secret)") }
    }

    /// What a kind says about its settings, an answer or a mistake never contains a secret.
    @Test(arguments: kinds)
    func tellsNobodyItsSecrets(_ id: String) throws {
        let kind = try #require(Self.catalogue.kind(id))
        let settings = Samples.settings(id)
        let secrets = Samples.secrets(of: kind)
        // HipChat's sample has a short token, which says that short ones are hidden too.
        #expect(!secrets.isEmpty || id == "hipchat")
        var texts = [JSONValue.object(settings.masked(by: kind)).compactText, "\(settings)"]
        let echo = secrets.joined(separator: " ")
        for status in [200, 400, 401, 403, 404, 429, 500] {
            let body = #"{"error":"\#(echo)","message":"\#(echo)","ok":false,"description":"\#(echo)"}"#
            texts += [kind.verdict(on: Samples.answer(status, body)).finding?.text].compactMap { $0 }
        }
        for secret in secrets { #expect(!texts.contains { $0.contains(secret) }, "\(secret)") }
        let message = kind.message(for: Samples.notice(.testNotificationChannel), settings: settings)
        let known = KnownSecrets(of: message, settings: settings, kind: kind)
        for secret in secrets { #expect(!known.blotted("the answer \(secret)").contains(secret)) }
    }

    @Test(arguments: kinds, contents.indices)
    func rendersEveryEvent(_ id: String, _ index: Int) throws {
        for link in [nil, Samples.runLink] {
            let notice = Samples.notice(Self.contents[index], runLink: link)
            let request = try Samples.request(id, notice)
            let host = try OutboundURL(parsing: request.url).host
            #expect(Samples.settings(id).text("url")?.contains(host) == true)
            #expect(request.body.count <= 64 * 1024)
            #expect(request.headers.contains { $0.name == "User-Agent" })
            for header in request.headers {
                #expect(header.value.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            }
            #expect(try BodyReading.value(of: request).object != nil)
            #expect(try request == Samples.request(id, notice))
        }
    }

    @Test(arguments: kinds, contents.indices)
    func namesWhatPeopleAskFor(_ id: String, _ index: Int) throws {
        guard let run = Self.contents[index].run else { return }
        guard Self.catalogue.kind(id)?.declines(Self.contents[index]) == nil else { return }
        let request = try Samples.request(id, Samples.notice(Self.contents[index]))
        let shown = try BodyReading.value(of: request).leaves.joined(separator: "\n")
        for number in [run.projectID.value, run.userID.value, run.loadTestID.value, run.id.value] {
            #expect(shown.contains(String(number)))
        }
        if run.statusText == run.status.text { #expect(shown.contains(run.statusText)) }
    }

    /// Kinds whose messages people read have a preview; the web hook passes the name on unchanged.
    private static let readByPeople = kinds.filter { id in
        let notice = Samples.notice(.testNotificationChannel)
        return catalogue.kind(id)?.shownMessage(for: notice, settings: Samples.settings(id)).preview != nil
    }

    @Test func chatServicesShowWhatTheyGet() {
        let chat: Set = [
            "slack", "hipchat", "teams", "discord", "googlechat", "mattermost", "rocketchat", "telegram", "zulip",
            "matrix", "pagerduty", "opsgenie", "ntfy",
        ]
        #expect(Set(Self.readByPeople).isSuperset(of: chat))
    }

    /// The preview shows the name as it was written, in full or cut after a whole character.
    @Test(arguments: readByPeople, ["Checkout <peak> & \"browse\"", Samples.hostileName])
    func previewsTheNameLiterally(_ id: String, _ name: String) throws {
        let kind = try #require(Self.catalogue.kind(id))
        let notice = Samples.notice(.testStarted(Samples.run(.running, name: name)), runLink: Samples.runLink)
        let preview = try #require(kind.shownMessage(for: notice, settings: Samples.settings(id)).preview)
        let shown = [preview.title, preview.body, preview.text ?? ""].map(Self.withoutHidden)
        let whole = Self.withoutHidden(DisplayText.line(name))
        #expect(
            shown.contains { text in
                text.contains(whole) || text.hasSuffix("…") && text.count > 40 && whole.hasPrefix(text.dropLast())
            }, "\(shown)")
        #expect(preview.color.wholeMatch(of: /#[0-9a-f]{6}/) != nil)
        #expect(preview.link == nil || preview.link == Samples.runLink)
    }

    /// Without what kinds put in to break mentions, and with the letter that stands for a grave accent.
    private static func withoutHidden(_ text: String) -> String {
        text.replacing("\u{200B}", with: "").replacing("\u{2CB}", with: "`").replacing("\u{202E}", with: "")
    }

    /// Kinds whose services honor a backslash before a mark.
    private static let escaping: Set = ["discord", "teams"]

    @Test(arguments: readByPeople, Samples.hostileContents.indices)
    func pingsNobody(_ id: String, _ index: Int) throws {
        let notice = Samples.notice(Samples.hostileContents[index], runLink: Samples.runLink)
        let body = try BodyReading.value(of: Samples.request(id, notice))
        // HipChat documents senders, and the title and labels of its cards, as plain text.
        for leaf in body.leaves(without: id == "hipchat" ? ["from", "title", "label"] : []) {
            let text = Self.escaping.contains(id) ? leaf.replacing(/\\[^A-Za-z0-9 ]/, with: "") : leaf
            for token in ["<!", "<@", "<users", "<at>", "<#", "\u{202E}", "\r", "\u{0}"] {
                #expect(!text.contains(token), "\(token)")
            }
        }
        for key in body.names { #expect(!["link_names", "parse", "entities"].contains(key) || id == "discord") }
    }

    /// Services that have no escape for `@` get none of the words that ping.
    @Test(arguments: readByPeople.filter { !["slack", "hipchat", "googlechat", "teams"].contains($0) })
    func breaksMentionsAndLinks(_ id: String) throws {
        let name = "@everyone @all @here @room @channel @**all** @u see https://evil.example/a"
        let notice = Samples.notice(.testStarted(Samples.run(.running, name: name)))
        for leaf in try BodyReading.value(of: Samples.request(id, notice)).leaves {
            let text = Self.escaping.contains(id) ? leaf.replacing("\\@", with: "") : leaf
            #expect(!text.contains(/@(?:everyone|all|here|room|channel|\*|u)/), "\(leaf)")
            #expect(!leaf.contains("https://evil.example"), "\(leaf)")
        }
    }

    @Test(arguments: kinds, [500, 502, 503, 504, 507, 408, 425, 429])
    func triesAgainWhenTheServiceIsFailing(_ id: String, _ status: Int) throws {
        let kind = try #require(Self.catalogue.kind(id))
        #expect(kind.verdict(on: Samples.answer(status)).word == "retry")
        guard case .retry(let finding, let after) = kind.verdict(on: Samples.answer(status, "", ("retry-after", "120")))
        else {
            Issue.record("\(id) does not try again after \(status).")
            return
        }
        #expect(after == .seconds(120))
        #expect(finding.text.isSentence)
        let dated = kind.verdict(on: Samples.answer(status, "", ("Retry-After", "Mon, 23 Nov 2026 10:13:30 GMT")))
        #expect(dated == .retry(finding, after: .seconds(60)))
    }

    /// Whatever number a receiver sends, the wait is one that somebody can sit out, and nothing overflows.
    @Test(arguments: kinds, [200, 403, 429, 503])
    func numbersOutOfRangeAreNoWait(_ id: String, _ status: Int) throws {
        let kind = try #require(Self.catalogue.kind(id))
        let names = [
            "Retry-After", "X-RateLimit-Reset", "X-RateLimit-Reset-After", "X-RateLimit-Period-In-Sec",
            "X-FloodControl-Reset",
        ]
        for number in ["-9223372036854775808", "9223372036854775807", "-1", "1e308", "9223372036854775808"] {
            let wait = #""retry_after":\#(number)"#
            let body = #"{\#(wait),"parameters":{\#(wait)},"retry_after_ms":\#(number)}"#
            let headers = names.map { ($0, number) } + [("X-RateLimit-Remaining", "0")]
            let answer = Answer(
                status: status, headers: headers.map { .init($0, $1) }, body: Array(body.utf8), at: Samples.at)
            guard case .retry(_, let after?) = kind.verdict(on: answer) else { continue }
            #expect((.zero...RetryAfter.limit).contains(after), "\(number)")
        }
    }

    @Test(arguments: kinds)
    func goneIsForGood(_ id: String) throws {
        let kind = try #require(Self.catalogue.kind(id))
        #expect(kind.verdict(on: Samples.answer(410)).word == "gone")
    }

    @Test(arguments: kinds, [301, 302, 303, 307, 308])
    func aRedirectIsNotFollowedAndSaysSo(_ id: String, _ status: Int) throws {
        let kind = try #require(Self.catalogue.kind(id))
        let verdict = kind.verdict(on: Samples.answer(status, "ok", ("Location", "http://169.254.169.254/")))
        #expect(["refused", "retry"].contains(verdict.word))
        #expect(verdict.finding?.text.contains("does not follow redirects") == true)
    }

    @Test(arguments: kinds, 100...599)
    func everyStatusHasAVerdictWithASentence(_ id: String, _ status: Int) throws {
        let kind = try #require(Self.catalogue.kind(id))
        let verdict = kind.verdict(on: Samples.answer(status, "\u{0}<!doctype html>"))
        guard let finding = verdict.finding else {
            #expect((200..<300).contains(status))
            return
        }
        #expect(finding.code.wholeMatch(of: /[a-z]+[a-z0-9_.]*/) != nil)
        #expect(finding.text.isSentence && !finding.text.contains("doctype"))
    }

    @Test(arguments: kinds)
    func keepsItsSecretsOutOfTheBody(_ id: String) throws {
        let request = try Samples.request(id, Samples.notice(.testNotificationChannel))
        // Some services take their key in the body; what is shown of it is masked.
        let body = request.secretMembers.isEmpty ? String(decoding: request.body, as: UTF8.self) : request.redacted.body
        let kind = try #require(Self.catalogue.kind(id))
        for secret in ["auth_token", "whsec_"] + Samples.secrets(of: kind) { #expect(!body.contains(secret)) }
    }
}

extension JSONValue {
    /// All texts and numbers in it, as strings.
    var leaves: [String] { leaves(without: []) }

    func leaves(without names: Set<String>) -> [String] {
        switch self {
        case .string(let text): [text]
        case .integer(let number): [String(number)]
        case .array(let items): items.flatMap { $0.leaves(without: names) }
        case .object(let object):
            object.members.flatMap { names.contains($0.key) ? [] : $0.value.leaves(without: names) }
        case .null, .bool, .number: []
        }
    }

    /// The names of all members in it.
    var names: [String] {
        switch self {
        case .array(let items): items.flatMap(\.names)
        case .object(let object): object.members.flatMap { [$0.key] + $0.value.names }
        default: []
        }
    }
}
