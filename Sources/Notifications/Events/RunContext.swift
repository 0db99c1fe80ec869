/// Where a run comes from: the optional fields of an event beside the documented nine. The original web hook never
/// sends them.
package struct RunContext: Equatable, Sendable {
    /// The run's page: a CI job, or the load test tool's report. Notifications link to it.
    package var runURL: String?
    /// The full hash of the commit that is tested, in hexadecimal.
    package var commit: String?
    /// `acme/shop`, or a longer path.
    package var repository: String?
    package var branch: String?
    /// What is tested: `staging`.
    package var environment: String?
    package var tags: [String] = []

    package static let none = RunContext()

    package init() {}
}

extension RunContext {
    /// The maximum number of tags, and the length of one in bytes of UTF-8.
    package static let mostTags = 20
    package static let tagBytes = 50

    /// The fields that are texts. The raw value is the name in the API.
    package enum Key: String, CaseIterable, Sendable {
        case runURL = "run_url"
        case commit, repository, branch, environment

        /// The maximum length in bytes of UTF-8.
        package var bytes: Int {
            switch self {
            case .runURL: 2000
            case .commit: 64
            case .repository, .branch: 255
            case .environment: 100
            }
        }
    }

    package subscript(_ key: Key) -> String? {
        get { self[keyPath: key.path] }
        set { self[keyPath: key.path] = newValue }
    }

    /// What is wrong with a field's text, as a whole sentence; nil if it is fine.
    package static func error(in text: String, of key: Key) -> String? {
        if let error = LineText.error(in: text, bytes: key.bytes) { return error }
        return switch key {
        case .runURL where !WebAddress.isLink(text):
            "Must be an address that begins with https:// or http://, without a user name or password."
        case .commit where !isHash(text): "Must be the full hash: 40 or 64 hexadecimal digits."
        default: nil
        }
    }

    /// What is wrong with a tag, as a whole sentence; nil if it is fine.
    package static func error(inTag text: String) -> String? { LineText.error(in: text, bytes: tagBytes) }

    /// SHA-1 or SHA-256.
    private static func isHash(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count) && text.utf8.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
    }
}

extension RunContext.Key {
    fileprivate var path: WritableKeyPath<RunContext, String?> {
        switch self {
        case .runURL: \.runURL
        case .commit: \.commit
        case .repository: \.repository
        case .branch: \.branch
        case .environment: \.environment
        }
    }
}
