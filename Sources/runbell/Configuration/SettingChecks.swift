import Foundation
import Logging
import Notifications
import OutboundMail

/// Validates values of settings. Each function returns an error or nil.
enum SettingChecks {
    static func number(_ text: String) -> String? {
        Int64(text) == nil ? "Must be a whole number." : nil
    }

    static func count(_ text: String) -> String? {
        Int(text).map { (1...1_000_000).contains($0) } == true ? nil : "Must be a whole number from 1 to 1000000."
    }

    /// Only the service can tell whether a key is valid; a wrong one must not keep `watch` from its load test.
    static func key(_ text: String) -> String? {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? nil : "Must have no spaces and only ASCII characters."
    }

    static func flag(_ text: String) -> String? {
        text == "true" || text == "false" ? nil : "Must be true or false."
    }

    static func tags(_ text: String) -> String? {
        let tags = WatchPlan.tags(text)
        guard tags.count <= RunContext.mostTags else { return "Must be at most \(RunContext.mostTags) tags." }
        return tags.lazy.compactMap(RunContext.error(inTag:)).first
    }

    static func logLevel(_ text: String) -> String? {
        let levels = Logger.Level.allCases.map(\.rawValue)
        return levels.contains(text) ? nil : "Must be one of \(levels.joined(separator: ", "))."
    }

    static func address(_ text: String) -> String? {
        guard let url = URL(string: text), url.scheme == "http" || url.scheme == "https", url.host()?.isEmpty == false
        else {
            return "Must be a URL, such as https://runbell.example.com."
        }
        return nil
    }

    /// Scheme, host and port, as browsers send them in `Origin`.
    static func origin(_ text: String) -> String? {
        let form = /https?:\/\/[a-z0-9.\-]+(:[0-9]{1,5})?|https?:\/\/\[[0-9a-f:]+\](:[0-9]{1,5})?/
        return text.wholeMatch(of: form) == nil
            ? "Must be a scheme and a host in lower case, without a path, such as https://runbell.example.com." : nil
    }

    /// Comma-separated names without ports.
    static func hosts(_ text: String) -> String? {
        let form = /[A-Za-z0-9]([A-Za-z0-9._\-]*[A-Za-z0-9])?(,[A-Za-z0-9]([A-Za-z0-9._\-]*[A-Za-z0-9])?)*/
        return text.wholeMatch(of: form) == nil
            ? "Must be comma-separated host names without ports, such as runbell,runbell.internal." : nil
    }

    /// The egress policy validates its own values.
    static func egress(
        allow: String? = nil, http: String? = nil, ports: String? = nil
    ) -> String? {
        error { () throws(InvalidInput) in _ = try EgressPolicy(allow: allow, http: http, ports: ports) }
    }

    static func slackHosts(_ text: String) -> String? {
        error { () throws(InvalidInput) in _ = try ServiceHosts(reading: nil, slack: text) }
    }

    static func serviceHosts(_ text: String) -> String? {
        error { () throws(InvalidInput) in _ = try ServiceHosts(reading: text) }
    }

    static func smtp(url: String) -> String? {
        error { () throws(InvalidInput) in _ = try MailRelay(url: url) }
    }

    static func smtp(from text: String) -> String? {
        MailAddress(text) == nil ? "Must be a plain mail address, such as runbell@example.com." : nil
    }

    private static func error(in reading: () throws(InvalidInput) -> Void) -> String? {
        do throws(InvalidInput) {
            try reading()
            return nil
        } catch {
            return error.errors.map(\.message).joined(separator: " ")
        }
    }
}
