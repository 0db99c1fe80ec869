import Foundation

/// What the values of settings must look like. Each gives what is wrong, or nil.
enum SettingChecks {
    static func number(_ text: String) -> String? {
        Int64(text) == nil ? "a whole number is expected" : nil
    }

    static func flag(_ text: String) -> String? {
        text == "true" || text == "false" ? nil : "true or false is expected"
    }

    static func ports(_ text: String) -> String? {
        let ports = items(of: text).map { Int($0) ?? 0 }
        return ports.allSatisfy((1...65535).contains) ? nil : "ports from 1 to 65535 are expected, with commas between them"
    }

    static func networks(_ text: String) -> String? {
        let wrong = items(of: text).first { !isNetwork($0) }
        return wrong.map { "\($0) is no network; 127.0.0.0/8 or fd00::/8 would be one" }
    }

    static func hosts(_ text: String) -> String? {
        let wrong = items(of: text).first { $0.wholeMatch(of: /[A-Za-z0-9.-]+(:[0-9]{1,5})?/) == nil }
        return wrong.map { "\($0) is no host, or host and port" }
    }

    static func address(_ text: String) -> String? {
        guard let url = URL(string: text), url.scheme == "http" || url.scheme == "https", url.host()?.isEmpty == false else {
            return "an address is expected, say https://runbell.example.com"
        }
        return nil
    }

    /// The parts between commas, without the white space around them.
    static func items(of text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    private static func isNetwork(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let address = parts.first, parts.count <= 2 else { return false }
        var bytes = in6_addr()
        let isVersion6 = address.contains(":")
        guard inet_pton(isVersion6 ? AF_INET6 : AF_INET, address, &bytes) == 1 else { return false }
        guard parts.count == 2 else { return true }
        return Int(parts[1]).map { (0...(isVersion6 ? 128 : 32)).contains($0) } ?? false
    }
}
