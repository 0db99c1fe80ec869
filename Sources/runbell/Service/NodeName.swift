import Foundation
import Notifications
import Repository

/// What this process is called among those that share a database: as configured, or by a name that is made at the first
/// start and kept in the data folder, so that a restart reclaims at once what the process before it held.
enum NodeName {
    static func node(of plan: ServicePlan) throws(CommandFailure) -> Node {
        guard case .postgres = plan.database else { return Node(id: Node.only, host: host, version: Version.current) }
        let id = if let node = plan.node { node } else { try kept(in: plan.folder) }
        return Node(id: id, host: host, version: Version.current)
    }

    static func error(in text: String) -> String? {
        text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]{0,62}/) == nil || text == Node.only
            ? "Must be up to 63 letters, digits, dots, hyphens and underscores, and not \(Node.only)." : nil
    }

    private static var host: String { String(ProcessInfo.processInfo.hostName.prefix(bytes: 255)) }

    private static func kept(in folder: DataFolder) throws(CommandFailure) -> String {
        if let name = try PrivateFile.read(folder.node) {
            guard error(in: name) == nil else {
                throw CommandFailure(
                    .refused, "\(folder.node) does not hold the name of a node; remove it for a new one")
            }
            return name
        }
        let name = "node-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try PrivateFile.write(folder.node, name)
        return name
    }
}
