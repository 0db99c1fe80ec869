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

    @Test(arguments: kinds)
    func describesItself(_ id: String) throws {
        let kind = try #require(Self.catalogue.kind(id))
        #expect(kind.id.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
        #expect(!kind.name.isEmpty && kind.summary.isSentence)
        let keys = kind.fields.map(\.key)
        #expect(keys.contains("url") && Set(keys).count == keys.count)
        for field in kind.fields {
            #expect(field.key.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
            #expect(field.help.isSentence && !field.label.isEmpty)
            // Chat services' addresses are credentials, and any address may contain one.
            if case .url = field.type { #expect(field.isSecret && field.isRequired) }
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
        let secret = try #require(settings.text("url")?.split(separator: "/").last)
        #expect(shown.envelope.map(\.name) == ["method", "url"])
        #expect(!shown.envelope.contains { $0.value.contains(secret) })
    }

    @Test(arguments: kinds, contents.indices)
    func rendersEveryEvent(_ id: String, _ index: Int) throws {
        for link in [nil, Samples.runLink] {
            let notice = Samples.notice(Self.contents[index], runLink: link)
            let request = try Samples.request(id, notice)
            #expect(request.url == Samples.settings(id).text("url"))
            #expect(request.body.count <= 64 * 1024)
            #expect(request.headers.contains { $0.name == "Content-Type" && $0.value == "application/json" })
            #expect(request.headers.contains { $0.name == "User-Agent" })
            for header in request.headers {
                #expect(header.value.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            }
            // Our parser is strict, and Foundation's is independent: both must accept it.
            #expect(try JSONValue.parse(request.body).object != nil)
            #expect(try JSONSerialization.jsonObject(with: Data(request.body)) is [String: Any])
            #expect(try request == Samples.request(id, notice))
        }
    }

    @Test(arguments: kinds, contents.indices)
    func namesWhatPeopleAskFor(_ id: String, _ index: Int) throws {
        guard let run = Self.contents[index].run else { return }
        let request = try Samples.request(id, Samples.notice(Self.contents[index]))
        let shown = try JSONValue.parse(request.body).leaves.joined(separator: "\n")
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
        #expect(Set(Self.readByPeople).isSuperset(of: ["slack", "hipchat"]))
    }

    @Test(arguments: readByPeople, Samples.hostileContents.indices)
    func pingsNobody(_ id: String, _ index: Int) throws {
        let notice = Samples.notice(Samples.hostileContents[index], runLink: Samples.runLink)
        let body = try JSONValue.parse(Samples.request(id, notice).body)
        // HipChat documents the title and labels of its cards as plain text.
        for leaf in body.leaves(without: id == "hipchat" ? ["title", "label"] : []) {
            for token in ["<!", "<@", "<users", "<at>", "<#", "\u{202E}", "\r", "\u{0}"] {
                #expect(!leaf.contains(token), "\(token)")
            }
        }
        for key in body.names { #expect(!["link_names", "parse"].contains(key)) }
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
        let body = String(decoding: request.body, as: UTF8.self)
        for secret in ["xxxxxxxx", "auth_token", "whsec_"] { #expect(!body.contains(secret)) }
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
