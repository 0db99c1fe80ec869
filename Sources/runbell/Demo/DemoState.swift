import Notifications

/// What the demo needs at its next start, in the data folder, readable by its owner only.
struct DemoState: Equatable, Sendable {
    /// Where the receiver was.
    var receiverPort: Int
    /// The web hook's signing secret, so that the receiver can check signatures.
    var secret: String
    /// The ids of the saved channels, by kind.
    var channels: [String: String] = [:]

    init(receiverPort: Int, secret: String) {
        self.receiverPort = receiverPort
        self.secret = secret
    }

    /// Nil if there is none yet.
    init?(reading folder: DataFolder) throws(CommandFailure) {
        guard let text = try PrivateFile.read(folder.demoState) else { return nil }
        guard let value = try? JSONValue.parse(text.utf8), let port = value["receiver_port"]?.integer,
            let secret = value["secret"]?.string, let channels = value["channels"]?.object
        else { throw CommandFailure(.refused, "\(folder.demoState) is damaged; remove it to set up the demo again") }
        self.init(receiverPort: Int(port), secret: secret)
        for member in channels.members { self.channels[member.key] = member.value.string }
    }

    func save(in folder: DataFolder) throws(CommandFailure) {
        let members = channels.sorted { $0.key < $1.key }.map {
            JSONObject.Member(key: $0.key, value: .string($0.value))
        }
        let value: JSONValue = [
            "receiver_port": .integer(Int64(receiverPort)), "secret": .string(secret),
            "channels": .object(JSONObject(members)),
        ]
        try PrivateFile.write(folder.demoState, value.compactText)
    }
}

extension DataFolder {
    var demoState: String { path + "/demo.json" }
    var ownerKey: String { path + "/owner.key" }
    var schedulerKey: String { path + "/scheduler.key" }
    var demoScript: String { path + "/demo.js" }
}
