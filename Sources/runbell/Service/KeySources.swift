import Foundation
import Notifications

/// Where the master key and the operator's key come from, if not from the data folder: nodes that share a database need
/// the same ones.
struct KeySources: Sendable {
    enum Source: Sendable {
        /// A file of the operator's.
        case file(String)
        /// A credential that systemd has opened for this service alone (systemd.exec(5), `LoadCredential=`).
        case credential(String)
        /// The output of a shell command.
        case command(String)
    }

    var master: Source?
    var operatorKey: Source?

    /// The settings come before a credential.
    init(
        _ settings: Settings, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) {
        let (file, command) = (settings.text(.masterKeyFile), settings.text(.masterKeyCommand))
        guard file == nil || command == nil else {
            throw CommandFailure(.refused, "RUNBELL_MASTER_KEY_FILE and RUNBELL_MASTER_KEY_COMMAND exclude each other")
        }
        master =
            file.map(Source.file) ?? command.map(Source.command) ?? Self.credential("runbell.master-key", environment)
        operatorKey =
            settings.text(.operatorKeyFile).map(Source.file) ?? Self.credential("runbell.operator-key", environment)
    }

    init() {}

    private static func credential(_ name: String, _ environment: [String: String]) -> Source? {
        guard let folder = environment["CREDENTIALS_DIRECTORY"], !folder.isEmpty else { return nil }
        let path = folder + "/" + name
        return FileManager.default.fileExists(atPath: path) ? .credential(path) : nil
    }
}

extension KeySources.Source {
    /// For people.
    var shown: String {
        switch self {
        case .file(let path), .credential(let path): path
        case .command: "the output of RUNBELL_MASTER_KEY_COMMAND"
        }
    }

    func read() throws(CommandFailure) -> String {
        switch self {
        case .file(let path):
            guard let text = try PrivateFile.read(path, forGroup: true) else {
                throw CommandFailure(.refused, "\(path) is missing")
            }
            return text
        case .credential(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure(.refused, "\(path) cannot be read")
            }
            return Self.text(data)
        case .command(let command): return Self.text(try KeyCommand(text: command).output())
        }
    }

    private static func text(_ data: Data) -> String {
        String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
