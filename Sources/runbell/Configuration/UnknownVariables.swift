import Notifications

/// Variables that begin with `RUNBELL_` and are not settings.
enum UnknownVariables {
    private static let prefix = "RUNBELL_"
    private static let known = Setting.all.map(\.environment) + ["RUNBELL_CONFIG"]

    /// Their names.
    static func all(in environment: [String: String]) -> [String] {
        environment.keys.filter { name in
            name.startsWithBytes(of: prefix) && !known.contains { $0.sameBytes(as: name) }
        }.sorted()
    }

    /// Those that somebody probably mistyped, a sentence each. Others may be somebody else's: Kubernetes sets
    /// `RUNBELL_SERVICE_HOST` and `RUNBELL_PORT` where a service is called Runbell.
    static func warnings(about environment: [String: String]) -> [String] {
        let words = known.map(short)
        return all(in: environment).filter { !isOfKubernetes($0) }.compactMap { name in
            NearestWord.find(short(name), among: words).map {
                "\(name.printable) is set but is not a setting. Did you mean \(prefix)\($0)?"
            }
        }
    }

    /// Without the beginning that all have: it would make all of them alike.
    private static func short(_ name: String) -> String {
        String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    /// https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
    private static func isOfKubernetes(_ name: String) -> Bool {
        let word = short(name)
        return word.sameBytes(as: "SERVICE_HOST") || word.startsWithBytes(of: "SERVICE_PORT")
            || word.startsWithBytes(of: "PORT")
    }
}
