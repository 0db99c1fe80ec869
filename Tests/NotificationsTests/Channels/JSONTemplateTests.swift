import Foundation
import Notifications
import Testing

@Suite struct JSONTemplateTests {
    private static func settings(_ template: String?) -> ChannelSettings {
        var settings = Samples.webHook(.template)
        settings["template"] = template.map(JSONValue.string)
        return settings
    }

    private static func errors(_ template: String?) -> [ValidationError] {
        WebHook().errors(in: settings(template))
    }

    private static func body(_ template: String, _ content: EventContent) -> [UInt8] {
        WebHook().message(for: Samples.notice(content, runLink: Samples.runLink), settings: settings(template)).body
    }

    private static let name = #"a", "admin": true, "b": "\" {{status}} 😀"#
    private static let hostile = EventContent.testFinished(Samples.run(.failedThreshold, name: name))

    @Test func aValueCannotLeaveItsText() throws {
        let body = Self.body(#"{"t": "<{{name}}>", "n": "{{name}}"}"#, Self.hostile)
        let found = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: String])
        #expect(found == ["t": "<\(Self.name)>", "n": Self.name])
    }

    @Test func aPlaceholderAloneKeepsItsType() throws {
        let body = try JSONValue.parse(
            Self.body(#"{"a": "{{status}}", "b": "{{ status }}!", "c": "{{run_link}}"}"#, Self.hostile))
        #expect(body == ["a": 12, "b": "12!", "c": .string(Samples.runLink)])
        let none = try JSONValue.parse(Self.body(#"{"a": "{{status}}", "b": "{{status}}!"}"#, .testNotificationChannel))
        #expect(none == ["a": nil, "b": "!"])
    }

    @Test func everyPlaceholderHasAValueForARunOrAnAlert() throws {
        let run = try JSONValue.parse(Self.body(Samples.template, Self.hostile))
        let alert = try JSONValue.parse(Self.body(Samples.template, Samples.alert(.disabled)))
        #expect(alert["what"]?.array?.last == "Build <alerts>" && run["what"]?.array?.last == .null)
        #expect(run["run"]?.object?.members.allSatisfy { $0.value != .null } == true)
    }

    @Test func aSmallTemplateCannotMakeAHugeBody() {
        let content = EventContent.testFinished(
            Samples.run(.finished, name: String(repeating: "\u{FFFD}\"", count: 2500)))
        let texts = [String](repeating: #""{{name}}""#, count: 50).joined(separator: ",")
        let template = #"{"all": [\#(texts)]}"#
        #expect(Self.errors(template).isEmpty)
        #expect(Self.body(template, content).count < 200_000)
        #expect(!Self.errors(#"{"all": ["{{name}}",\#(texts)]}"#).isEmpty)
    }

    @Test(
        arguments: [
            nil, "", "no JSON", "[]", "\"{{name}}\"", "{\"a\": {{status}}}", #"{"a": "{{secret}}"}"#, #"{"a": "{{}}"}"#,
            #"{"a": "{{name"}"#, #"{"{{name}}": 1}"#, #"{"a": 1, "a": 2}"#,
            #"{"a": "{% if name %}{{nam}}{% endif %}"}"#,
            #"{"a": ["b", {"c": "{{x y}}"}]}"#, #"{"a": "{{NAME}}"}"#, #"{"a": 1} trailing"#,
        ] as [String?])
    func whatIsNoTemplateIsRefusedWithASentence(_ template: String?) {
        let errors = Self.errors(template)
        #expect(errors.map(\.field) == ["template"])
        #expect(errors.allSatisfy { $0.message.isSentence })
    }

    @Test(arguments: [#"{}"#, #"{"a": "}} {"}"#, #"{"a": "{% if %}"}"#, Samples.template])
    func templatesAreTaken(_ template: String) { #expect(Self.errors(template).isEmpty) }

    @Test func itIsCheckedWhenAChannelIsSaved() throws {
        let policy = EgressPolicy()
        func read(_ template: String) throws(InvalidInput) -> ChannelDraft {
            let draft: JSONValue = [
                "kind": "webhook", "name": "x",
                "settings": ["url": "https://ci.example.org/", "format": "template", "template": .string(template)],
            ]
            return try ChannelDraft(reading: draft, kinds: .standard(), policy: policy)
        }
        let error = #expect(throws: InvalidInput.self) { try read("{\"a\": {{name}}}") }
        #expect(error?.errors.map(\.field) == ["settings.template"])
        #expect(try read("{\"a\":\r\n\t\"{{name}}\"}").settings.text("template") == "{\"a\":\n\t\"{{name}}\"}")
        #expect(throws: InvalidInput.self) { try read("{\"a\": \"\u{202E}\"}") }
        #expect(throws: InvalidInput.self) { try read("{\"a\": \"\u{7}\"}") }
    }
}
